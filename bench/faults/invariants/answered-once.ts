import type { Observations, SavedMessage, Violation } from '../observations.ts';
import { epochsAsking, groupBy } from './holding.ts';

/**
 * A question is answered at most once. Counted are
 *
 * - finished replies in the memory, over all saves of a talk, that answer one turn: at most one. Those
 *   that came by the inbox are not counted: their bot spoke, but had lost its lease before it could save,
 *   and what its successor took over was without them;
 * - answers that arrive at the visitor: at most one of each bot (epoch) that asked the model about it.
 *   Where a bot dies between speaking and saving, its successor cannot know that the saved turn was
 *   answered, and answers it: that is no violation, two answers of one bot are.
 */
export function checkAnsweredOnce(
  seen: Pick<Observations, 'saves' | 'inbox' | 'lines' | 'leases' | 'requests'>,
): readonly Violation[] {
  return [...findDoubledReplies(seen), ...findDoubledAnswers(seen)];
}

function findDoubledReplies({
  saves,
  inbox,
}: Pick<Observations, 'saves' | 'inbox'>): readonly Violation[] {
  const late = new Set(inbox.map(({ message }) => message));
  return [...groupBy(saves, ({ session }) => session)].flatMap(([room, ofRoom]) => {
    const replies = new Map<string, SavedMessage & { readonly at: number }>();
    for (const { at, messages } of ofRoom) {
      for (const one of messages) {
        if (one.ended === 'finished' && !replies.has(one.id)) replies.set(one.id, { ...one, at });
      }
    }
    const inTime = [...replies.values()].filter(({ id }) => !late.has(id));
    const answers = inTime.flatMap((one) =>
      (one.answers ?? []).map((turn) => ({ turn, reply: one.id, at: one.at })),
    );
    return [...groupBy(answers, ({ turn }) => turn)].flatMap(([turn, ofTurn]) => {
      const second = ofTurn[1];
      if (second === undefined) return [];
      const what = `the turn ${turn} has two finished replies: ${ofTurn.map(({ reply }) => reply).join(' and ')}`;
      return [{ invariant: 'answered-once', key: `${room} ${turn}`, at: second.at, room, what }];
    });
  });
}

function findDoubledAnswers({
  lines,
  leases,
  requests,
}: Pick<Observations, 'lines' | 'leases' | 'requests'>): readonly Violation[] {
  const answers = lines.flatMap(({ at, room, token }) =>
    token === undefined ? [] : [{ at, room, token }],
  );
  return [...groupBy(answers, ({ token }) => token)].flatMap(([token, ofToken]) => {
    const last = ofToken.at(-1);
    if (last === undefined || ofToken.length < 2) return [];
    const { at, room } = last;
    const epochs = epochsAsking(leases, requests, { room, token, at });
    if (ofToken.length <= epochs.length) return [];
    const what = `${token} was answered ${ofToken.length} times by the bots of the epochs ${epochs.join(', ')}`;
    return [{ invariant: 'answered-once', key: `${room} ${token}`, at, room, what }];
  });
}
