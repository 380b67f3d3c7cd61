import { randomUUID } from 'node:crypto';
import type { TroupeError } from '../../src/errors.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { withDeadline } from '../../src/lib/deadline.ts';
import type { VoiceTrack } from '../../src/ports/room-sound.ts';
import type { FakeSoundRoom } from './fake-room-sound.ts';

export const VOICE_RATE = 24_000;
/** As the real queue: a push waits above it. */
const QUEUE_MS = 100;

interface VoiceWorld {
  readonly room: FakeSoundRoom;
  readonly clock: Clock;
  readonly path: () => 'up' | 'cut' | 'gone';
  /** Run when the path is another. */
  readonly watching: Set<() => void>;
  readonly unavailable: () => TroupeError;
}

/** A voice in a room in memory: each frame is heard when its time has come. */
export async function openFakeVoice({
  room,
  clock,
  path,
  watching,
  unavailable,
}: VoiceWorld): Promise<VoiceTrack> {
  await Promise.resolve();
  if (path() !== 'up') throw unavailable();
  let queue: Disposable[] = [];
  let emptyAt = 0;
  let isOpen = true;
  let wasInVain = false;
  const queuedMs = (): number => Math.max(emptyAt - clock.monotonicMs(), 0);
  const clear = (): void => {
    for (const timer of queue) timer[Symbol.dispose]();
    queue = [];
    emptyAt = 0;
  };
  const close = (): void => {
    isOpen = false;
    clear();
    watching.delete(look);
  };
  const look = (): void => (path() === 'gone' ? close() : clear());
  watching.add(look);
  return {
    trackId: `TR_${randomUUID()}`,
    queuedMs,
    clear,
    async push(pcm) {
      if (!isOpen) throw unavailable();
      const durationMs = (pcm.length / VOICE_RATE) * 1_000;
      if (path() !== 'up') return await clock.delay(durationMs);
      const own = new Int16Array(pcm);
      const play = (): void => {
        room.heard.push(own);
        room.changes.tell();
      };
      queue.push(clock.after(queuedMs(), play));
      emptyAt = clock.monotonicMs() + queuedMs() + durationMs;
      if (queuedMs() > QUEUE_MS) await clock.delay(queuedMs() - QUEUE_MS);
    },
    async untilHeard(limitMs, signal) {
      if (room.loudspeaker || wasInVain || signal.aborted) return;
      const heard = Promise.withResolvers<void>();
      room.waiting.add(heard.resolve);
      await withDeadline(clock, limitMs, () => heard.promise, signal).catch(() => undefined);
      room.waiting.delete(heard.resolve);
      wasInVain = !room.loudspeaker && !signal.aborted;
    },
    async [Symbol.asyncDispose]() {
      await Promise.resolve();
      close();
    },
  };
}
