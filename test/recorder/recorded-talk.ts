import { openConversation } from '../../src/conversation/conversation.ts';
import type { EventBody } from '../../src/conversation/events.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { RULES } from '../support/timeline.ts';
import { openRecorded } from './recorded.ts';

/** Lives a talk through with a recorder at its tap; gives the recording's lines. */
export async function recordTalk(
  events: readonly (readonly [at: number, event: EventBody])[],
  {
    withText = false,
    ...rules
  }: Partial<ConversationPolicy> & { readonly withText?: boolean } = {},
): Promise<readonly string[]> {
  const clock = openHandClock();
  const policy = { ...RULES, ...rules };
  const { recorder, lines } = openRecorded(clock, () => policy, { withText });
  using conversation = openConversation(
    { clock, tap: recorder.take },
    () => policy,
    () => undefined,
  );
  for (const [at, event] of events) {
    clock.pass(at - clock.monotonicMs());
    conversation.post(event);
  }
  await recorder[Symbol.asyncDispose]();
  return lines;
}
