import { holdForSound, yieldTo } from './barge-in.ts';
import { adaptedPause } from './endpointing.ts';
import type { EventOf } from './events.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { commitVoice, finishVoice, watchSilence } from './voice-turn.ts';
import { habitsOf, openVoice, withHabits, withVoice } from './voices.ts';
import type { VoiceFloor } from './voices.ts';

/** They speak, or go on: a silence within a turn tells how they are used to pause. */
export function onSpeechStarted(
  state: ConversationState,
  { person, audioFrom, at }: EventOf<'speech-started'>,
  policy: ConversationPolicy,
): Step {
  if (person.kind === 'bot') return step(state);
  const { identity } = person;
  const before = state.voices.get(identity);
  const [known, floor] =
    before === undefined
      ? openVoice(state, person, at, policy)
      : [learnPause(state, before, audioFrom), before];
  const speaking: VoiceFloor = { ...floor, kind: 'speaking', since: at };
  return yieldTo({ ...withVoice(known, speaking), lastActivityAt: at }, identity, at);
}

/** Long enough to be more than a cough. */
export function onSpeechSustained(
  state: ConversationState,
  { identity, at }: EventOf<'speech-sustained'>,
  policy: ConversationPolicy,
): Step {
  if (state.voices.get(identity)?.kind !== 'speaking') return step(state);
  return holdForSound(state, identity, at, policy);
}

/** From here on silence is counted. */
export function onSpeechStopped(
  state: ConversationState,
  { identity, audioTo, at }: EventOf<'speech-stopped'>,
  policy: ConversationPolicy,
): Step {
  const floor = state.voices.get(identity);
  if (floor?.kind !== 'speaking') return step(state);
  const stopped = { ...floor, voicedTo: audioTo };
  return watchSilence({ ...state, lastActivityAt: at }, stopped, at, policy);
}

/** They have finished: what they said is a turn once all of it is known. */
export function onSilenceReached(
  state: ConversationState,
  { identity, watchId, at }: EventOf<'silence-reached'>,
  policy: ConversationPolicy,
): Step {
  const floor = state.voices.get(identity);
  if (floor?.kind !== 'pausing' || floor.watchId !== watchId) return step(state);
  return finishVoice(state, floor, at, policy);
}

/** Nothing more comes from this microphone for now. */
export function onMicrophoneSilent(
  state: ConversationState,
  { identity, at }: EventOf<'microphone-silent'>,
  policy: ConversationPolicy,
): Step {
  const floor = state.voices.get(identity);
  return floor === undefined ? step(state) : commitVoice(state, floor, at, policy);
}

function learnPause(
  state: ConversationState,
  floor: VoiceFloor,
  audioFrom: number,
): ConversationState {
  if (floor.kind === 'speaking') return state;
  const { identity } = floor.speaker;
  const pauseMs = Math.max(0, audioFrom - floor.voicedTo);
  return withHabits(state, identity, {
    pauseMs: adaptedPause(habitsOf(state, identity).pauseMs, pauseMs),
  });
}
