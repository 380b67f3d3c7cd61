import { AudioStream } from '@livekit/rtc-node';
import type { RemoteAudioTrack } from '@livekit/rtc-node';
import { MICROPHONE_FRAME_MS, MICROPHONE_SAMPLE_RATE } from '../../ports/room-sound.ts';

/**
 * Hands on every frame of a track until disposed or the track's end. Nothing holds the native side
 * back: frames that are not taken pile up without a bound, so `take` must be quick, and must not
 * throw. Each frame arrives in a buffer of its own.
 */
export function readFrames(track: RemoteAudioTrack, take: (pcm: Int16Array) => void): Disposable {
  const stream = new AudioStream(track, {
    sampleRate: MICROPHONE_SAMPLE_RATE,
    numChannels: 1,
    frameSizeMs: MICROPHONE_FRAME_MS,
  });
  const reader = stream.getReader();
  let isOpen = true;
  void read();

  async function read(): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !isOpen) return;
      take(value.data);
    }
  }

  return {
    [Symbol.dispose]() {
      isOpen = false;
      void reader.cancel();
    },
  };
}
