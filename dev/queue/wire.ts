import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Fields } from './engine.ts';
import type { FaultsInForce } from './faults.ts';
import { SqsRefusal } from './refusal.ts';
import type { StrictQueue } from './strict.ts';

/** What the wire leads to. */
interface Deps {
  readonly queue: StrictQueue;
  readonly faults: FaultsInForce;
  /** The one access key id that is let in. */
  readonly accessKeyId: string;
}

/** SQS's JSON protocol (AWS JSON 1.0) over HTTP: the action in a header, fields in, fields out. */
export function makeWire(deps: Deps): Server {
  return createServer((request, response) => {
    serve(deps, request, response).catch((error: Error) => response.destroy(error));
  });
}

async function serve(
  deps: Deps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const action = actionOf(request);
    await deps.faults.meet(action);
    checkKey(request, deps.accessKeyId);
    const answer = await deps.faults.thin(action, await readFields(request), (fields) =>
      deps.queue.act(action, fields, gone.signal),
    );
    if (deps.faults.loses(action, answer)) response.destroy();
    else send(response, 200, answer);
  } catch (error) {
    if (!(error instanceof SqsRefusal)) throw error;
    const { code, status, message } = error;
    const fault = status < 500 ? 'Sender' : 'Receiver';
    const header = { 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};${fault}` };
    send(response, status, { __type: `com.amazonaws.sqs#${code}`, message }, header);
  }
}

/** SQS keeps the error codes of its old protocol in a header, where these differ. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
};
const LONGEST_REQUEST = 4 << 20;

function actionOf(request: IncomingMessage): string {
  const [service, action] = String(request.headers['x-amz-target']).split('.');
  if (service === 'AmazonSQS' && action !== undefined) return action;
  throw new SqsRefusal('InvalidAction', 'Only the JSON protocol of SQS is spoken here.');
}

function checkKey(request: IncomingMessage, accessKeyId: string): void {
  const credential = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (credential === accessKeyId) return;
  const message = 'The security token included in the request is invalid.';
  throw new SqsRefusal('InvalidClientTokenId', message, 403);
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_REQUEST) throw new SqsRefusal('RequestEntityTooLarge', 'Too long.', 413);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Fields;
  } catch {
    throw new SqsRefusal('SerializationException', 'The body is not JSON.');
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: Fields,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
  response.end(JSON.stringify(body));
}
