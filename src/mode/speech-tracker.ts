import type { SpeechWindow } from '../ports/voice-activity.ts';

/** When sound is taken for speech. */
export interface TrackerSettings {
  /** Least probability of a window with speech; 0 to 1. */
  readonly threshold: number;
  /** Speech must last for so long to begin, and silence to end it, in ms. */
  readonly minSpeechMs: number;
  readonly minPauseMs: number;
  /** How long speech must last to be an interruption, in ms. */
  readonly sustainedMs: number;
}

/** What happened to one speaker's sound; times in ms of that sound. */
export type TrackerEvent =
  | { readonly type: 'started'; readonly audioFrom: number }
  | { readonly type: 'sustained' }
  | { readonly type: 'stopped'; readonly audioTo: number }
  | { readonly type: 'silence-reached'; readonly watchId: number };

/** Follows one speaker's speech and silence, counted by samples: time of the process plays no part. */
export interface SpeechTracker {
  judge(window: SpeechWindow): readonly TrackerEvent[];
  /** Asks for `silence-reached`; it may be due already. A new watch replaces the one before. */
  watch(watchId: number, silenceMs: number): readonly TrackerEvent[];
  /** No more sound comes: speech, if there is any, stops here. */
  end(): readonly TrackerEvent[];
  readonly isSpeaking: () => boolean;
  /** Whether more sound is needed: for the end of a speech, or of the silence that is asked for. */
  isFollowed(): boolean;
}

const SAMPLES_PER_MS = 16;

/** Opens the tracker of one microphone. */
export function openSpeechTracker(settings: TrackerSettings): SpeechTracker {
  let phase: 'silent' | 'rising' | 'speaking' = 'silent';
  let speechFrom = 0;
  let voicedTo = 0;
  let heardTo = 0;
  let sustained = false;
  let watched: { readonly watchId: number; readonly silenceMs: number } | undefined;

  function voiced(from: number, to: number): readonly TrackerEvent[] {
    if (phase === 'silent') {
      phase = 'rising';
      speechFrom = from;
    }
    voicedTo = to;
    const events: TrackerEvent[] = [];
    if (phase === 'rising' && to - speechFrom >= settings.minSpeechMs) {
      phase = 'speaking';
      sustained = false;
      watched = undefined;
      events.push({ type: 'started', audioFrom: speechFrom });
    }
    if (phase === 'speaking' && !sustained && to - speechFrom >= settings.sustainedMs) {
      sustained = true;
      events.push({ type: 'sustained' });
    }
    return events;
  }

  function unvoiced(): readonly TrackerEvent[] {
    if (phase === 'rising') phase = 'silent';
    if (phase !== 'speaking' || heardTo - voicedTo < settings.minPauseMs) return reached();
    phase = 'silent';
    return [{ type: 'stopped', audioTo: voicedTo }];
  }

  function reached(): readonly TrackerEvent[] {
    if (watched === undefined || phase === 'speaking') return [];
    const { watchId, silenceMs } = watched;
    if (heardTo - voicedTo < silenceMs) return [];
    watched = undefined;
    return [{ type: 'silence-reached', watchId }];
  }

  return {
    isSpeaking: () => phase === 'speaking',
    isFollowed: () => phase === 'speaking' || watched !== undefined,
    judge({ probability, toSample }) {
      const from = heardTo;
      heardTo = toSample / SAMPLES_PER_MS;
      return probability >= settings.threshold ? voiced(from, heardTo) : unvoiced();
    },
    watch(watchId, silenceMs) {
      watched = { watchId, silenceMs };
      return reached();
    },
    end() {
      const speaking = phase === 'speaking';
      phase = 'silent';
      return speaking ? [{ type: 'stopped', audioTo: voicedTo }] : [];
    },
  };
}
