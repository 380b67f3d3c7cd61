import { randomUUID } from 'node:crypto';
import type { Timed } from '../voice/speaker.ts';

/** Which context a message is about, and how often it was flushed before, counted from 1. */
export interface Place {
  readonly contextId: string;
  readonly flushId: number;
}

/** A piece of sound. */
export function chunk({ contextId, flushId }: Place, bytes: Buffer): object {
  return {
    type: 'chunk',
    data: bytes.toString('base64'),
    done: false,
    status_code: 206,
    step_time: 12,
    context_id: contextId,
    flush_id: flushId,
  };
}

/** When words sound, in seconds of the context. */
export function timestamps({ contextId, flushId }: Place, words: readonly Timed[]): object {
  return {
    type: 'timestamps',
    done: false,
    status_code: 206,
    context_id: contextId,
    flush_id: flushId,
    word_timestamps: {
      words: words.map(({ text }) => text),
      start: words.map(({ fromMs }) => fromMs / 1_000),
      end: words.map(({ toMs }) => toMs / 1_000),
    },
  };
}

/** All that came before a flush has been spoken. */
export function flushDone({ contextId, flushId }: Place): object {
  return {
    type: 'flush_done',
    done: false,
    flush_done: true,
    flush_id: flushId,
    status_code: 206,
    context_id: contextId,
  };
}

/** The context has ended. */
export function done(contextId: string): object {
  return { type: 'done', done: true, status_code: 206, context_id: contextId };
}

/** A context, or a message that named none, failed. */
export function failure(
  status: number,
  code: string,
  message: string,
  contextId: string | undefined,
): object {
  return {
    type: 'error',
    title: TITLES[status] ?? 'Internal server error',
    message,
    error_code: code,
    status_code: status,
    request_id: randomUUID(),
    doc_url: `https://docs.cartesia.ai/api-reference/errors#${code}`,
    done: true,
    ...(contextId !== undefined && { context_id: contextId }),
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  429: 'Too many requests',
};
