import { AudioSource, AudioStream, LocalAudioTrack } from '@livekit/rtc-node';

/** What a voice's source gave to its encoder around the moment in which its queue was dropped. */
export interface QueueCleared {
  /** When the drop was asked for, in ms since 1970. */
  readonly clearedAt: number;
  /** When each frame of 10 ms left that was not all zeros, from 30 ms before to 300 ms behind it. */
  readonly soundAt: readonly number[];
}

const BEFORE_MS = 30;
const AFTER_MS = 300;
const FRAME_MS = 10;

/**
 * Watches every voice that this process opens from now on, and tells of each drop of a queue 300 ms
 * later. A stream on the local track gets the frames that the encoder gets, from the same call of the
 * native source. They are stamped as they reach JavaScript, so a busy event loop makes them later than
 * they were, never earlier. Costs 100 small events a second and voice. Disposal ends it for further voices.
 */
export function watchVoiceOut(tell: (cleared: QueueCleared) => void): Disposable {
  const soundOf = new WeakMap<AudioSource, number[]>();
  const original = Reflect.get(LocalAudioTrack, 'createAudioTrack');
  const createTrack = original.bind(LocalAudioTrack);
  LocalAudioTrack.createAudioTrack = (name, source) => {
    const track = createTrack(name, source);
    const soundAt: number[] = [];
    soundOf.set(source, soundAt);
    void keepSound(track, source.sampleRate, soundAt).catch(console.error);
    return track;
  };
  const clearQueue: () => void = Reflect.get(AudioSource.prototype, 'clearQueue');
  AudioSource.prototype.clearQueue = function (this: AudioSource): void {
    const clearedAt = nowMs();
    clearQueue.call(this);
    const look = (): void => {
      const soundAt = soundOf.get(this)?.filter((at) => at > clearedAt - BEFORE_MS) ?? [];
      tell({ clearedAt, soundAt: soundAt.filter((at) => at <= clearedAt + AFTER_MS) });
    };
    setTimeout(look, AFTER_MS).unref();
  };
  return {
    [Symbol.dispose]() {
      LocalAudioTrack.createAudioTrack = original;
      AudioSource.prototype.clearQueue = clearQueue;
    },
  };
}

/** Keeps when sound left, as far back as somebody may still ask. */
async function keepSound(
  track: LocalAudioTrack,
  sampleRate: number,
  soundAt: number[],
): Promise<void> {
  const stream = { sampleRate, numChannels: 1, frameSizeMs: FRAME_MS };
  for await (const { data } of new AudioStream(track, stream)) {
    if (data.every((sample) => sample === 0)) continue;
    soundAt.push(nowMs());
    if (soundAt.length > KEPT) soundAt.shift();
  }
}

/** A second's. */
const KEPT = 100;

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
