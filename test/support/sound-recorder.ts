import type { Microphone, MicrophoneListener, RoomSound } from '../../src/ports/room-sound.ts';
import { openChanges } from './until.ts';
import type { Changes } from './until.ts';

/** One microphone as it was heard. */
export interface Recording {
  readonly microphone: Microphone;
  readonly frames: readonly Int16Array[];
  /** What was told of it, frames aside, in order. */
  readonly told: readonly ('muted' | 'unmuted' | 'closed')[];
}

/** Keeps what a hearing gives. */
export interface SoundRecorder {
  readonly open: Parameters<RoomSound['hear']>[0];
  /** Every microphone that was opened, in order. */
  readonly recordings: readonly Recording[];
  /** Resolves when `look` finds something, now or after a later change. */
  readonly until: Changes['until'];
  /** Resolves with the microphone of this number, from 0 on. */
  opened(at?: number): Promise<Recording>;
  /** Resolves when this was told last of it. */
  tells(recording: Recording, what: 'muted' | 'unmuted' | 'closed'): Promise<void>;
}

export function openSoundRecorder(): SoundRecorder {
  const recordings: Recording[] = [];
  const { tell, until } = openChanges();

  function open(microphone: Microphone): MicrophoneListener {
    const frames: Int16Array[] = [];
    const told: ('muted' | 'unmuted' | 'closed')[] = [];
    const keep = (what: (typeof told)[number]) => (): void => {
      told.push(what);
      tell();
    };
    recordings.push({ microphone, frames, told });
    tell();
    return {
      frame(pcm) {
        frames.push(pcm);
        tell();
      },
      muted: keep('muted'),
      unmuted: keep('unmuted'),
      closed: keep('closed'),
    };
  }

  return {
    open,
    recordings,
    until,
    opened: (at = 0) => until(`microphone ${at}`, () => recordings[at], 25_000),
    async tells({ told }, what) {
      await until(what, () => told.at(-1) === what);
    },
  };
}
