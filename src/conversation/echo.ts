import type { EventOf } from './events.ts';
import type { ConversationState, TimedText } from './state.ts';
import { wordUnits } from './word-units.ts';

/** How long the bot's words may come back by somebody's microphone, in ms. */
const ECHO_MS = 5_000;
/** How far apart two microphones may tell of one and the same speech, in ms. */
const TWICE_MS = 1_500;
const MOST_KEPT = 64;

/** The state that knows these words of the bot as heard. */
export function rememberOwn(
  state: ConversationState,
  { piece, at }: EventOf<'reply-progress'>,
): ConversationState {
  const words = { speaker: '', text: piece.text, at };
  return { ...state, ownWords: recent([...state.ownWords, words], at, ECHO_MS) };
}

/** The state that knows this turn as spoken. */
export function rememberSpoken(state: ConversationState, turn: TimedText): ConversationState {
  return { ...state, spokenTurns: recent([...state.spokenTurns, turn], turn.at, TWICE_MS) };
}

/**
 * Whether these words are mostly the bot's own of the last seconds: four of five of them, in the same
 * order. One or two words are an echo only where the bot said them in one go.
 */
export function isEcho(state: ConversationState, text: string, at: number): boolean {
  const own = recent(state.ownWords, at, ECHO_MS);
  const said = wordUnits(own.map((one) => one.text).join(' '));
  const words = wordUnits(text);
  if (words.length === 0 || said.length === 0) return false;
  if (words.length <= 2) return ` ${said.join(' ')} `.includes(` ${words.join(' ')} `);
  return commonInOrder(words, said) >= words.length * ECHO_SHARE;
}

const ECHO_SHARE = 0.8;

/** Whether another microphone has just told the same. */
export function isHeardTwice(state: ConversationState, turn: TimedText): boolean {
  const words = wordUnits(turn.text).join(' ');
  return recent(state.spokenTurns, turn.at, TWICE_MS).some(
    (other) => other.speaker !== turn.speaker && wordUnits(other.text).join(' ') === words,
  );
}

function recent(texts: readonly TimedText[], at: number, forMs: number): readonly TimedText[] {
  return texts.filter((one) => at - one.at <= forMs).slice(-MOST_KEPT);
}

/** Length of the longest common subsequence; both are short. */
function commonInOrder(one: readonly string[], other: readonly string[]): number {
  let before = Array.from({ length: other.length + 1 }, () => 0);
  for (const word of one) {
    const row = [0];
    other.forEach((heard, at) => {
      const longer = Math.max(row[at] ?? 0, before[at + 1] ?? 0);
      row.push(word === heard ? (before[at] ?? 0) + 1 : longer);
    });
    before = row;
  }
  return before.at(-1) ?? 0;
}
