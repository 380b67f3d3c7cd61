import type { IncomingMessage } from 'node:http';
import { Rejection } from './rejection.ts';

/** Reads a body as text. Throws a 413 over 8 MiB, and the socket's error if it breaks. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Rejection({ status: 413, message: 'Request is too large.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const MAX_BODY = 8 << 20;
