import { habitsOf, wordsOf } from './voices.ts';
import type { VoiceFloor } from './voices.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';

/**
 * How long this speaker must be silent to have finished, in ms: short behind a finished sentence, long
 * behind a word that calls for another one, and never shorter than the pauses that they are used to
 * make in the middle.
 */
export function silenceNeeded(
  state: ConversationState,
  floor: VoiceFloor,
  policy: ConversationPolicy,
): number {
  const { minSilenceMs, maxSilenceMs } = policy.speech;
  const text = wordsOf(floor).trim();
  if (isFinished(text)) return minSilenceMs;
  const base =
    minSilenceMs * (goesOn(text) ? FACTORS.goesOn : FACTORS[isOpen(text) ? 'open' : 'bare']);
  const used = habitsOf(state, floor.speaker.identity).pauseMs * PAUSE_MARGIN;
  return Math.round(Math.min(maxSilenceMs, Math.max(base, used)));
}

/**
 * Silences other than the shortest, as multiples of it: behind a word that calls for another one; where
 * nothing was understood yet, or a number stands, which may be the first of several; behind words
 * without a mark.
 */
const FACTORS = { goesOn: 6, open: 4, bare: 2.4 };

/** A pause of theirs may be somewhat longer than the last ones. */
const PAUSE_MARGIN = 1.4;

/** What a new pause makes of the length that is remembered. */
export function adaptedPause(before: number, pauseMs: number): number {
  return before === 0 ? pauseMs : before + (pauseMs - before) * PAUSE_WEIGHT;
}

const PAUSE_WEIGHT = 0.3;

function isFinished(text: string): boolean {
  return (
    /[.!?。！？][)"'”’」』]*$/.test(text) && !/(?:\.\.|…)[)"'”’」』]*$/.test(text) && !goesOn(text)
  );
}

/** Whether it ends with a word, or a mark, behind which nobody stops. */
export function goesOn(text: string): boolean {
  const bare = text.replace(/[\s.,;:…、。-]+$/u, '');
  return /[,;:、…-]$/.test(text) || ENGLISH.test(bare) || JAPANESE.test(bare);
}

/** Nothing was understood yet, or a list of numbers that may have more. */
function isOpen(text: string): boolean {
  return text === '' || /\p{N}[.,]?$/u.test(text);
}

/** Conjunctions, articles, prepositions and fillers at the end. */
const ENGLISH =
  /(?:^|[\s,])(?:and|but|or|so|because|if|when|while|that|which|who|than|then|like|the|a|an|my|your|to|of|for|with|from|in|on|at|by|about|is|are|was|i|i'm|it's|we|they|you know|um+|uh+|er+|erm|hmm+|well|actually|let me see)$/i;
const JAPANESE =
  /(?:から|けど|けれど|けれども|ので|のに|して|って|とか|たり|だから|でも|それで|えっと|えーと|あの|あのー|その|まあ|なんか|[がをにはとでのへも])$/;
