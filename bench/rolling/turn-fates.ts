import type { SavedMessage } from '../lib/memory.ts';
import { questionIn } from '../lib/questions.ts';
import type { Asked } from '../lib/talker.ts';
import { longestCommon } from './longest-common.ts';

/** What became of the turns of one room. */
export interface TurnFates {
  readonly turns: number;
  /** Asked, and not in the memory: of a spoken turn, less than half of its words. */
  readonly neverSaved: number;
  /** In the memory without a reply that the guest could read. */
  readonly neverAnswered: number;
  /** Messages that the memory once had and has not any more. */
  readonly savedAndGone: number;
  /** Turns that the guest read two replies to, whatever the memory keeps of them. */
  readonly answeredTwice: number;
  /** Spoken turns of which some words are missing, and more than half are there. */
  readonly heardInPart: number;
  /** Spoken turns after which nothing was heard or read before the guest went on. */
  readonly answerNotHeard: number;
}

/** Compares what a guest asked, and the lines it read, with what the memory holds in the end. */
export function turnFates(
  asked: readonly Asked[],
  lines: readonly string[],
  once: readonly SavedMessage[],
  memory: readonly SavedMessage[],
): TurnFates {
  const answered = readAnswers(memory, lines);
  const [written, spoken] = [writtenTurns(asked, lines, memory), spokenTurns(asked, memory)];
  const found = [...written, ...spoken];
  const isSaved = ({ share }: Found): boolean => share >= 0.5;
  const there = new Set(memory.map(({ id }) => id));
  return {
    turns: asked.length,
    neverSaved: found.filter((turn) => !isSaved(turn)).length,
    neverAnswered: found.filter(
      (turn) => isSaved(turn) && !turn.messageIds.every((id) => answered.has(id)),
    ).length,
    savedAndGone: once.filter(({ id }) => !there.has(id)).length,
    answeredTwice: found.filter(
      ({ messageIds, lines: named }) =>
        named > 1 || messageIds.some((id) => (answered.get(id) ?? 0) > 1),
    ).length,
    heardInPart: spoken.filter((turn) => isSaved(turn) && turn.share < 1).length,
    answerNotHeard: asked.filter((one) => one.how === 'spoken' && !one.answered).length,
  };
}

/** A turn in the memory. */
interface Found {
  /** How much of it is there. */
  readonly share: number;
  readonly messageIds: readonly string[];
  /** How many lines name it. */
  readonly lines: number;
}

/** How many replies answer each message, of those whose beginning the guest read. */
function readAnswers(
  memory: readonly SavedMessage[],
  lines: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { role, text, answers = [] } of memory) {
    if (role !== 'assistant' || !lines.some((line) => beginsAlike(line, text))) continue;
    for (const id of answers) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Either may be cut: the line at its sentence, the reply where it was no longer heard. */
function beginsAlike(line: string, text: string): boolean {
  const [one, other] = [wordsOf(line), wordsOf(text)];
  const length = Math.min(one.length, other.length);
  return length > 0 && one.slice(0, length).every((word, at) => word === other[at]);
}

function writtenTurns(
  asked: readonly Asked[],
  lines: readonly string[],
  memory: readonly SavedMessage[],
): readonly Found[] {
  const users = memory.filter(({ role }) => role === 'user');
  return asked.flatMap((one) => {
    if (one.how !== 'written') return [];
    const message = users.find(({ text }) => questionIn(text) === one.question);
    const named = lines.filter((line) => questionIn(line) === one.question).length;
    const [share, messageIds] = message === undefined ? [0, []] : [1, [message.id]];
    return [{ share, messageIds, lines: named }];
  });
}

/** Words are looked for in order over all messages: a turn may have been heard by two bots in turn. */
function spokenTurns(asked: readonly Asked[], memory: readonly SavedMessage[]): readonly Found[] {
  const said = asked.flatMap((one, turn) =>
    one.how === 'spoken' ? wordsOf(one.words).map((word) => ({ word, turn })) : [],
  );
  const heard = memory
    .filter(({ role, text }) => role === 'user' && questionIn(text) === undefined)
    .flatMap(({ id, text }) => wordsOf(text).map((word) => ({ word, id })));
  const pairs = longestCommon(
    said.map(({ word }) => word),
    heard.map(({ word }) => word),
  );
  return asked.flatMap((one, turn) => {
    if (one.how !== 'spoken') return [];
    const matched = pairs.filter(([at]) => said[at]?.turn === turn);
    const ids = matched.flatMap(([, at]) => heard[at]?.id ?? []);
    const share = matched.length / wordsOf(one.words).length;
    return [{ share, messageIds: [...new Set(ids)], lines: 0 }];
  });
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}
