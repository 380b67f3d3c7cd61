import type {
  $Command,
  ServiceInputTypes,
  ServiceOutputTypes,
  SQSClient,
  SQSClientResolvedConfig,
} from '@aws-sdk/client-sqs';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { toQueueError } from './errors.ts';

/** How long any call but a long poll may take, in ms, the finding of credentials included. */
const QUICK_LIMIT_MS = 3_000;

/**
 * Makes one call to SQS. The deadline is ours and not the SDK's, whose own does not cover credentials
 * or a body that stalls.
 * @throws TroupeError of service `queue`; the signal's reason when that aborts first.
 */
export async function callQueue<In extends ServiceInputTypes, Out extends ServiceOutputTypes>(
  client: SQSClient,
  command: $Command<In, Out, SQSClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
  signal?: AbortSignal,
  limitMs = QUICK_LIMIT_MS,
): Promise<Out> {
  const send = (abortSignal: AbortSignal): Promise<Out> => client.send(command, { abortSignal });
  try {
    return await withDeadline(systemClock, limitMs, send, signal);
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : toQueueError(error);
  }
}
