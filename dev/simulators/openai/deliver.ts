import type { ServerResponse } from 'node:http';
import type { Completion, Dialect } from './dialect.ts';
import type { Ledger, ServedRequest } from './ledger.ts';
import { runStream, type StreamPlan } from './stream.ts';
import { nowMs } from '../common/time.ts';
import { waitWhileOpen } from './time.ts';
import { firstSentenceEnd } from './tokens.ts';

interface DeliveryDeps {
  readonly dialect: Dialect;
  readonly ledger: Ledger;
}

/** Streams the planned answer and keeps its record. */
export function deliverStream(
  { dialect, ledger }: DeliveryDeps,
  response: ServerResponse,
  record: ServedRequest,
  completion: Completion,
  plan: StreamPlan,
): void {
  const frames = dialect.frames(completion);
  const sentence = firstSentenceEnd(plan.tokens) + 1;
  record.status = 200;
  response.writeHead(200, {
    'content-type': dialect.streamType,
    'cache-control': 'no-cache',
    ...dialect.headers(record.id),
  });
  response.write(frames.opening);
  runStream(response, { ...frames, ending: () => frames.ending(plan.reason, record) }, plan, {
    sent(count, at) {
      record.completionTokens = count;
      record.firstTokenAt ??= at;
      if (count >= sentence) record.firstSentenceAt ??= at;
    },
    ended: (outcome) => ledger.close(record, outcome, nowMs()),
  });
}

/**
 * Sends the planned answer in one body, after the time that its tokens take. A stream's stall and
 * its endless answer become silence here, a cut and an early end a closed connection, a malformed
 * chunk half a body, and an error in the stream a 502.
 */
export async function deliverWhole(
  { dialect, ledger }: DeliveryDeps,
  response: ServerResponse,
  record: ServedRequest,
  completion: Completion,
  plan: StreamPlan,
): Promise<void> {
  const { tokens, pace } = plan;
  const kind = plan.breakage?.kind;
  if (plan.endless || kind === 'stall') return;
  const open = await waitWhileOpen(response, pace.firstTokenMs + pace.perTokenMs * tokens.length);
  if (!open) return;
  if (kind === 'stream-error') throw dialect.refusals.serverError(502);
  if (kind === 'cut' || kind === 'ends-early') {
    ledger.close(record, 'failed', nowMs());
    response.destroy();
    return;
  }
  record.completionTokens = tokens.length;
  record.status = 200;
  ledger.close(record, kind === undefined ? 'completed' : 'failed', nowMs());
  const body = JSON.stringify(dialect.whole(completion, tokens.join(''), plan.reason, record));
  response.writeHead(200, { 'content-type': 'application/json', ...dialect.headers(record.id) });
  response.end(kind === undefined ? body : body.slice(0, body.length / 2));
}
