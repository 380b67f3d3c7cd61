import type { EventBody } from '../conversation/events.ts';
import type { Timer } from '../lib/clock.ts';
import type { Microphone, MicrophoneListener } from '../ports/room-sound.ts';
import type { VoiceActivity } from '../ports/voice-activity.ts';
import { openRing } from './ring.ts';
import { openSpeechTracker } from './speech-tracker.ts';
import type { TrackerEvent, TrackerSettings } from './speech-tracker.ts';
import { transcribe } from './transcription.ts';
import type { Transcription, TranscriptionDeps, TranscriptionSettings } from './transcription.ts';
import { watchUnheard } from './unheard.ts';

/** How microphones are listened to. */
export interface EarSettings extends TrackerSettings, TranscriptionSettings {}

export interface EarDeps extends TranscriptionDeps {
  readonly vad: VoiceActivity;
  readonly settings: EarSettings;
  /** Told when the last voiced sample of a speech came in, by the clock. */
  readonly voiced?: (identity: string, atMs: number) => void;
}

/** One microphone under our ear. */
export interface Ear extends MicrophoneListener {
  readonly trackId: string;
  watchSilence(watchId: number, silenceMs: number): void;
  /** Ms of sound heard so far, from the speaker's very first sample on. */
  heardMs(): number;
}

const SAMPLES_PER_MS = 16;
/** Sound before speech is noticed that the provider gets all the same. */
const BEFORE_SPEECH_MS = 600;
/** A microphone that gives no frames for so long has ended what its owner was saying. */
const NO_FRAMES_MS = 500;
const AGAIN_MS = 20;
/** A turn waits for a provider that says nothing about a flush no longer than this. */
const FLUSH_LIMIT_MS = 3_000;
/** What was said waits for a provider so long in all. */
const LATE_WORDS_MS = 30_000;
/** Somebody who goes on speaking is transcribed again so long after nobody could. */
const LISTEN_AGAIN_MS = 2_000;
/** Quiet for so long, the words of what was said have come, and sound goes out in larger pieces. */
const LULL_MS = 3_000;
/** Quiet for so long, a transcription is closed until somebody speaks again. */
const QUIET_MS = 60_000;

/**
 * Listens to one microphone, until it is closed: what is speech, by the VAD; what is said, by the
 * speech-to-text. `startMs` is where the speaker's sound so far ended.
 */
export function openEar(
  deps: EarDeps,
  microphone: Microphone,
  startMs: number,
  post: (event: EventBody) => void,
): Ear {
  const { clock, settings } = deps;
  const { person } = microphone;
  const tracker = openSpeechTracker(settings);
  const ring = openRing(BEFORE_SPEECH_MS * SAMPLES_PER_MS);
  let samples = 0;
  let lastFrameAt = clock.monotonicMs();
  let lastSpeechAt = lastFrameAt;
  let words: Transcription | undefined;
  let wordsEndedAt = -Infinity;
  let watchdog: Timer | undefined;
  let isMuted = microphone.muted;
  let closed = false;
  /** How often it was, or stopped being, the end of what was said. */
  let finishes = 0;
  /** Whose words have come, and are not asked for again. */
  let flushedTo = 0;
  /** How often speech has begun. */
  let speeches = 0;
  const vad = deps.vad.open(
    (window) => tracker.judge(window).forEach(tell),
    (error) => {
      deps.observe({ type: 'provider-failed', provider: 'vad', error });
      tellUnheard();
    },
  );
  const unheard = watchUnheard(tellUnheard);
  const heardMs = (): number => startMs + samples / SAMPLES_PER_MS;
  const quietMs = (): number => lastFrameAt - lastSpeechAt;

  function tell(event: TrackerEvent): void {
    const { identity } = person;
    if (event.type === 'started') onStarted(startMs + event.audioFrom);
    else if (event.type === 'sustained') post({ type: 'speech-sustained', identity });
    else if (event.type === 'silence-reached') post({ ...event, identity });
    else onStopped(startMs + event.audioTo);
  }

  function tellUnheard(): void {
    post({ type: 'unheard', identity: person.identity });
  }

  function onStarted(audioFrom: number): void {
    speeches += 1;
    words?.hurry();
    listen();
    watchdog ??= clock.after(NO_FRAMES_MS, lookForFrames);
    post({ type: 'speech-started', person, audioFrom });
  }

  function onStopped(audioTo: number): void {
    const { identity } = person;
    deps.voiced?.(identity, lastFrameAt - (heardMs() - audioTo));
    post({ type: 'speech-stopped', identity, audioTo });
  }

  /** Opens a transcription, with the sound that came before; an open one goes on. */
  function listen(): void {
    if (words !== undefined || closed) return;
    const kept = ring.read();
    const before = kept.subarray(Math.max(0, kept.length - (samples - flushedTo)));
    const fromMs = heardMs() - before.length / SAMPLES_PER_MS;
    const heard = (event: EventBody): void => {
      if (event.type !== 'words-dropped') unheard.heard();
      post(event);
    };
    const { isSpeaking } = tracker;
    const open = transcribe(deps, { person, isSpeaking, fromMs }, heard, () => {
      if (words !== open) return;
      words = undefined;
      wordsEndedAt = clock.monotonicMs();
    });
    words = open;
    if (before.length > 0) open.push(before);
  }

  function isLull(): boolean {
    return !tracker.isSpeaking() && quietMs() > LULL_MS;
  }

  function lookForFrames(): void {
    watchdog = undefined;
    const leftMs = lastFrameAt + NO_FRAMES_MS - clock.monotonicMs();
    if (leftMs <= 0) lookAgain();
    else if (tracker.isFollowed()) watchdog = clock.after(leftMs, lookForFrames);
  }

  /** Where it was we who stood still, frames have waited, and come before the next timer. */
  function lookAgain(): void {
    const samplesBefore = samples;
    watchdog = clock.after(AGAIN_MS, () => {
      if (samples !== samplesBefore) return lookForFrames();
      watchdog = undefined;
      void finish();
    });
  }

  /**
   * What was said till now is all: its last words are waited for, and where no sound comes any more the
   * transcription is closed then. Late ones, as of a provider that is still being connected, are waited
   * for longer, but nobody's turn is.
   */
  async function finish(): Promise<void> {
    tracker.end().forEach(tell);
    finishes += 1;
    const [own, open, speechesBefore, samplesBefore] = [finishes, words, speeches, samples];
    const flush = open?.flush();
    const came = await flush?.within(FLUSH_LIMIT_MS);
    // Who speaks again meanwhile has not finished.
    if (speeches === speechesBefore) post({ type: 'microphone-silent', identity: person.identity });
    if (came === 'late' && !closed) await flush?.within(LATE_WORDS_MS);
    if (own === finishes) release(open, samplesBefore);
  }

  /** Closes a transcription whose words have come up to there, unless more sound comes. */
  function release(done: Transcription | undefined, toSamples: number): void {
    const isStill = closed || isMuted || samples === toSamples;
    if (words !== done || !isStill || tracker.isSpeaking()) return;
    words = undefined;
    flushedTo = toSamples;
    done?.close();
  }

  if (!isMuted) listen();
  return {
    trackId: microphone.trackId,
    heardMs,
    watchSilence: (watchId, silenceMs) => tracker.watch(watchId, silenceMs).forEach(tell),
    frame(pcm) {
      if (closed) return;
      samples += pcm.length;
      lastFrameAt = clock.monotonicMs();
      ring.push(pcm);
      if (isLull()) words?.gather(pcm);
      else words?.push(pcm);
      vad.push(pcm);
      if (tracker.isSpeaking()) {
        lastSpeechAt = lastFrameAt;
        unheard.spoke(heardMs(), pcm.length / SAMPLES_PER_MS);
        if (lastFrameAt - wordsEndedAt >= LISTEN_AGAIN_MS) listen();
      } else if (words?.isIdle() === true && quietMs() > QUIET_MS) {
        words.close();
        words = undefined;
      }
    },
    muted() {
      isMuted = true;
      void finish();
    },
    unmuted() {
      isMuted = false;
      // What is open stays open.
      finishes += 1;
      listen();
    },
    closed() {
      if (closed) return;
      closed = true;
      watchdog?.[Symbol.dispose]();
      vad[Symbol.dispose]();
      void finish();
    },
  };
}
