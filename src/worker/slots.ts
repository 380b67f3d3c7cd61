import type { RunningBot } from '../ports/bot.ts';
import type { Lease } from './lease.ts';

/** A place for one bot; freeing it twice is harmless. */
export interface Slot extends Disposable {
  /** Puts a running bot into the place, the first or one after another. */
  occupy(occupant: Occupant): void;
}

/** A bot at work in this process. */
export interface Occupant {
  readonly bot: RunningBot;
  readonly lease: Lease;
  /** When it took its place, in ms since 1970. */
  readonly since: number;
}

/** The one owner of the truth about capacity: what is taken, by whom, and when a place is free. */
export interface Slots {
  /** Resolves with a place, taken, as soon as one is free; `undefined` when the signal aborts. */
  take(signal: AbortSignal): Promise<Slot | undefined>;
  /** Bots at work, by room. */
  occupants(): ReadonlyMap<string, Occupant>;
  /** Places without a bot, the one included that the next message is received for. */
  free(): number;
  /** Places that had a bot so far. */
  served(): number;
  /** Resolves when nothing is taken. */
  empty(): Promise<void>;
}

/** Makes `capacity` places. */
export function makeSlots(capacity: number): Slots {
  const occupants = new Map<string, Occupant>();
  const waiting = new Set<() => void>();
  const emptied = new Set<() => void>();
  let taken = 0;
  let served = 0;
  const give = (): Slot => {
    taken += 1;
    let mine: Occupant | undefined;
    let freed = false;
    return {
      occupy(occupant) {
        if (mine === undefined) served += 1;
        mine = occupant;
        occupants.set(occupant.bot.room, occupant);
      },
      [Symbol.dispose]() {
        if (freed) return;
        freed = true;
        taken -= 1;
        if (mine !== undefined && occupants.get(mine.bot.room) === mine)
          occupants.delete(mine.bot.room);
        const [next] = waiting;
        next?.();
        if (taken === 0) emptied.forEach((done) => done());
      },
    };
  };
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      if (taken < capacity) return Promise.resolve(give());
      return new Promise((resolve) => {
        const end = (slot: Slot | undefined): void => {
          waiting.delete(onFree);
          signal.removeEventListener('abort', onAbort);
          resolve(slot);
        };
        const onFree = (): void => end(give());
        const onAbort = (): void => end(undefined);
        waiting.add(onFree);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
    occupants: () => occupants,
    free: () => capacity - occupants.size,
    served: () => served,
    empty: () => (taken === 0 ? Promise.resolve() : new Promise((resolve) => emptied.add(resolve))),
  };
}
