import type { TroupeError } from '../../src/errors.ts';

/** The calls of a queue that can fail. */
export type QueueCall = 'receive' | 'changeVisibility' | 'delete' | 'send' | 'deadLetter';

/** Troubles that a test orders. */
export interface FakeQueueFaults {
  /** The next `times` calls fail with this; `lost`: they are done, only their answer is lost. */
  readonly fail: (
    call: QueueCall,
    error: TroupeError,
    how?: { times?: number; lost?: boolean },
  ) => void;
  /** The next `times` beats for messages of this group fail, whatever becomes of the others. */
  readonly failBeatsOf: (groupId: string, times: number) => void;
  /** Nothing fails any more. */
  readonly heal: () => void;
}

/** Faults in force, as the queue asks for them. */
interface FaultsInForce extends FakeQueueFaults {
  hitsBeat(groupId: string): boolean;
  /** Fails now, or returns what fails once the call was done. */
  begin(call: QueueCall, signal: AbortSignal | undefined): Promise<() => void>;
}

/** No faults yet. */
export function makeQueueFaults(): FaultsInForce {
  const failures = new Map<QueueCall, { error: TroupeError; times: number; lost: boolean }>();
  const beats = new Map<string, number>();
  return {
    fail(call, error, { times = 1, lost = false } = {}) {
      failures.set(call, { error, times, lost });
    },
    failBeatsOf: (groupId, times) => void beats.set(groupId, times),
    heal() {
      failures.clear();
      beats.clear();
    },
    hitsBeat(groupId) {
      const left = beats.get(groupId) ?? 0;
      beats.set(groupId, left - 1);
      return left > 0;
    },
    async begin(call, signal) {
      await Promise.resolve();
      signal?.throwIfAborted();
      const failure = failures.get(call);
      if (failure === undefined) return () => undefined;
      failure.times -= 1;
      if (failure.times <= 0) failures.delete(call);
      if (!failure.lost) throw failure.error;
      return () => {
        throw failure.error;
      };
    },
  };
}
