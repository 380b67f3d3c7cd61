import { TroupeError } from '../../src/errors.ts';
import { unlessAborted } from '../../src/lib/abort.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { LeaseTable } from '../../src/ports/lease-table.ts';
import type { Queue } from '../../src/ports/queue.ts';

/** What a process has around it. */
export interface World {
  readonly clock: Clock;
  readonly queue: Queue;
  readonly leases: LeaseTable;
}

type Call = keyof Queue | keyof LeaseTable;

/** A process that can die, be cut off, and be held up. */
export interface Mortal {
  /** The world as the process sees it. */
  readonly world: World;
  /** It dies: nothing of it does anything any more. */
  kill(): void;
  isAlive(): boolean;
  /** It sleeps, as a paused machine does: time goes on without it until it wakes. */
  sleep(): void;
  wake(): void;
  isAsleep(): boolean;
  /** It is cut off from the queue, or reaches it again. */
  cut(isCut: boolean): void;
  /** It dies with its next call of this name, before that is done. */
  dieBefore(call: Call): void;
  /** Its next call of this name waits until the promise that is returned is resolved. */
  holdUp(call: Call): PromiseWithResolvers<void>;
}

/** A call that is held up ends with its signal all the same. */
async function unlessBrokenOff(
  waiting: Promise<void> | undefined,
  args: readonly unknown[],
): Promise<void> {
  const signal = args.find((arg) => arg instanceof AbortSignal);
  await (signal === undefined ? waiting : unlessAborted(waiting ?? OK, signal));
}

const OK = Promise.resolve();

export function makeMortal({ clock, queue, leases }: World): Mortal {
  const heldUp = new Map<string, Promise<void>>();
  let connection = new AbortController();
  let fatal: Call | undefined;
  let dead = false;
  let isCut = false;
  let sleep: PromiseWithResolvers<void> | undefined;

  function kill(): void {
    dead = true;
    connection.abort(CUT_OFF);
  }

  /** The same calls, as this process makes them. */
  function seenBy<T extends Queue | LeaseTable>(real: T): T {
    return new Proxy(real, {
      get(target, property) {
        const name = String(property);
        const call = Reflect.get(target, property) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (name === fatal) kill();
          const waiting = heldUp.get(name);
          heldUp.delete(name);
          await unlessBrokenOff(waiting, args);
          await sleep?.promise;
          if (dead) return await FOR_EVER;
          if (isCut && target === queue) throw CUT_OFF;
          if (name === 'receive') {
            args[1] = AbortSignal.any([args[1] as AbortSignal, connection.signal]);
          }
          const [answer] = await Promise.allSettled([call.apply(target, args)]);
          await sleep?.promise;
          if (dead) return await FOR_EVER;
          if (answer.status === 'rejected') throw answer.reason;
          return answer.value;
        };
      },
    });
  }

  return {
    world: {
      queue: seenBy(queue),
      leases: seenBy(leases),
      clock: {
        ...clock,
        after(delayMs, run) {
          let disposed = false;
          const fire = (): void => {
            if (sleep !== undefined) void sleep.promise.then(fire);
            else if (!dead && !disposed) run();
          };
          const timer = clock.after(delayMs, fire);
          return {
            [Symbol.dispose]() {
              disposed = true;
              timer[Symbol.dispose]();
            },
          };
        },
        async delay(delayMs, signal) {
          await clock.delay(delayMs, signal);
          await sleep?.promise;
          if (dead) await FOR_EVER;
        },
      },
    },
    kill,
    isAlive: () => !dead,
    sleep: () => void (sleep ??= Promise.withResolvers()),
    wake() {
      sleep?.resolve();
      sleep = undefined;
    },
    isAsleep: () => sleep !== undefined,
    cut(cut) {
      isCut = cut;
      connection.abort(CUT_OFF);
      connection = new AbortController();
    },
    dieBefore: (call) => void (fatal = call),
    holdUp(call) {
      const until = Promise.withResolvers<void>();
      heldUp.set(call, until.promise);
      return until;
    },
  };
}

const FOR_EVER = new Promise<never>(() => undefined);

const CUT_OFF = new TroupeError('cut off by a test', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'queue',
});
