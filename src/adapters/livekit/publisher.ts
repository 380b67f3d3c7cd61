import type { LocalParticipant, Room } from '@livekit/rtc-node';
import { TroupeError } from '../../errors.ts';
import { unlessAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { DeadlineExceeded } from '../../lib/deadline.ts';
import { openScope } from '../../lib/scope.ts';
import type { Scope } from '../../lib/scope.ts';
import { toTroupeError } from './errors.ts';
import type { Path } from './path.ts';

/** The one way out to the room. */
export interface Publisher {
  /**
   * Sends something, within the deadline and only while the path is whole: the native library would
   * keep what it is given now and flush it when it has reconnected, by then perhaps as a zombie. What
   * was on its way when the path was cut it keeps and flushes all the same, so that is waited for until
   * the path is whole again or gone: whoever takes it for lost says it twice. Before it begins a further
   * text or stream `send` looks at its signal, which aborts when it is given up: to send one by a
   * participant whose room is gone ends the process (`session().unwrap()` in its `send_text`).
   * @throws TroupeError of service `livekit`: `unavailable` (nothing was sent) or `timeout`.
   */
  publish<T>(what: string, send: Send<T>): Promise<T>;
}

/** How something is sent. */
export type Send<T> = (ourselves: LocalParticipant, signal: AbortSignal) => Promise<T>;

/** Opens it; one publish may take `limitMs` of a whole path. */
export function makePublisher(
  room: Room,
  path: Pick<Path, 'state' | 'watch'>,
  clock: Clock,
  limitMs: number,
): Publisher {
  return {
    async publish(what, send) {
      const ourselves = room.localParticipant;
      if (ourselves === undefined || path.state() !== 'up') throw cut(what);
      using patience = openPatience(path, clock, limitMs);
      try {
        return await unlessAborted(send(ourselves, patience.signal), patience.signal);
      } catch (error) {
        throw path.state() === 'gone' ? cut(what) : toTroupeError(what, error);
      }
    },
  };
}

/** A timer that fires so much too late fires in a process that stood still. */
const STOOD_STILL_MS = 250;

/**
 * Ends when the path is gone, or has been whole for `limitMs` on end. In a process that stood still
 * timers fire before the answers that have come meanwhile: these get as long again, once.
 */
function openPatience(
  path: Pick<Path, 'state' | 'watch'>,
  clock: Clock,
  limitMs: number,
): Pick<Scope, 'signal'> & Disposable {
  const scope = openScope();
  let timer: Disposable | undefined;
  let [dueAt, stoodStill] = [0, false];
  const look = (): void => {
    timer?.[Symbol.dispose]();
    const state = path.state();
    if (state === 'gone') scope.end(new Error('the path is gone'));
    dueAt = clock.monotonicMs() + limitMs;
    timer = state === 'up' ? clock.after(limitMs, onDue) : undefined;
  };
  const onDue = (): void => {
    const isFirst = !stoodStill;
    stoodStill = clock.monotonicMs() - dueAt > STOOD_STILL_MS;
    if (stoodStill && isFirst) look();
    else scope.end(new DeadlineExceeded(`no answer within ${limitMs} ms`));
  };
  const watch = path.watch(look);
  look();
  return {
    signal: scope.signal,
    [Symbol.dispose]() {
      watch[Symbol.dispose]();
      timer?.[Symbol.dispose]();
      scope[Symbol.dispose]();
    },
  };
}

function cut(what: string): TroupeError {
  return new TroupeError(`LiveKit: ${what} not sent: the path to the room is cut`, {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}
