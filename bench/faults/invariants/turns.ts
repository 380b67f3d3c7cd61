import type { Observations, Saved, SavedMessage, Violation } from '../observations.ts';
import { groupBy } from './holding.ts';

/**
 * No committed turn lost or doubled. Committed is what a save of the memory held, and the database
 * keeps book of every save. Of two saves of a talk in a row the later one
 *
 * - has every user's turn of the earlier one, unless it was among the oldest messages that a summary
 *   stands for since;
 * - has them in the same order, each once;
 * - has no second turn with a token (or with the words of a recording) that another one has: a visitor
 *   says each once in a room.
 */
export function checkTurns(
  seen: Pick<Observations, 'saves' | 'asked' | 'spoken'>,
): readonly Violation[] {
  return [...groupBy(seen.saves, ({ session }) => session).values()].flatMap((saves) => [
    ...saves.flatMap((save, at) => [
      ...findDoubledIds(save),
      ...compare(saves[at - 1]?.messages ?? [], save),
    ]),
    ...findDoubledTurns(saves, seen),
  ]);
}

function compare(before: readonly SavedMessage[], save: Saved): readonly Violation[] {
  const after = save.messages;
  const kept = new Set(after.map(({ id }) => id));
  const turns = turnsOf(before);
  const lost = turns.filter(({ id }) => !kept.has(id));
  const firstKept = turns.findIndex(({ id }) => kept.has(id));
  const oldest = firstKept < 0 ? turns.length : firstKept;
  const summed = isSummedUpAnew(before, after) ? oldest : 0;
  const missing = turns.slice(summed).filter((turn) => lost.includes(turn));
  const order = turns.filter(({ id }) => kept.has(id)).map(({ id }) => id);
  const known = new Set(order);
  const now = turnsOf(after).flatMap(({ id }) => (known.has(id) ? [id] : []));
  const findings = missing.map(({ id, text }) => violation(save, `lost ${id}`, `lost: ${text}`));
  return now.join() === order.join() || missing.length > 0
    ? findings
    : [...findings, violation(save, `order ${now.join()}`, 'turns have changed their order')];
}

function isSummedUpAnew(before: readonly SavedMessage[], after: readonly SavedMessage[]): boolean {
  const known = new Set(before.map(({ id }) => id));
  return after.some(({ role, id }) => role === 'summary' && !known.has(id));
}

function findDoubledIds(save: Saved): readonly Violation[] {
  const ids = save.messages.map(({ id }) => id);
  const doubled = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
  return [...doubled].map((id) => violation(save, `id ${id}`, `message ${id} is there twice`));
}

function findDoubledTurns(
  saves: readonly Saved[],
  { asked, spoken }: Pick<Observations, 'asked' | 'spoken'>,
): readonly Violation[] {
  const [last] = saves.slice(-1);
  if (last === undefined) return [];
  const all = new Map(
    saves.flatMap(({ messages }) => turnsOf(messages)).map((one) => [one.id, one]),
  );
  const said = [
    ...asked.filter(({ room }) => room === last.session).map(({ token }) => token),
    ...spoken.filter(({ room }) => room === last.session).map(({ text }) => text),
  ];
  return said.flatMap((what) => {
    const turns = [...all.values()].filter(({ text }) => says(text, what));
    if (turns.length < 2) return [];
    const ids = turns.map(({ id }) => id).join(' and ');
    return [violation(last, `doubled ${what}`, `saved twice, as ${ids}: ${what}`)];
  });
}

/** As a word, not as the beginning of another one. */
function says(text: string, what: string): boolean {
  const at = text.indexOf(what);
  return at >= 0 && !/\w/.test(text[at + what.length] ?? '');
}

function turnsOf(messages: readonly SavedMessage[]): readonly SavedMessage[] {
  return messages.filter(({ role }) => role === 'user');
}

function violation({ session, at, epoch }: Saved, key: string, what: string): Violation {
  const told = `epoch ${epoch}: ${what}`;
  return { invariant: 'turns', key: `${session} ${key}`, at, room: session, what: told };
}
