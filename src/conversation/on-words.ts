import { interruptByWords, release } from './barge-in.ts';
import { isEcho } from './echo.ts';
import type { DropReason } from './commands.ts';
import type { EventOf } from './events.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';
import { commitVoice, isUnderstood, refuseVoice, watchSilence } from './voice-turn.ts';
import { habitsOf, openVoice, withoutVoice, withVoice, wordsOf } from './voices.ts';
import type { VoiceFloor } from './voices.ts';
import { wordUnits } from './word-units.ts';

type WordsHeard = EventOf<'words-heard'>;

/** Words, sure or not, become part of what their speaker is saying, or they are dropped. */
export function onWordsHeard(
  state: ConversationState,
  event: WordsHeard,
  policy: ConversationPolicy,
): Step {
  const { person, text, final, at } = event;
  const { identity } = person;
  // Who begins only now is the next bot's to hear.
  const isLate = state.phase === 'leaving' && !state.voices.has(identity);
  if (person.kind === 'bot' || isLate) return step(state);
  if (text.trim() === '') return final ? voidInterim(state, identity, at, policy) : step(state);
  const reason = whyUnheard(state, event);
  if (reason !== undefined) {
    return final ? refuseVoice(state, person, reason, at, policy) : step(state);
  }
  const before = state.voices.get(identity);
  const [known, floor] =
    before === undefined ? openVoice(state, person, at, policy) : [state, before];
  const understood = understand(floor, event);
  const words = wordsOf(understood);
  const said = step(
    { ...withVoice(known, understood), lastActivityAt: at, deafnessSaid: false },
    {
      type: 'show-transcript',
      turnId: floor.turnId,
      speaker: identity,
      text: words,
      final: false,
    },
  );
  const cut = andThen(said, (now) => interruptByWords(now, person, words, policy));
  return andThen(cut, (now) => reconsider(now, now.voices.get(identity) ?? understood, at, policy));
}

/** The words were too unsure to count. */
export function onWordsDropped(
  state: ConversationState,
  { identity, at }: EventOf<'words-dropped'>,
  policy: ConversationPolicy,
): Step {
  return voidInterim(state, identity, at, policy);
}

/** Nobody is to talk to a deaf bot: it is said, once until somebody is understood again. */
export function onUnheard(state: ConversationState, { identity }: EventOf<'unheard'>): Step {
  const isHuman = state.people.get(identity)?.kind === 'human';
  if (state.phase !== 'open' || !isHuman || state.deafnessSaid) return step(state);
  return step({ ...state, deafnessSaid: true }, { type: 'say', line: 'cannot-hear' });
}

/** A provider's end of words is a little off; what is spoken next ends later than this. */
const SAME_MS = 250;

function whyUnheard(
  state: ConversationState,
  { person, text, audioFrom, audioTo, at }: WordsHeard,
): DropReason | undefined {
  const { committedTo, committedWords } = habitsOf(state, person.identity);
  if (audioTo <= committedTo + SAME_MS) return 'already-committed';
  // A provider that lost its connection hears some of it again, and may be off by more than that.
  const overlaps = audioFrom + SAME_MS < committedTo;
  const again = ` ${committedWords} `.includes(` ${wordUnits(text).join(' ')} `);
  if (overlaps && again) return 'already-committed';
  return isEcho(state, text, at) ? 'echo' : undefined;
}

function understand(floor: VoiceFloor, { text, final, audioTo, at }: WordsHeard): VoiceFloor {
  const words = text.trim();
  // More words are on their way to who waits for them, also where the ears have not noticed a sound.
  const isMore = floor.kind === 'waiting' && words !== floor.interim;
  const since = isMore ? at : floor.since;
  if (!final) return { ...floor, interim: words, interimTo: audioTo, since };
  return { ...floor, finals: [...floor.finals, words], interim: '', finalTo: audioTo, since };
}

/** Who talks on and on is answered in pieces. */
const MAX_CHARACTERS = 4_000;

/** What was understood may change how long a silence must be, or be all that was waited for. */
function reconsider(
  state: ConversationState,
  floor: VoiceFloor,
  at: number,
  policy: ConversationPolicy,
): Step {
  if (wordsOf(floor).length > MAX_CHARACTERS) return commitVoice(state, floor, at, policy);
  if (floor.kind === 'speaking') return step(state);
  if (floor.kind === 'pausing') return watchSilence(state, floor, floor.since, policy);
  return isUnderstood(floor) ? commitVoice(state, floor, at, policy) : step(state);
}

/** What there is besides the interim stands; nothing more will come for the speech so far. */
function voidInterim(
  state: ConversationState,
  identity: string,
  at: number,
  policy: ConversationPolicy,
): Step {
  const floor = state.voices.get(identity);
  if (floor === undefined) return step(state);
  const known = { ...floor, interim: '', finalTo: Math.max(floor.finalTo, floor.voicedTo) };
  const text = wordsOf(known);
  if (text === '' && floor.kind === 'speaking') return speakOn(state, floor, at, policy);
  if (text === '' || floor.kind === 'waiting') return commitVoice(state, known, at, policy);
  const { turnId } = floor;
  return step(withVoice(state, known), {
    type: 'show-transcript',
    turnId,
    speaker: identity,
    text,
    final: false,
  });
}

/** Nothing was said so far: a reply that is heard goes on, and who still speaks begins anew. */
function speakOn(
  state: ConversationState,
  { turnId, speaker, since, cutsAnswer }: VoiceFloor,
  at: number,
  policy: ConversationPolicy,
): Step {
  const { identity } = speaker;
  const [known, floor] = openVoice(withoutVoice(state, identity), speaker, at, policy);
  const shown = step(withVoice(known, { ...floor, kind: 'speaking', since, cutsAnswer }), {
    type: 'show-transcript',
    turnId,
    speaker: identity,
    text: '',
    final: true,
  });
  // One that is not heard yet waits for them as long as for anybody.
  return state.reply.kind === 'speaking' ? andThen(shown, (now) => release(now, identity)) : shown;
}
