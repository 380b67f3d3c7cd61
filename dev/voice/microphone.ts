import { setTimeout } from 'node:timers/promises';
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { Room } from '@livekit/rtc-node';
import { SOUND_RATE } from './tape.ts';
import type { Tape } from './tape.ts';

/** When something was said, in ms of `performance.now()`. */
export interface Spoken {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A microphone that is open all the time, with the faint noise of a room but for what is said into it. */
export interface Microphone extends AsyncDisposable {
  /**
   * Says it behind what is being said; resolves once its last sample has gone out. What is said only
   * then comes after a pause as long as the queue.
   */
  say(pcm: Int16Array): Promise<Spoken>;
  /** Picks this up beside what is said, from now on, behind what it has picked up so far. */
  pickUp(pcm: Int16Array): void;
}

/** Each is a call of the native library, and one visitor of many shares its thread. */
const FRAME = (SOUND_RATE * 50) / 1_000;
/** About -70 dB of full scale. */
const NOISE = 16;
/** In bits per second: at this rate the encoder takes half the processor that it takes at its own 32,000. */
const BITRATE = 72_000n;

/**
 * Publishes a person's microphone; what goes out is kept on the tape too. Sound waits for `queueMs`
 * before it goes out: our process may stand still for as long, and no word has a hole in it.
 */
export async function openMicrophone(room: Room, tape: Tape, queueMs = 150): Promise<Microphone> {
  const source = new AudioSource(SOUND_RATE, 1, queueMs);
  const track = LocalAudioTrack.createAudioTrack('microphone', source);
  const options = new TrackPublishOptions({
    source: TrackSource.SOURCE_MICROPHONE,
    audioEncoding: { maxBitrate: BITRATE },
  });
  await room.localParticipant?.publishTrack(track, options);
  const waiting: Utterance[] = [];
  const pickedUp: number[] = [];
  const life = new AbortController();

  const next = (): { readonly pcm: Int16Array; readonly of: Utterance | undefined } => {
    const [of] = waiting;
    const pcm = makeNoise();
    const said = of?.pcm.subarray(of.at, of.at + FRAME) ?? [];
    for (const sound of [said, pickedUp.splice(0, FRAME)]) {
      sound.forEach((sample, at) => (pcm[at] = mixed(pcm[at] ?? 0, sample)));
    }
    return { pcm, of };
  };
  const pump = async (): Promise<void> => {
    while (!life.signal.aborted) {
      const { pcm, of } = next();
      const outMs = performance.now() + source.queuedDuration;
      tape.write(outMs, pcm);
      if (of !== undefined && advance(of, outMs)) waiting.shift();
      await source.captureFrame(new AudioFrame(pcm, SOUND_RATE, 1, pcm.length));
    }
  };
  const pumping = pump().catch(() => undefined);
  return {
    async say(pcm) {
      const spoken = await new Promise<Spoken>((resolve) =>
        waiting.push({ pcm, at: 0, fromMs: undefined, said: resolve }),
      );
      await setTimeout(spoken.toMs - performance.now());
      return spoken;
    },
    pickUp: (pcm) => void pickedUp.push(...pcm),
    async [Symbol.asyncDispose]() {
      life.abort();
      await pumping;
      await track.close();
    },
  };
}

interface Utterance {
  readonly pcm: Int16Array;
  at: number;
  fromMs: number | undefined;
  readonly said: (when: Spoken) => void;
}

function makeNoise(): Int16Array {
  return Int16Array.from({ length: FRAME }, () => Math.round((Math.random() - 0.5) * 2 * NOISE));
}

/** Whether its last sample is in the frame that goes out then. */
function advance(utterance: Utterance, outMs: number): boolean {
  const fromMs = (utterance.fromMs ??= outMs);
  const left = utterance.pcm.length - utterance.at;
  utterance.at += FRAME;
  if (left > FRAME) return false;
  utterance.said({ fromMs, toMs: outMs + (left / SOUND_RATE) * 1_000 });
  return true;
}

function mixed(one: number, other: number): number {
  return Math.max(-32_768, Math.min(32_767, one + other));
}
