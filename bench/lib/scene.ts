import { castMira } from '../../dev/cast.ts';
import { openStack } from '../../dev/stack.ts';
import type { Stack } from '../../dev/stack.ts';
import { openActivations } from './activations.ts';
import type { Activations } from './activations.ts';
import { startMeasuredWorker } from './measured-worker.ts';
import type { MeasuredWorker, WorkerEvent } from './measured-worker.ts';
import { openMoments } from './moments.ts';
import type { Moments } from './moments.ts';
import { questionIn } from './questions.ts';
import type { Sight } from './visitor-protocol.ts';
import { openVisitors } from './visitors.ts';
import type { Visitors } from './visitors.ts';

/**
 * Where a bench plays: the stack, a backend that asks for bots, visitors, and what happens to rooms by
 * name. Workers come on top. `moments` knows, each with its first time:
 *
 *     received MESSAGE-ID            a worker took the activation from the queue
 *     EVENT ROOM                     a worker's log line about a room: `room-joined r1`
 *     STATE ROOM N                   a visitor saw the room's N-th bot show it: `listening r1 1`
 *     gone ROOM N                    a visitor saw that bot go
 *     answer ROOM QUESTION           a visitor read the first line that speaks of the question
 */
export interface Scene extends AsyncDisposable {
  readonly stack: Stack;
  readonly activations: Activations;
  readonly visitors: Visitors;
  readonly moments: Moments;
  startWorker(env: Readonly<Record<string, string>>): Promise<MeasuredWorker>;
  /** Writes the rows of sessions that play the demo's character. */
  cast(rooms: readonly string[]): Promise<void>;
}

/** The pace of the simulated model, as in the measurements of peers: 200 ms, then 10 ms a token. */
const PACE = { firstTokenMs: 200, perTokenMs: 10 };

export async function openScene(): Promise<Scene> {
  await using opening = new AsyncDisposableStack();
  const moments = openMoments();
  const stack = opening.use(await openStack({ llm: { latency: PACE } }));
  const activations = opening.use(openActivations(stack.env));
  const visitors = opening.use(openVisitors(stack.env, makeSightTeller(moments)));
  const opened = opening.move();
  return {
    stack,
    activations,
    visitors,
    moments,
    startWorker: async (env) =>
      await startMeasuredWorker({ ...stack.env, ...env }, (event) => tellEvent(moments, event)),
    async cast(rooms) {
      for (const room of rooms) await castMira(stack.database, room);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function tellEvent(moments: Moments, { event, at, line }: WorkerEvent): void {
  const { room, messageId } = line;
  if (event === 'activation-received') moments.tell(`received ${String(messageId)}`, at);
  if (typeof room === 'string') moments.tell(`${event} ${room}`, at);
}

function makeSightTeller(moments: Moments): (sight: Sight) => void {
  const bots = new Map<string, string[]>();
  const nth = (room: string, sid: string): number => {
    const seen = bots.get(room) ?? [];
    if (!seen.includes(sid)) bots.set(room, [...seen, sid]);
    return (bots.get(room) ?? []).indexOf(sid) + 1;
  };
  return (sight) => {
    const { room, at } = sight;
    if (sight.what === 'state') moments.tell(`${sight.state} ${room} ${nth(room, sight.sid)}`, at);
    if (sight.what === 'gone') moments.tell(`gone ${room} ${nth(room, sight.sid)}`, at);
    const asked = sight.what === 'line' ? questionIn(sight.text) : undefined;
    if (asked !== undefined) moments.tell(`answer ${asked}`, at);
  };
}
