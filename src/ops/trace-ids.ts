import { createHash } from 'node:crypto';

/** Where a span stands, in hex as W3C Trace Context writes it. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * The trace of a turn: the first 16 bytes of the SHA-256 of `["SESSION","TURN"]`, as JSON. Whoever
 * knows session and turn knows it: log lines carry it without tracing, and a successor that answers
 * the turn goes on with the same trace.
 */
export function traceOfTurn(session: string, turnId: string): string {
  return idsOf([session, turnId]).traceId;
}

/** The trace of a room's handover to `generation`, and its one span: the next 8 bytes. */
export function traceOfHandover(session: string, generation: number): TraceIds {
  return idsOf([session, 'handover', generation]);
}

function idsOf(name: readonly (string | number)[]): TraceIds {
  const hash = createHash('sha256').update(JSON.stringify(name)).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}
