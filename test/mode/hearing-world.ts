import type { EventBody, Person } from '../../src/conversation/events.ts';
import { openHearing } from '../../src/mode/hearing.ts';
import type { Microphone, MicrophoneListener, Transcript } from '../../src/ports/room-sound.ts';
import type { SttEvent, SttOptions } from '../../src/ports/speech-to-text.ts';
import type { SpeechWindow } from '../../src/ports/voice-activity.ts';
import { openHandClock } from '../support/hand-clock.ts';

export const ANN: Person = { identity: 'ann', name: 'Ann', kind: 'human' };
/** Samples of a frame. */
export const FRAME = 512;
const SETTINGS = {
  threshold: 0.5,
  minSpeechMs: 64,
  minPauseMs: 96,
  sustainedMs: 300,
  language: 'en',
  names: [],
  minConfidence: 0.7,
};

/** A transcription as the provider's side has it. */
interface FakeStream {
  readonly options: SttOptions;
  readonly tell: (event: SttEvent) => void;
  samples: number;
  pieces: number;
  flushes: number;
  closed: boolean;
  idle: boolean;
}

/** A room whose microphones, VAD (loud is speech) and provider are in our hands. */
export function openHearingWorld() {
  const clock = openHandClock();
  const events: EventBody[] = [];
  const shown: Transcript[] = [];
  const streams: FakeStream[] = [];
  const observed: string[] = [];
  const voiced: number[] = [];
  let breakVad = (_error: unknown): void => undefined;
  let opener: ((microphone: Microphone) => MicrophoneListener) | undefined;
  const hearing = openHearing(
    {
      clock,
      settings: SETTINGS,
      observe: (one) => observed.push(one.type),
      voiced: (_identity, atMs) => voiced.push(atMs),
      link: {
        hear(open) {
          opener = open;
          return { [Symbol.dispose]: () => undefined };
        },
        showTranscript: (transcript) => shown.push(transcript),
      },
      vad: {
        open: (judged: (window: SpeechWindow) => void, failed: (error: unknown) => void) => {
          let toSample = 0;
          breakVad = failed;
          return {
            push(pcm) {
              toSample += pcm.length;
              judged({ probability: pcm[0] === 0 ? 0 : 1, toSample });
            },
            [Symbol.dispose]: () => undefined,
          };
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      stt: {
        name: 'fake',
        finalP99Ms: 500,
        open(options, tell) {
          const stream: FakeStream = {
            options,
            tell,
            samples: 0,
            pieces: 0,
            flushes: 0,
            closed: false,
            idle: true,
          };
          streams.push(stream);
          return {
            push(pcm) {
              stream.samples += pcm.length;
              stream.pieces += 1;
            },
            flush: () => void (stream.flushes += 1),
            isIdle: () => stream.idle,
            [Symbol.dispose]: () => void (stream.closed = true),
          };
        },
      },
    },
    (event) => events.push(event),
  );
  return {
    clock,
    events,
    shown,
    streams,
    observed,
    voiced,
    hearing,
    opens(muted = false, trackId = 'TR_1'): MicrophoneListener {
      if (opener === undefined) throw new Error('nobody listens');
      return opener({ trackId, person: ANN, muted });
    },
    /** Frames of 32 ms: `#` with sound, `.` without. */
    hears(ear: MicrophoneListener, frames: string): void {
      for (const one of frames) {
        clock.pass(32);
        ear.frame(new Int16Array(FRAME).fill(one === '#' ? 1_000 : 0));
      }
    },
    breaksVad: () => breakVad(new Error('the model is gone')),
    types: () => events.map(({ type }) => type),
  };
}
