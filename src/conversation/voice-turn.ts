import { isBackchannel } from './backchannel.ts';
import { release } from './barge-in.ts';
import type { DropReason } from './commands.ts';
import { isHeardTwice, rememberSpoken } from './echo.ts';
import { silenceNeeded } from './endpointing.ts';
import type { Person } from './events.ts';
import { commitTurn } from './on-user.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';
import { isAddressed } from './turn-policy.ts';
import { habitsOf, voiceDueAt, withHabits, withoutVoice, withVoice, wordsOf } from './voices.ts';
import type { VoiceFloor } from './voices.ts';
import { wordUnits } from './word-units.ts';

/** How far a final may end before the speech does, by the ears' measure, in ms. */
const TOLERANCE_MS = 400;

/** Lets the ears count this speaker's silence, as long as what they said so far asks for. */
export function watchSilence(
  state: ConversationState,
  floor: VoiceFloor,
  since: number,
  policy: ConversationPolicy,
): Step {
  const silenceMs = silenceNeeded(state, floor, policy);
  if (floor.kind === 'pausing' && silenceMs === floor.silenceMs) return step(state);
  const watchId = state.lastWatchId + 1;
  const watched = { ...floor, kind: 'pausing', since, watchId, silenceMs } as const;
  const { identity } = floor.speaker;
  return step(
    { ...withVoice(state, watched), lastWatchId: watchId },
    { type: 'watch-silence', identity, watchId, silenceMs },
  );
}

/** Their silence is the end of the turn; words that are still to come are waited for. */
export function finishVoice(
  state: ConversationState,
  floor: VoiceFloor,
  at: number,
  policy: ConversationPolicy,
): Step {
  if (isUnderstood(floor)) return commitVoice(state, floor, at, policy);
  const waiting = withVoice(state, { ...floor, kind: 'waiting', since: at });
  // A sound without a word so far keeps nobody from speaking any longer.
  return wordsOf(floor) === '' ? release(waiting, floor.speaker.identity) : step(waiting);
}

/** Whether all of the speech has become words that stay. */
export function isUnderstood(floor: VoiceFloor): boolean {
  const { finals, interim, finalTo, voicedTo } = floor;
  return finals.length > 0 && interim === '' && finalTo >= voicedTo - TOLERANCE_MS;
}

/** Makes a turn of what was understood; nothing understood is nothing said. */
export function commitVoice(
  state: ConversationState,
  floor: VoiceFloor,
  at: number,
  policy: ConversationPolicy,
): Step {
  const { speaker, turnId, cutsAnswer } = floor;
  const { identity, name } = speaker;
  const text = wordsOf(floor);
  const { committedTo, committedWords } = habitsOf(state, identity);
  const quiet = withHabits(withoutVoice(state, identity), identity, {
    // Where nothing was understood, another provider may still understand it.
    committedTo: text === '' ? committedTo : Math.max(committedTo, endOf(floor)),
    committedWords: text === '' ? committedWords : wordUnits(text).join(' '),
  });
  const reason = text === '' ? undefined : whyDropped(state, floor, text, at);
  const shown = step(quiet, {
    type: 'show-transcript',
    turnId,
    speaker: identity,
    text,
    final: true,
  });
  if (text === '') return andThen(shown, (now) => release(now, identity));
  if (reason !== undefined) {
    const dropped = andThen(shown, (now) => step(now, { type: 'drop-turn', turnId, reason }));
    return andThen(dropped, (now) => release(now, identity));
  }
  const said = { id: turnId, speaker: identity, name, text, at };
  const turn = { ...said, addressed: isAddressed(quiet, { ...said, cutsAnswer }, policy) };
  const known = (now: ConversationState): ConversationState =>
    rememberSpoken(withHabits(now, identity, { dismissedHolds: 0 }), turn);
  const committed = andThen(shown, (now) => commitTurn(known(now), turn, policy));
  // What was not for the bot, or is answered behind the running reply, holds that no longer.
  return andThen(committed, (now) => release(now, identity));
}

/** How far it goes: words may have come before the ears noticed a sound. */
function endOf({ voicedTo, finalTo, interimTo }: VoiceFloor): number {
  return Math.max(voicedTo, finalTo, interimTo);
}

/** Drops words that are nobody's turn; what else their speaker has said stands. */
export function refuseVoice(
  state: ConversationState,
  { identity }: Person,
  reason: DropReason,
  at: number,
  policy: ConversationPolicy,
): Step {
  const floor = state.voices.get(identity);
  // Of no turn that was begun: they are told by the bot's own prefix alone.
  const turnId = floor?.turnId ?? `${identity}/${policy.voiceIds}`;
  const dropped = step(state, { type: 'drop-turn', turnId, reason });
  if (floor === undefined || floor.kind === 'speaking' || floor.finals.length > 0) return dropped;
  return andThen(dropped, (now) => commitVoice(now, { ...floor, interim: '' }, at, policy));
}

/** What the ears did not tell in time is taken as it stands. */
export function onWordsDue(
  state: ConversationState,
  dueAt: number,
  policy: ConversationPolicy,
): Step {
  const late = [...state.voices.values()].filter((one) => voiceDueAt(one, policy) <= dueAt);
  return commitVoices(state, late, dueAt, policy);
}

/** Takes what all these are saying as it stands. */
export function commitVoices(
  state: ConversationState,
  floors: readonly VoiceFloor[],
  at: number,
  policy: ConversationPolicy,
): Step {
  return floors.reduce(
    (before, floor) => andThen(before, (now) => commitVoice(now, floor, at, policy)),
    step(state),
  );
}

/** When the first of those who speak is overdue. */
export function wordsDueAt(
  state: ConversationState,
  policy: ConversationPolicy,
): number | undefined {
  if (state.voices.size === 0) return undefined;
  return Math.min(...[...state.voices.values()].map((floor) => voiceDueAt(floor, policy)));
}

function whyDropped(
  state: ConversationState,
  { speaker }: VoiceFloor,
  text: string,
  at: number,
): DropReason | undefined {
  if (state.reply.kind === 'speaking' && isBackchannel(text)) return 'backchannel';
  return isHeardTwice(state, { speaker: speaker.identity, text, at }) ? 'repeated' : undefined;
}
