import type { Observation, Observe } from '../ports/observe.ts';
import { traceOfHandover, traceOfTurn } from './trace-ids.ts';
import type { TraceIds } from './trace-ids.ts';
import { spansOfTurn } from './turn-spans.ts';
import type { SpanPlan, TurnFacts } from './turn-spans.ts';

/** A whole trace, or our part of it, when it is over. */
export interface TracePlan {
  readonly traceId: string;
  /** Of the first span, where others have to know it. */
  readonly spanId?: string;
  /** The first one holds the others. */
  readonly spans: readonly [SpanPlan, ...SpanPlan[]];
  /** The handover by which the room came here. */
  readonly link?: TraceIds | undefined;
}

/** Turns under way, and rooms that came by a handover, that are remembered at most; the oldest goes. */
const MOST = 2_000;

type Draft = { -readonly [K in keyof TurnFacts]?: TurnFacts[K] } & Pick<
  TurnFacts,
  'session' | 'turnId'
> & { calls: TurnFacts['calls'] };

/**
 * Gathers what is told of each turn and tells it as a trace, after the fact: once, be it that several
 * replies were begun to it. One that was cut before the room had a word of it leaves its turn owed to
 * the next, of the same turn or of a later one that answers both.
 */
export function openTurnBook(now: () => number, tell: (trace: TracePlan) => void): Observe {
  const turns = new Map<string, Draft>();
  const arrivals = new Map<string, number>();

  function end(session: string, turnId: string): void {
    const ended = turns.get(keyOf(session, turnId));
    if (ended?.finished === undefined || isOwed(ended.finished)) return;
    for (const one of turns.values()) if (one !== ended && one.session === session) tellTurn(one);
    tellTurn(ended);
  }

  /** Of one whose reply has ended, nothing more is to come. */
  function tellTurn({ session, turnId, committedAt, timed, calls, finished }: Draft): void {
    if (finished === undefined) return;
    turns.delete(keyOf(session, turnId));
    const { room } = finished;
    const generation = arrivals.get(session);
    arrivals.delete(session);
    tell({
      traceId: traceOfTurn(session, turnId),
      spans: spansOfTurn({ session, room, turnId, committedAt, timed, calls, finished }),
      link: generation === undefined ? undefined : traceOfHandover(session, generation),
    });
  }

  function learn(session: string, turnId: string, one: Observation): void {
    const key = keyOf(session, turnId);
    const draft: Draft = turns.get(key) ?? { session, turnId, calls: [] };
    if (one.type === 'turn-committed') draft.committedAt = one.at;
    else if (one.type === 'usage') draft.calls = [...draft.calls, one];
    else if (one.type === 'reply-timed') draft.timed = one;
    else if (one.type === 'reply-finished') draft.finished = one;
    else return;
    remember(turns, key, draft);
  }

  function learnOfTurn(session: string, turnId: string, one: Observation): void {
    if (one.type === 'turn-dropped') return void turns.delete(keyOf(session, turnId));
    // A draft in vain does not end its turn.
    if (one.type === 'reply-finished' && one.end === 'unused') return;
    learn(session, turnId, one);
    // The times of a spoken reply are told in the same moment, behind its end.
    if (one.type === 'reply-finished') queueMicrotask(() => end(session, turnId));
  }

  return (one) => {
    const { session } = one;
    if (session === undefined) return;
    if (one.type === 'handover-sent') tell(handover(session, one, now()));
    if (one.type === 'bot-started' && one.arrival === 'handover') {
      remember(arrivals, session, one.generation);
    }
    if ('turnId' in one && one.turnId !== undefined) learnOfTurn(session, one.turnId, one);
  };
}

/** As `troupe_turns_total` has it. */
function isOwed({ end, firstSegmentMs }: TurnFacts['finished']): boolean {
  return end === 'interrupted' && firstSegmentMs === undefined;
}

function handover(
  session: string,
  { room, generation, tookMs }: Extract<Observation, { readonly type: 'handover-sent' }>,
  at: number,
): TracePlan {
  const attributes = {
    'gen_ai.conversation.id': session,
    'troupe.room': room,
    'troupe.generation': generation,
  };
  const span = {
    name: 'handover',
    kind: 'internal',
    from: at - tookMs,
    to: at,
    attributes,
  } as const;
  return { ...traceOfHandover(session, generation), spans: [span] };
}

function keyOf(session: string, turnId: string): string {
  return JSON.stringify([session, turnId]);
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  known.delete(key);
  known.set(key, value);
  if (known.size <= MOST) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}
