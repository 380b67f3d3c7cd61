import type { Fields } from './engine.ts';
import { SqsRefusal } from './refusal.ts';

/**
 * Answers a batch action entry by entry: some may fail and the answer is still a success.
 * Throws SqsRefusal when the batch itself is not right.
 */
export async function runBatch(
  request: Fields,
  runEntry: (entry: Fields) => Promise<Fields>,
): Promise<Fields> {
  const entries = (request['Entries'] ?? []) as readonly Fields[];
  checkBatch(entries);
  const successful: Fields[] = [];
  const failed: Fields[] = [];
  for (const entry of entries) {
    const { Id, ...fields } = entry;
    try {
      const answer = await runEntry({ ...fields, QueueUrl: request['QueueUrl'] });
      successful.push({ ...answer, Id });
    } catch (error) {
      if (!(error instanceof SqsRefusal)) throw error;
      failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful: successful, Failed: failed };
}

function checkBatch(entries: readonly Fields[]): void {
  if (entries.length === 0)
    throw refusal('EmptyBatchRequest', 'There should be at least one entry.');
  if (entries.length > 10) {
    throw refusal('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  }
  const ids = entries.map((entry) => String(entry['Id']));
  if (new Set(ids).size < ids.length) throw refusal('BatchEntryIdsNotDistinct', 'Id repeated.');
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw refusal('InvalidBatchEntryId', 'An id is 1 to 80 letters, digits, hyphens, underscores.');
  }
}

function refusal(code: string, message: string): SqsRefusal {
  return new SqsRefusal(code, message);
}
