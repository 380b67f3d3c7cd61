import type { Character } from '../character/character.ts';
import { phraseFor } from '../character/phrases.ts';
import { openConversation } from '../conversation/conversation.ts';
import type { EventBody } from '../conversation/events.ts';
import { humansOf } from '../conversation/roster.ts';
import type { ConversationPolicy } from '../conversation/state.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { openScope } from '../lib/scope.ts';
import type { ContextMessage } from '../memory/context.ts';
import { turnIdsOf } from '../memory/context.ts';
import type { ContextWriter } from '../memory/context-writer.ts';
import { makeSummarizer } from '../memory/summarize.ts';
import type { EarSettings } from '../mode/ear.ts';
import type { BotLease, BotStatus, HandoverTicket } from '../ports/bot.ts';
import type { LeaseTable } from '../ports/lease-table.ts';
import type { Llm } from '../ports/llm.ts';
import type { Observe } from '../ports/observe.ts';
import type { Recordings } from '../ports/recordings.ts';
import type { ReplySettings } from '../reply/answer.ts';
import { makeCommands } from './commands.ts';
import { listen, peopleIn } from './ears.ts';
import type { Ending } from './ending.ts';
import { makeFixedLines } from './fixed-lines.ts';
import { openHandingOver } from './handing-over.ts';
import type { Inherited } from './inheritance.ts';
import type { KeptLink } from './kept-link.ts';
import { openModes } from './modes.ts';
import { recordTalk } from './recording.ts';
import type { LoadVoice, TalkMode } from './talk-voice.ts';

/** The rules of talks, the same in all rooms; a character's own come with it. */
export interface TalkSettings {
  readonly conversation: Omit<
    ConversationPolicy,
    'botName' | 'hasGreeting' | 'addressing' | 'voiceIds'
  >;
  readonly reply: ReplySettings;
  /** From leaving the bot's voice until it is heard, in ms. */
  readonly pathMs: number;
  readonly ears: Omit<EarSettings, 'language' | 'names'>;
  /** How a character talks where neither the message nor its row says. */
  readonly defaultMode: 'text' | 'voice';
}

export interface TalkDeps {
  readonly llm: Llm;
  readonly leases: Pick<LeaseTable, 'claimJoined'>;
  readonly loadVoice: LoadVoice;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  readonly settings: TalkSettings;
  /** Where talks are recorded; absent: none is. */
  readonly recordings?: Recordings | undefined;
}

/** Whose talk it is, and with what. */
export interface TalkParts {
  readonly character: Character;
  readonly chatLines: boolean;
  readonly lease: BotLease;
  readonly link: KeptLink;
  readonly mode: TalkMode;
  /** Whether the talk is to be recorded. */
  readonly record: boolean;
  readonly writer: ContextWriter;
}

/** The talk in one room, from arriving to leaving. */
export interface Talk extends AsyncDisposable {
  /** The memory is whole: from here on the bot answers, first the turns that are still owed it. */
  open(inherited: Inherited): void;
  /**
   * Finishes or cuts the reply and saves. From here on a turn is saved before its reply speaks.
   * @throws when the save does not get through in time; the talk goes on as before then.
   */
  prepareHandover(signal: AbortSignal): Promise<HandoverTicket>;
  /** There is no handover, or its successor came back to us. */
  goOn(): void;
  /** Cuts the reply, if the ending has not, and resolves when what was heard of it is kept. */
  finish(): Promise<void>;
  status(): BotStatus;
}

/**
 * The mouth answers a cut at once as a rule; the conversation waits 100 ms for it, and 500 ms for the
 * last words of whoever spoke when the link went.
 */
const FINISH_LIMIT_MS = 750;

/**
 * Opens the talk: the conversation, what it hears with, and the mouth and memory that carry out what
 * it decides. With the ending the reply is cut, in the same tick.
 */
export function openTalk(deps: TalkDeps, parts: TalkParts, ending: Ending): Talk {
  const { character, lease, link, writer } = parts;
  const life = openScope();
  const silent = Promise.withResolvers<void>();
  const post = (event: EventBody): void => conversation.post(event);
  const handover = openHandingOver({ clock: deps.clock, writer, post });
  const isLeaving = (): boolean => ending.signal.aborted || handover.isOn();
  const isAtRest = (): boolean => !isLeaving() && conversation.state().reply.kind === 'none';
  const modes = openModes({ ...deps, isLeaving, isAtRest }, parts, handover, post, life.signal);
  const { mode } = modes;
  const remember = openMemory(deps, parts, life.signal);
  const write = (text: string): void => mode.note(text);
  const sayLine = makeFixedLines({ ...deps, ...parts, write, joined }, life.signal);
  const execute = makeCommands({
    ...deps,
    link,
    mode,
    channelOf: modes.channelOf,
    remember,
    sayLine,
    wordsOf: (line) => phraseFor(line, character) ?? '',
    isHandingOver: handover.isOn,
    handoverReady: handover.ready,
    leave(reason) {
      silent.resolve();
      ending.end({ kind: 'left', reason });
    },
    failed: ending.fail,
  });
  const recorder = recordTalk(deps, parts, modes.policy);
  const tapped = { clock: deps.clock, ...(recorder && { tap: recorder.take }) };
  const conversation = openConversation(tapped, modes.policy, execute);
  tellRemembered();
  listen(deps, link, { post, gone: ending.end, modeAsked });
  ending.signal.addEventListener('abort', cut, { once: true });

  /** Before a client may send a line again that the bot before us got. */
  function tellRemembered(): void {
    const turnIds = turnIdsOf(writer.messages());
    if (turnIds.length > 0) post({ type: 'turns-remembered', turnIds });
  }

  function joined(): void {
    tellMissedVoice();
    post({ type: 'joined-said' });
  }

  async function modeAsked(name: 'text' | 'voice'): Promise<void> {
    await modes.switchTo(name);
    if (name === 'voice') tellMissedVoice();
  }

  function tellMissedVoice(): void {
    const now = modes.current();
    if (now.name === 'text' && now.missed) sayLine('text-only');
  }

  function cut(): void {
    const why = ending.reason();
    // With the lease the link goes too, in this very tick; it may be told after us.
    const isGone = why?.kind === 'lost' || !link.isUp();
    if (isGone) post({ type: 'link-lost' });
    post({ type: 'leave-requested', reason: why?.kind === 'closed' ? why.reason : 'stopped' });
    // The room is another's, or not to be reached: whatever still waits to be said is not said.
    if (isGone) life[Symbol.dispose]();
  }

  return {
    open({ unanswered, lastSeen }) {
      const people = peopleIn(link);
      // The grace of one who left while no bot looked runs from now; nobody else would end the talk.
      if (lastSeen !== undefined && humansOf(people).size === 0) {
        post({ type: 'person-joined', person: lastSeen });
        post({ type: 'person-left', identity: lastSeen.identity });
      }
      tellRemembered();
      post({ type: 'room-opened', people, unanswered });
      if (lease.hasMet()) tellMissedVoice();
    },
    async prepareHandover(signal) {
      await handover.prepare(signal);
      return { session: lease.session, characterId: character.id, mode: modes.wanted() };
    },
    goOn: handover.withdraw,
    async finish() {
      cut();
      const silence = withDeadline(deps.clock, FINISH_LIMIT_MS, () => silent.promise);
      await silence.catch(() => undefined);
    },
    status: () => ({
      phase: handover.isOn() ? 'handing-over' : 'talking',
      characterId: character.id,
      humans: humansOf(conversation.state().people.values()).size,
      mode: modes.current().name,
    }),
    async [Symbol.asyncDispose]() {
      await modes[Symbol.asyncDispose]();
      conversation[Symbol.dispose]();
      life[Symbol.dispose]();
      await recorder?.[Symbol.asyncDispose]();
    },
  };
}

/** What keeps a message, and the memory within its size. */
function openMemory(
  deps: TalkDeps,
  { character, writer }: TalkParts,
  signal: AbortSignal,
): (message: ContextMessage) => void {
  const { model, contextTokens } = deps.settings.reply;
  const size = { model: character.model ?? model, budgetTokens: contextTokens };
  const keepSize = makeSummarizer(deps, writer, size, signal);
  return (message) => {
    writer.append(message);
    keepSize();
  };
}
