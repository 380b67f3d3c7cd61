import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HandoverTicket, ModeName } from '../ports/bot.ts';
import type { OutgoingMessage } from '../ports/queue.ts';

/** A message that asks for a bot in a room, as parsed (docs/protocol.md). */
export interface Activation {
  readonly room: string;
  /** The talk whose memory is used. */
  readonly session: string;
  readonly characterId: string | undefined;
  readonly mode: ModeName | undefined;
  /** Only a successor, sent by a worker that hands over, has one. */
  readonly generation: number | undefined;
  /** Ms since 1970. */
  readonly expiresAt: number | undefined;
  /** When a re-sent start was first sent, in ms since 1970 by the queue's clock. */
  readonly requestedAt: number | undefined;
  /** How often it was put behind another session's live lease. */
  readonly deferrals: number;
}

/** A parsed body, or why it is refused. */
export type ParsedActivation =
  | { readonly ok: true; readonly activation: Activation }
  | { readonly ok: false; readonly reason: string };

/** Reads a message's body. Unknown fields are ignored; the reason names the field, not its value. */
export function parseActivation(body: string): ParsedActivation {
  const json = parseJson(body);
  if (json === undefined) return { ok: false, reason: 'the body is not JSON' };
  if (isDeeper(json, MAX_DEPTH)) return { ok: false, reason: 'the body is nested too deeply' };
  const parsed = bodySchema.safeParse(json);
  if (parsed.success) return { ok: true, activation: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'the body'}: ${issue?.message}` };
}

/** The group in which a room's messages stand: while one is in flight no other is delivered. */
export function groupIdOf(room: string): string {
  return /^[!-~]{1,128}$/.test(room) ? room : sha256Hex(room);
}

/** The message of a producer. `requestId` is unique per request; only its retry uses it again. */
export function startMessage(
  start: {
    readonly room: string;
    readonly session?: string | undefined;
    readonly character?: string | undefined;
    readonly mode?: string | undefined;
    /** Ms since 1970. */
    readonly expiresAt?: number | undefined;
  },
  requestId: string,
): OutgoingMessage {
  const { room: roomName, session: sessionId, character: characterId, mode, expiresAt } = start;
  return {
    body: JSON.stringify({ roomName, sessionId, characterId, mode, expiresAt }),
    groupId: groupIdOf(roomName),
    deduplicationId: requestId,
  };
}

/** The message by which a worker hands its room on; one per epoch, however often it is sent. */
export function successorMessage(
  room: string,
  ticket: HandoverTicket,
  lease: { readonly epoch: number; readonly generation: number; readonly groupId: string },
): OutgoingMessage {
  return {
    body: JSON.stringify({
      roomName: room,
      sessionId: ticket.session,
      characterId: ticket.characterId,
      mode: ticket.mode,
      generation: lease.generation + 1,
    }),
    groupId: lease.groupId,
    deduplicationId: `${sha256Hex(room)}:${lease.epoch}`,
  };
}

/** A start put into another place of the queue: its own room's group, or behind a live session. */
export function resentMessage(
  body: string,
  placed: {
    readonly groupId: string;
    readonly deduplicationId: string;
    readonly requestedAt: number;
    readonly deferrals: number;
  },
): OutgoingMessage {
  const { groupId, deduplicationId, requestedAt, deferrals } = placed;
  const fields = JSON.parse(body) as Record<string, unknown>;
  return {
    body: JSON.stringify({ ...fields, requestedAt, deferrals }),
    groupId,
    deduplicationId,
  };
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** `JSON.stringify` cannot write what `JSON.parse` may read: a body that is sent again goes through it. */
const MAX_DEPTH = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function optional<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.nullish().transform((value) => value ?? undefined);
}

/**
 * Text that PostgreSQL can hold and a log line can show. Zod's `min` and `max` look at the length of
 * whatever has one, and throw where that is no number: only texts come as far as to them.
 */
function plainText(): z.ZodType<string> {
  const exact = z
    .string()
    .min(1, 'is empty')
    .max(512, 'is longer than 512 characters')
    .refine((text) => text.isWellFormed(), 'is not well-formed Unicode')
    .refine((text) => !/\p{Cc}/u.test(text), 'has control characters');
  return z.string('is not a text').pipe(exact);
}

const id = z
  .union([plainText(), z.number().int()], 'is neither a plain text nor a whole number')
  .transform(String);

const count = z.number().int().nonnegative();
/** What a database's `integer` holds. */
const MOST_DEFERRALS = 2 ** 31 - 1;

const instant = z.union(
  [count, z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
  'is neither ISO 8601 nor milliseconds since 1970',
);

const bodySchema = z
  .object(
    {
      roomName: plainText(),
      sessionId: optional(id),
      characterId: optional(id),
      mode: optional(z.enum(['text', 'voice', 'realtime'], 'is none of text, voice, realtime')),
      generation: optional(count),
      expiresAt: optional(instant),
      requestedAt: optional(count),
      deferrals: count.max(MOST_DEFERRALS).default(0),
    },
    'is no object',
  )
  .transform(({ roomName: room, sessionId, ...rest }): Activation => ({
    room,
    session: sessionId ?? room,
    ...rest,
  }));
