import { castMira } from '../../dev/cast.ts';
import { openStack } from '../../dev/stack.ts';
import type { Stack } from '../../dev/stack.ts';
import { openActivations } from './activations.ts';
import { openGuests } from './guests.ts';
import type { Guests } from './guests.ts';
import { startMeasuredWorker } from './measured-worker.ts';
import type { MeasuredWorker, WorkerEvent } from './measured-worker.ts';
import { openOuts } from './outs.ts';
import type { Outs } from './outs.ts';
import { isUsableBot, openSightBook } from './sight-book.ts';
import type { SightBook } from './sight-book.ts';
import { openTroubles } from './troubles.ts';
import type { Troubles } from './troubles.ts';

/** Variables on top of those that lead to the stack. */
export type Environment = Readonly<Record<string, string>>;

/** How a room's talk is held. */
export type TalkMode = 'text' | 'voice';

/** Where a bench plays in which guests both write and speak, in rooms of either mode. */
export interface MixedScene extends AsyncDisposable {
  readonly stack: Stack;
  readonly guests: Guests;
  readonly sights: SightBook;
  /** Warnings and errors that the workers logged. */
  readonly troubles: Troubles;
  readonly outs: Outs;
  /** `see` gets each event of its log. */
  startWorker(env: Environment, see?: (event: WorkerEvent) => void): Promise<MeasuredWorker>;
  /** A guest enters, and a bot is asked for. */
  call(room: string, mode: TalkMode): Promise<void>;
  /** The same, until the bot can be talked with. Throws where it does not come. */
  fill(room: string, mode: TalkMode): Promise<void>;
}

/** The pace of the simulated model, as in every bench: 200 ms, then 10 ms a token. */
const PACE = { firstTokenMs: 200, perTokenMs: 10 };
/** Bots leave with their guest; nothing is summarized, so that every turn can be found again. */
export const TALK = { IDLE_TIMEOUT_MS: '0', DEPARTURE_GRACE_MS: '0', CONTEXT_TOKENS: '1000000' };
const LIMIT_MS = 60_000;

export async function openMixedScene(): Promise<MixedScene> {
  await using opening = new AsyncDisposableStack();
  const [sights, troubles, outs] = [openSightBook(), openTroubles(), openOuts()];
  const stack = opening.use(await openStack({ llm: { latency: PACE } }));
  const activations = opening.use(openActivations(stack.env));
  const guests = opening.use(openGuests(stack.env, sights.tell));
  const opened = opening.move();
  const call: MixedScene['call'] = async (room, mode) => {
    await castMira(stack.database, room);
    await guests.enter(room, mode === 'voice');
    await activations.send(room, mode);
  };
  return {
    stack,
    guests,
    sights,
    troubles,
    outs,
    startWorker: async (env, see) =>
      await startMeasuredWorker({ ...stack.env, ...TALK, ...env }, (event) => {
        troubles.see(event);
        outs.see(event);
        see?.(event);
      }),
    call,
    async fill(room, mode) {
      await call(room, mode);
      const bot = await sights.next(room, 0, isUsableBot, LIMIT_MS);
      if (bot === undefined) throw new Error(`no bot came into ${room} within ${LIMIT_MS} ms`);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
