import { cutReply } from './on-reply.ts';
import type { ConversationState } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { isFinishing } from './turn-policy.ts';

/**
 * The running reply may go on for a while, and so may whoever speaks: half a sentence each would reach
 * us and the next one, and the word between them neither. The next reply waits until it is ready.
 */
export function onHandoverRequested(state: ConversationState): Step {
  return step({ ...state, handover: 'finishing' });
}

/** As if it had not been asked for. */
export function onHandoverWithdrawn(state: ConversationState): Step {
  return step({ ...state, handover: 'none' });
}

/** It took too long for the worker that waits. */
export function onHandoverDue(state: ConversationState): Step {
  return cutReply({ ...state, handover: 'overdue' }, 'handover');
}

/**
 * Nothing is being said: the worker may send the successor. From here on replies start again, for
 * the room is ours until we are evicted.
 */
export function reportReady(state: ConversationState): Step {
  const isQuiet = state.voices.size === 0 || state.handover === 'overdue';
  if (!isFinishing(state) || state.reply.kind !== 'none' || !isQuiet) return step(state);
  return step({ ...state, handover: 'ready' }, { type: 'report-handover-ready' });
}
