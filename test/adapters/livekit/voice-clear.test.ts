import { AudioStream, Room } from '@livekit/rtc-node';
import type { LocalAudioTrack, LocalParticipant, LocalTrackPublication } from '@livekit/rtc-node';
import { expect, it, onTestFinished } from 'vitest';
import { silenceNativeLogs } from '../../../src/adapters/livekit/native-logs.ts';
import { openPath } from '../../../src/adapters/livekit/path.ts';
import { openVoice } from '../../../src/adapters/livekit/voice.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import { holds } from '../../support/holds.ts';
import { makeTone } from '../../support/tones.ts';

const RATE = 24_000;

it('takes a fade in the very moment of a clear, though a push was waiting', async () => {
  const { clock, voice } = await openVoiceAlone();
  const waiting = voice.push(makeTone(400, 150, RATE));
  await holds(() => expect(clock.timers()).toBe(1));
  voice.clear();
  expect(voice.queuedMs()).toBe(0);
  const fading = voice.push(makeTone(400, 20, RATE));
  await microtasks();
  expect(voice.queuedMs()).toBeGreaterThan(0);
  await Promise.all([waiting, fading]);
  expect(clock.timers()).toBe(0);
});

it('drops what was on its way into the native library when it was cleared', async () => {
  const { voice, frames } = await openVoiceAlone();
  // It is a race in the library: what is lost to it plays in full, once in a few times.
  for (let trial = 0; trial < 80; trial += 1) {
    const from = frames.length;
    const pushing = voice.push(makeTone(400, 60, RATE));
    await microtasks();
    voice.clear();
    await pushing;
    await holds(() => expect(frames.slice(from + 2).at(-1)).toBe(false));
    expect(frames.slice(from).filter((isSound) => isSound).length).toBeLessThan(6);
  }
});

/** A voice on the native source that no room gets, and whether each 10 ms it plays are sound. */
async function openVoiceAlone() {
  silenceNativeLogs(() => undefined);
  const clock = openHandClock();
  const frames: boolean[] = [];
  const watch = async (track: LocalAudioTrack): Promise<void> => {
    const stream = { sampleRate: RATE, numChannels: 1, frameSizeMs: 10 };
    for await (const { data } of new AudioStream(track, stream)) {
      frames.push(data.some((sample) => sample !== 0));
    }
  };
  const ourselves = {
    async publishTrack(track: LocalAudioTrack) {
      void watch(track);
      return { sid: 'TR_alone' } as LocalTrackPublication;
    },
  } as unknown as LocalParticipant;
  const voice = await openVoice({
    room: new Room(),
    path: openPath(),
    publisher: { publish: (_what, send) => send(ourselves, new AbortController().signal) },
    clock,
  });
  onTestFinished(() => voice[Symbol.asyncDispose]());
  return { clock, voice, frames };
}

/** What needs no answer of the native library has its turn; its answers come in later ones. */
async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
