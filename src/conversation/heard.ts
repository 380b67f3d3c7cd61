import type { ReplyEnd, SpokenText } from './events.ts';
import type { LiveReply } from './state.ts';

/** The reply once `piece` was heard: the pieces' originals make up the model's own text. */
export function hear(reply: LiveReply, piece: SpokenText): LiveReply {
  return { ...reply, kind: 'speaking', heard: reply.heard + piece.original };
}

/**
 * What the end of a reply was for the room. An end that nobody asked for and an answer without a
 * word are failures: their turns get an apology and are not tried again, or the room would loop.
 * While the link is down an apology would not be heard either, so the reply counts as cut.
 */
export function endOf(reply: LiveReply, said: ReplyEnd, link: 'up' | 'down'): ReplyEnd {
  if (said === 'finished' && reply.heard.trim() !== '') return 'finished';
  const silent = reply.kind === 'thinking';
  if (reply.stopping || (link === 'down' && silent)) return 'interrupted';
  return said === 'interrupted' && !silent ? 'interrupted' : 'failed';
}

/** Whether the turns of a reply that ended so are still owed an answer. */
export function isStillOwed(reply: LiveReply, end: ReplyEnd): boolean {
  return end === 'interrupted' && reply.kind === 'thinking';
}
