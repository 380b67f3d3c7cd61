import { invalidParameter } from './refusal.ts';

/**
 * Refuses a group or deduplication id that SQS refuses: both are 1 to 128 letters, digits and
 * ASCII punctuation marks (SendMessage, API reference). Absent ones are somebody else's to judge.
 */
export function checkId(name: 'MessageGroupId' | 'MessageDeduplicationId', id: unknown): void {
  if (id === undefined || (typeof id === 'string' && /^[!-~]{1,128}$/.test(id))) return;
  const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw invalidParameter(name, id, reason);
}
