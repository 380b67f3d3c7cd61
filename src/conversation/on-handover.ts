import { cutReply } from './on-reply.ts';
import type { ConversationState } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';

/** The running reply may go on for a while; the next one waits until the hand-over is ready. */
export function onHandoverRequested(state: ConversationState): Step {
  return step({ ...state, handover: 'finishing' });
}

/** As if it had not been asked for. */
export function onHandoverWithdrawn(state: ConversationState): Step {
  return step({ ...state, handover: 'none' });
}

/** The reply took too long for the worker that waits. */
export function onHandoverReplyDue(state: ConversationState): Step {
  return cutReply(state, 'handover');
}

/**
 * Nothing is being said: the worker may send the successor. From here on replies start again, for
 * the room is ours until we are evicted.
 */
export function reportReady(state: ConversationState): Step {
  if (state.handover !== 'finishing' || state.reply.kind !== 'none') return step(state);
  return step({ ...state, handover: 'ready' }, { type: 'report-handover-ready' });
}
