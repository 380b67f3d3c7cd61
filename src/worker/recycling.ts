import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Slots } from './slots.ts';
import { runWheel } from './wheel.ts';

export interface RecyclingDeps {
  readonly slots: Pick<Slots, 'served'>;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Resident memory of the process, in MB. */
  readonly rssMb: () => number;
}

export interface RecyclingSettings {
  /** Drain after so many rooms; 0: never. */
  readonly recycleAfterRooms: number;
  /** Drain above this memory; 0: never. */
  readonly recycleRssMb: number;
}

const LOOK_EVERY_MS = 5_000;

/** Calls `wornOut` once the process has served its rooms or grown too large, until `signal` aborts. */
export async function watchWear(
  deps: RecyclingDeps,
  { recycleAfterRooms, recycleRssMb }: RecyclingSettings,
  wornOut: () => void,
  signal: AbortSignal,
): Promise<void> {
  const look = (): number => {
    const served = recycleAfterRooms > 0 && deps.slots.served() >= recycleAfterRooms;
    const swollen = recycleRssMb > 0 && deps.rssMb() > recycleRssMb;
    if (served || swollen) wornOut();
    return LOOK_EVERY_MS;
  };
  await runWheel(deps, LOOK_EVERY_MS, look, signal);
}
