import type { ContextMessage } from '../memory/context.ts';

/**
 * The talk as the model is to read it: each answer right behind the last turn that it answers, what
 * is still to be answered last. In memory a line that came while the bot answered another stands
 * before that answer, and a model that finds its own words last takes the talk for finished.
 */
export function inTalkOrder(messages: readonly ContextMessage[]): readonly ContextMessage[] {
  const places = new Map(messages.map(({ id }, place) => [id, place]));
  const ordered = messages
    .map((message, place) => ({ message, place: placeOf(message, places) ?? place }))
    .sort((one, other) => one.place - other.place)
    .map(({ message }) => message);
  const lastTurn = ordered.findLastIndex(isTurn);
  const turns = ordered.findLastIndex((message, place) => place < lastTurn && !isTurn(message)) + 1;
  const said = ordered.slice(lastTurn + 1);
  return [...ordered.slice(0, turns), ...said, ...ordered.slice(turns, lastTurn + 1)];
}

/** Where the last of the turns stands that a message answers, if it answers one. */
function placeOf(message: ContextMessage, places: ReadonlyMap<string, number>): number | undefined {
  if (message.role !== 'assistant') return undefined;
  const answered = message.answers.flatMap((id) => places.get(id) ?? []);
  return answered.length === 0 ? undefined : Math.max(...answered);
}

function isTurn(message: ContextMessage): boolean {
  return message.role === 'user';
}
