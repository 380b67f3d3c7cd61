import type { ContextSave, StoredContext, TurnRecord } from '../ports/memory-store.ts';
import type { ContextMessage, SummaryMessage } from './context.ts';
import { lackedBy, owingNothing, unansweredOf } from './context.ts';
import type { Inheritance } from './inbox.ts';

/**
 * What a talk remembers, and how much of that is saved. A value: a save sends the ledger as it is at
 * that moment, its acknowledgement takes that same ledger off the one that has grown meanwhile.
 */
export interface Ledger {
  /** Newest last. */
  readonly messages: readonly ContextMessage[];
  /** Where the messages begin that this bot added. */
  readonly ownFrom: number;
  /** Messages of this bot that no save has acknowledged, oldest first. */
  readonly unsaved: readonly ContextMessage[];
  /** Books of replies that no save has acknowledged, oldest first. */
  readonly turns: readonly TurnRecord[];
  /** Inbox rows up to this id are among the messages, and no save has acknowledged that. */
  readonly inboxThrough: number | undefined;
  /** Grows by one with each change. */
  readonly version: number;
  /** The newest version that was acknowledged. */
  readonly savedVersion: number;
}

/** What a long outage of the database may pile up; beyond it the oldest go. */
const MAX_UNSAVED = 500;
const MAX_TURNS = 500;

/** Goes on with what is stored. */
export function openLedger(stored: StoredContext | undefined): Ledger {
  const { messages, version } = stored ?? { messages: [], version: 0 };
  return {
    messages,
    ownFrom: messages.length,
    unsaved: [],
    turns: [],
    inboxThrough: undefined,
    version,
    savedVersion: version,
  };
}

/** With one more message. */
export function append(ledger: Ledger, message: ContextMessage): Ledger {
  const unsaved = [...ledger.unsaved, message].slice(-MAX_UNSAVED);
  return changed(ledger, { unsaved, messages: [...ledger.messages, message] });
}

/** With the books of one more reply. */
export function record(ledger: Ledger, turn: TurnRecord): Ledger {
  return changed(ledger, { turns: [...ledger.turns, turn].slice(-MAX_TURNS) });
}

/**
 * With what former bots left in the inbox, before all that this one added. Unless the talk
 * `goesOn`, none of what was said before is owed an answer any more.
 */
export function inherit(ledger: Ledger, left: Inheritance, goesOn: boolean): Ledger {
  const { messages, ownFrom, inboxThrough } = ledger;
  const [former, own] = [messages.slice(0, ownFrom), messages.slice(ownFrom)];
  const whole = [...former, ...lackedBy(messages, left.messages)];
  const forgives = !goesOn && unansweredOf(whole).length > 0;
  if (left.through === undefined && !forgives) return ledger;
  return changed(ledger, {
    inboxThrough: left.through ?? inboxThrough,
    ownFrom: whole.length,
    messages: [...(forgives ? owingNothing(whole) : whole), ...own],
  });
}

/** With a summary in the place of the oldest `count` messages. */
export function summarize(ledger: Ledger, count: number, summary: SummaryMessage): Ledger {
  return changed(ledger, {
    messages: [summary, ...ledger.messages.slice(count)],
    ownFrom: Math.max(1, ledger.ownFrom - count + 1),
  });
}

/** The ledger after a save of `sent`, an earlier state of it, was acknowledged. */
export function acknowledge(ledger: Ledger, sent: Ledger): Ledger {
  const { inboxThrough } = ledger;
  return {
    ...ledger,
    savedVersion: sent.version,
    unsaved: without(ledger.unsaved, sent.unsaved),
    turns: without(ledger.turns, sent.turns),
    // More may have come out of the inbox since.
    inboxThrough: inboxThrough === sent.inboxThrough ? undefined : inboxThrough,
  };
}

/** Whether everything is saved. */
export function isSaved({ version, savedVersion }: Ledger): boolean {
  return version === savedVersion;
}

/** What a save of it says: the whole memory, and the news since the last acknowledged save. */
export function contentOf(
  ledger: Ledger,
): Pick<ContextSave, 'version' | 'messages' | 'turns' | 'inboxThrough'> {
  const { version, messages, turns, inboxThrough } = ledger;
  return { version, messages, turns, ...(inboxThrough !== undefined && { inboxThrough }) };
}

function changed(ledger: Ledger, changes: Partial<Ledger>): Ledger {
  return { ...ledger, ...changes, version: ledger.version + 1 };
}

function without<T>(all: readonly T[], gone: readonly T[]): readonly T[] {
  const those = new Set(gone);
  return all.filter((one) => !those.has(one));
}
