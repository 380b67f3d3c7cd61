import type { ChatMessage } from '@livekit/rtc-node';
import { z } from 'zod';
import type { ChatRefusal } from '../../ports/room-link.ts';

/** Topic of chat as text streams, and of its older form, JSON in a data packet. */
export const CHAT_TOPIC = 'lk.chat';
export const CHAT_PACKET_TOPIC = 'lk-chat-topic';

/** The longest message that is read, in bytes: far more than anybody types. */
export const MAX_CHAT_BYTES = 32_768;

/** What arrived on one wire; `ignored` is nothing that is meant for us. */
export type ChatRead =
  | { readonly kind: 'message'; readonly id: string | undefined; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: ChatRefusal }
  | { readonly kind: 'ignored' };

/**
 * Reads a data packet: JSON `{ message, id?, timestamp?, ignoreLegacy? }` on `lk-chat-topic`, which
 * marks the copy of a message that also goes out as a text stream by `ignoreLegacy`. Old clients name
 * no topic; what is no chat there is somebody's own data.
 */
export function parseChatPacket(topic: string | undefined, payload: Uint8Array): ChatRead {
  if (topic === CHAT_PACKET_TOPIC) return parsePacket(payload);
  if (topic !== undefined && topic !== '') return IGNORED;
  const read = parsePacket(payload);
  return read.kind === 'refused' ? IGNORED : read;
}

/** Reads the third wire, a packet type of its own; an edit of an older message is not a new one. */
export function parseChatMessage({ id, message, editTimestamp }: ChatMessage): ChatRead {
  if (editTimestamp !== undefined && editTimestamp > 0) return IGNORED;
  return taken(id, message);
}

/** A message read as a whole; an empty id counts as none. */
export function taken(id: string | undefined, text: string): ChatRead {
  if (Buffer.byteLength(text) > MAX_CHAT_BYTES) return refused('too-long');
  return { kind: 'message', id: id === '' ? undefined : id, text };
}

export function refused(reason: ChatRefusal): ChatRead {
  return { kind: 'refused', reason };
}

function parsePacket(payload: Uint8Array): ChatRead {
  if (payload.byteLength > MAX_CHAT_BYTES) return refused('too-long');
  const text = decode(payload);
  if (text === undefined) return refused('not-utf8');
  const json = parseJson(text);
  if (json === undefined) return refused('not-json');
  const packet = CHAT_PACKET.safeParse(json.value);
  if (!packet.success) return refused('wrong-shape');
  const { id, message, ignoreLegacy } = packet.data;
  return ignoreLegacy === true ? IGNORED : taken(id, message);
}

const IGNORED = { kind: 'ignored' } as const;

const CHAT_PACKET = z.object({
  message: z.string(),
  id: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
  ignoreLegacy: z.boolean().optional().catch(undefined),
});

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
