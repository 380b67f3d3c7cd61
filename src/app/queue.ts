import { makeSqsQueue } from '../adapters/sqs/queue.ts';
import type { Config } from '../config.ts';
import { TroupeError } from '../errors.ts';
import { newId } from '../lib/ids.ts';
import type { Queue } from '../ports/queue.ts';
import { parseActivation, startMessage } from '../worker/activation.ts';

/** A room that somebody asks for. */
export interface RoomRequest {
  readonly room: string;
  /** Default: the room's name. */
  readonly session?: string | undefined;
  /** Default: the one that the session's row names. */
  readonly character?: string | undefined;
  readonly mode?: string | undefined;
}

/** The fleet's queue. */
export function makeQueue(config: Config): Queue & Disposable {
  return makeSqsQueue(sqsOptions(config));
}

/** How the configured queue is reached. */
export function sqsOptions(config: Config) {
  return {
    queueUrl: config.SQS_QUEUE_URL,
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    deadLetterUrl: config.SQS_DLQ_URL,
  };
}

/**
 * Asks for a bot in a room; resolves with the message's id.
 * @throws TroupeError of service `queue`: also, and before it is sent, of a message that no worker takes.
 */
export async function enqueue(config: Config, request: RoomRequest): Promise<string> {
  const message = startMessage(request, newId());
  const parsed = parseActivation(message.body);
  if (!parsed.ok) {
    throw new TroupeError(`the message is not sent, no worker would take it: ${parsed.reason}`, {
      kind: 'rejected',
      fault: 'room',
      service: 'queue',
    });
  }
  using queue = makeQueue(config);
  return await queue.send(message);
}
