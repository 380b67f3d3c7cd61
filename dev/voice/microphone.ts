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

/** A microphone that is open all the time, and silent but for what is said into it. */
export interface Microphone extends AsyncDisposable {
  /** Says it behind what is being said; resolves once its last sample has gone out. */
  say(pcm: Int16Array): Promise<Spoken>;
}

const FRAME = (SOUND_RATE * 20) / 1_000;
const QUEUE_MS = 60;

/** Publishes a person's microphone; what goes out is kept on the tape too. */
export async function openMicrophone(room: Room, tape: Tape): Promise<Microphone> {
  const source = new AudioSource(SOUND_RATE, 1, QUEUE_MS);
  const track = LocalAudioTrack.createAudioTrack('microphone', source);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  await room.localParticipant?.publishTrack(track, options);
  const waiting: Utterance[] = [];
  let isOpen = true;

  const next = (): { readonly pcm: Int16Array; readonly of?: Utterance } => {
    const [utterance] = waiting;
    if (utterance === undefined) return { pcm: new Int16Array(FRAME) };
    const pcm = new Int16Array(FRAME);
    pcm.set(utterance.pcm.subarray(utterance.at, utterance.at + FRAME));
    return { pcm, of: utterance };
  };
  const pump = async (): Promise<void> => {
    while (isOpen) {
      const { pcm, of } = next();
      const outMs = performance.now() + source.queuedDuration;
      tape.write(outMs, pcm);
      if (of !== undefined && advance(of, outMs)) waiting.shift();
      await source.captureFrame(new AudioFrame(pcm, SOUND_RATE, 1, pcm.length));
    }
  };
  const pumping = pump().catch(() => undefined);
  return {
    say: (pcm) =>
      new Promise((resolve) => waiting.push({ pcm, at: 0, fromMs: undefined, said: resolve })),
    async [Symbol.asyncDispose]() {
      isOpen = false;
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

/** Whether its last sample is in the frame that goes out then. */
function advance(utterance: Utterance, outMs: number): boolean {
  const fromMs = (utterance.fromMs ??= outMs);
  const left = utterance.pcm.length - utterance.at;
  utterance.at += FRAME;
  if (left > FRAME) return false;
  utterance.said({ fromMs, toMs: outMs + (left / SOUND_RATE) * 1_000 });
  return true;
}
