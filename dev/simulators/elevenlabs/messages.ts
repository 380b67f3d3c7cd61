import { z } from 'zod';
import type { Timed } from '../voice/speaker.ts';

const contextId = z.string().min(1);

const begin = z.strictObject({
  text: z.literal(' '),
  context_id: contextId,
  voice_settings: z
    .strictObject({
      stability: z.number().min(0).max(1).optional(),
      similarity_boost: z.number().min(0).max(1).optional(),
      speed: z.number().min(0.7).max(1.2).optional(),
    })
    .optional(),
  generation_config: z.strictObject({ chunk_length_schedule: z.array(z.number()) }).optional(),
});
const more = z.strictObject({
  text: z.string(),
  context_id: contextId,
  flush: z.boolean().optional(),
});
const closeContext = z.strictObject({ context_id: contextId, close_context: z.literal(true) });
const closeSocket = z.strictObject({ close_socket: z.literal(true) });

/** What a client may send. Its first message in a context is another one than those that follow. */
export type ClientMessage =
  | {
      readonly type: 'text';
      readonly id: string;
      readonly text: string;
      readonly flush: boolean;
      readonly begins: boolean;
    }
  | { readonly type: 'close-context'; readonly id: string }
  | { readonly type: 'close-socket' };

/** Reads a message; `undefined` for what the wire does not know. `isOpen` tells of a context. */
export function readMessage(
  raw: string,
  isOpen: (id: string) => boolean,
): ClientMessage | undefined {
  const json = parse(raw);
  if (closeSocket.safeParse(json).success) return { type: 'close-socket' };
  const closing = closeContext.safeParse(json).data;
  if (closing !== undefined) return { type: 'close-context', id: closing.context_id };
  const id = z.object({ context_id: contextId }).safeParse(json).data?.context_id ?? '';
  if (!isOpen(id)) {
    return begin.safeParse(json).success
      ? { type: 'text', id, text: '', flush: false, begins: true }
      : undefined;
  }
  const text = more.safeParse(json).data;
  return text && { type: 'text', id, text: text.text, flush: text.flush === true, begins: false };
}

/** Sound, with the characters that begin in it; their times count from its own first sample. */
export function audio(
  contextId: string,
  bytes: Buffer,
  fromMs: number,
  chars: readonly Timed[],
): object {
  const alignment = {
    chars: chars.map(({ text }) => text),
    charStartTimesMs: chars.map((char) => Math.round(char.fromMs - fromMs)),
    charsDurationsMs: chars.map((char) => Math.round(char.toMs - char.fromMs)),
  };
  return {
    audio: bytes.toString('base64'),
    isFinal: null,
    contextId,
    alignment: chars.length === 0 ? null : alignment,
    normalizedAlignment: chars.length === 0 ? null : alignment,
  };
}

/** Nothing more comes of the context. */
export function final(contextId: string): object {
  return { audio: null, isFinal: true, contextId };
}

/** What is said before the socket is closed with `code`. */
export function failure(code: number, error: string, message: string): object {
  return { message, error, code };
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
