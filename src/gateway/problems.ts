import { isTroupeError } from '../errors.ts';
import type { TroupeError } from '../errors.ts';
import type { Problem } from './api.ts';

/** A request is refused: by the caller's fault, and with what he can do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;

  /** `word` is the problem's type after `urn:troupe:`. */
  constructor(status: number, word: string, title: string, detail: string) {
    super(`${title}: ${detail}`);
    this.problem = { type: `urn:troupe:${word}`, title, status, detail };
  }
}

/** What a caller is told of a failure: of ours no more than whether it is worth another try. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  if (isTroupeError(error)) return ofOurs(error);
  return ofFastify(statusOf(error)) ?? UNEXPECTED;
}

function ofOurs({ service, retryable }: TroupeError): Problem {
  return {
    type: 'urn:troupe:unavailable',
    title: 'Not available',
    status: 503,
    detail: retryable
      ? `The ${service} does not answer. Nothing was begun; try again in some seconds.`
      : `The ${service} cannot be used as it is set up. Nothing was begun; the operator’s log says why.`,
  };
}

const UNEXPECTED: Problem = {
  type: 'urn:troupe:unexpected',
  title: 'Unexpected error',
  status: 500,
  detail: 'This is a defect of the service; its log says where.',
};

/** What the web framework itself refuses. */
function ofFastify(status: number): Problem | undefined {
  const known = BY_STATUS[status];
  return known && { type: `urn:troupe:${known[0]}`, title: known[1], status, detail: known[2] };
}

const BY_STATUS: Readonly<Record<number, readonly [string, string, string]>> = {
  400: ['invalid-json', 'Not JSON', 'The body is to be one JSON object in UTF-8.'],
  413: ['too-large', 'Body too large', 'A request needs no more than 4 KiB.'],
  415: ['unsupported-media-type', 'Not JSON', 'Send content-type: application/json.'],
};

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}
