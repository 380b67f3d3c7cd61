import type { Person, TurnId } from './events.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';

/**
 * What one speaker is saying, from the first sound until it is committed or dropped:
 *
 * speaking -> pausing -> waiting -> (gone)
 *
 * `pausing` is silence that may be a pause, `waiting` is silence long enough to be the end, with words
 * still to come. Speech that starts again makes either `speaking` anew.
 */
export interface VoiceFloor {
  readonly kind: 'speaking' | 'pausing' | 'waiting';
  readonly turnId: TurnId;
  readonly speaker: Person;
  /** Words that stay. */
  readonly finals: readonly string[];
  /** Words that may still change, behind the finals. */
  readonly interim: string;
  /** End of the speech, in ms of the speaker's sound. */
  readonly voicedTo: number;
  /** How far the finals go, and the interim behind them, in ms of the speaker's sound. */
  readonly finalTo: number;
  readonly interimTo: number;
  /** Since when it is what it is, by `event.at`. */
  readonly since: number;
  /** The silence that is being watched. */
  readonly watchId: number;
  /** How long that silence must be, in ms. */
  readonly silenceMs: number;
  /** Drafts that were begun for it. */
  readonly drafts: number;
  /** Whether it cut an answer to this very speaker. */
  readonly cutsAnswer: boolean;
}

/** What is known of how somebody speaks; kept over their turns. */
export interface SpeakerHabits {
  /** Length of their pauses within a turn, in ms, the last ones most. */
  readonly pauseMs: number;
  /** How far their sound has been committed, and what was said there, as words compare. */
  readonly committedTo: number;
  readonly committedWords: string;
  /** Holds of theirs in a row that were dismissed. */
  readonly dismissedHolds: number;
}

/** Somebody of whom nothing is known. */
export const NEW_SPEAKER: SpeakerHabits = {
  pauseMs: 0,
  committedTo: -1,
  committedWords: '',
  dismissedHolds: 0,
};

/** What is known of this speaker. */
export function habitsOf(state: ConversationState, identity: string): SpeakerHabits {
  return state.habits.get(identity) ?? NEW_SPEAKER;
}

/** The state in which this speaker begins to say something. */
export function openVoice(
  state: ConversationState,
  speaker: Person,
  at: number,
  policy: ConversationPolicy,
): readonly [ConversationState, VoiceFloor] {
  const lastVoiceId = state.lastVoiceId + 1;
  const floor: VoiceFloor = {
    // Words without a sound that the ears took for speech: whoever spoke has stopped.
    kind: 'waiting',
    turnId: `${speaker.identity}/${policy.voiceIds}-${lastVoiceId}`,
    speaker,
    finals: [],
    interim: '',
    voicedTo: 0,
    finalTo: 0,
    interimTo: 0,
    since: at,
    watchId: 0,
    silenceMs: 0,
    drafts: 0,
    cutsAnswer: false,
  };
  return [withVoice({ ...state, lastVoiceId }, floor), floor];
}

/** The state with this floor as its speaker's. */
export function withVoice(state: ConversationState, floor: VoiceFloor): ConversationState {
  return { ...state, voices: new Map(state.voices).set(floor.speaker.identity, floor) };
}

/** The state in which this speaker says nothing. */
export function withoutVoice(state: ConversationState, identity: string): ConversationState {
  const voices = new Map(state.voices);
  voices.delete(identity);
  return { ...state, voices };
}

/** The state with more known of this speaker; only so many speakers are remembered. */
export function withHabits(
  state: ConversationState,
  identity: string,
  more: Partial<SpeakerHabits>,
): ConversationState {
  const habits = new Map(state.habits);
  habits.delete(identity);
  habits.set(identity, { ...habitsOf(state, identity), ...more });
  const oldest = habits.size > MOST_SPEAKERS ? habits.keys().next().value : undefined;
  if (oldest !== undefined) habits.delete(oldest);
  return { ...state, habits };
}

const MOST_SPEAKERS = 256;

/** All that was understood so far, as one line. */
export function wordsOf({ finals, interim }: VoiceFloor): string {
  return [...finals, interim].reduce(joinWords, '');
}

/** Japanese goes on without a space. */
export function joinWords(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  return UNSPACED_END.test(before) || UNSPACED_START.test(after)
    ? before + after
    : `${before} ${after}`;
}

const UNSPACED_END = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー。、！？]$/u;
const UNSPACED_START = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー。、！？]/u;

/** Until when this floor stands at the latest, by `event.at`: ears may fail to tell. */
export function voiceDueAt(floor: VoiceFloor, policy: ConversationPolicy): number {
  const { finalWaitMs, maxSpeechMs } = policy.speech;
  if (floor.kind === 'waiting') return floor.since + finalWaitMs;
  if (floor.kind === 'pausing') return floor.since + floor.silenceMs + EARS_LATE_MS;
  return floor.since + maxSpeechMs;
}

/** Frames that wait in a busy process are counted late, never lost. */
const EARS_LATE_MS = 2_000;
