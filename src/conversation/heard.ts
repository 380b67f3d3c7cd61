import type { ReplyEnd, SpokenText } from './events.ts';
import type { LiveReply, OwedTurn } from './state.ts';

/** The reply once `piece` was heard: the pieces' originals make up the model's own text. */
export function hear(reply: LiveReply, piece: SpokenText): LiveReply {
  return { ...reply, kind: 'speaking', heard: reply.heard + piece.original };
}

/**
 * What the end that the mouth told was for the room. An answer without a word, and an interruption
 * of silence that nobody asked for, are failures: their turns get an apology and are not tried
 * again, or the room would loop. While the link is down nobody would hear the apology, so a reply
 * of which nothing was heard counts as cut and is made again.
 */
export function endOf(reply: LiveReply, told: ReplyEnd, link: 'up' | 'down'): ReplyEnd {
  if (told === 'finished' && reply.heard.trim() !== '') return 'finished';
  if (reply.stopping) return 'interrupted';
  if (reply.kind === 'thinking') return link === 'down' ? 'interrupted' : 'failed';
  return told === 'interrupted' ? 'interrupted' : 'failed';
}

/** Whether not a word of the reply was heard, though its first sound may have been. */
export function isUnheard({ heard }: LiveReply): boolean {
  return heard.trim() === '';
}

/**
 * The turns of a reply that ended so at `at` which are still owed an answer: it did not begin, or we cut
 * it before its first word was over. Those that wait for who cut it have not waited for the model so far.
 */
export function stillOwed(reply: LiveReply, end: ReplyEnd, at: number): readonly OwedTurn[] {
  const { answers, cutBy } = reply;
  if (end !== 'interrupted') return [];
  if (reply.kind === 'thinking') return answers;
  if (!reply.stopping || !isUnheard(reply)) return [];
  return cutBy === undefined
    ? answers
    : answers.map((turn) => ({ ...turn, since: at, waitsFor: cutBy }));
}
