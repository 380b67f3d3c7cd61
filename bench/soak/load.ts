import { setTimeout as sleep } from 'node:timers/promises';
import type { MixedScene, TalkMode } from '../lib/mixed-scene.ts';
import { keepTalking } from '../lib/talker.ts';

/** What came of the load. */
export interface Served {
  rooms: number;
  /** Rooms into which no bot came within a minute. */
  roomsWithoutBot: number;
  turns: number;
  unanswered: number;
}

/** How long a guest stays and talks: this long, and up to twice as much. */
const STAY_MS = 20_000;
/** Between a guest and the next one on the same seat, up to as long. */
const PAUSE_MS = 3_000;

/**
 * Keeps so many rooms of each mode busy until `over` aborts: into each, a guest comes, talks, and goes,
 * and then another one into a new room. Counts into `served` as it goes.
 */
export async function keepBusy(
  scene: MixedScene,
  seats: Readonly<Record<TalkMode, number>>,
  served: Served,
  over: AbortSignal,
): Promise<void> {
  const modes = (['text', 'voice'] as const).flatMap((mode) =>
    Array.from({ length: seats[mode] }, () => mode),
  );
  await Promise.all(modes.map((mode, seat) => useSeat(scene, { mode, seat }, served, over)));
}

async function useSeat(
  scene: MixedScene,
  { mode, seat }: { readonly mode: TalkMode; readonly seat: number },
  served: Served,
  over: AbortSignal,
): Promise<void> {
  for (let guest = 1; !over.aborted; guest += 1) {
    await sleep(PAUSE_MS * Math.random());
    const room = `soak-${mode}-${seat}-${guest}`;
    served.rooms += 1;
    try {
      await scene.fill(room, mode);
      const stay = AbortSignal.any([
        over,
        AbortSignal.timeout(Math.round(STAY_MS * (1 + Math.random()))),
      ]);
      const asked = await keepTalking(scene, room, mode, stay);
      served.turns += asked.length;
      served.unanswered += asked.filter(({ answered }) => !answered).length;
    } catch (error) {
      served.roomsWithoutBot += 1;
      console.error(`soak: ${String(error)}`);
    }
    await scene.guests.leave(room);
    scene.sights.forget(room);
  }
}
