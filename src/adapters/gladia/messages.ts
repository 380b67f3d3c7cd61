import { z } from 'zod';

/**
 * Of a session's sound: beyond it lie numbers that cannot be counted with, and rounding may
 * lead a moment before its beginning.
 */
const seconds = z
  .number()
  .min(-1)
  .max(1e9)
  .transform((time) => Math.max(0, time));

const messageSchema = z.union([
  z.object({
    type: z.literal('transcript'),
    data: z.object({
      is_final: z.boolean(),
      utterance: z.object({
        text: z.string(),
        start: seconds,
        end: seconds,
        confidence: z.number(),
        language: z.string().nullish(),
      }),
    }),
  }),
  z.object({ type: z.literal(['speech_start', 'speech_end']) }),
  z.object({
    type: z.literal('audio_chunk'),
    acknowledged: z.boolean(),
    data: z.object({ byte_range: z.tuple([z.number(), z.number()]) }).nullish(),
  }),
]);

/** What of the server's messages says something to us; times are seconds of the session's sound. */
export type GladiaMessage = z.infer<typeof messageSchema>;

/** `ignored`: of a kind that says nothing to us; `unreadable`: not what its kind is to be. */
export function readMessage(message: object): GladiaMessage | 'ignored' | 'unreadable' {
  const parsed = messageSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  return 'type' in message && KNOWN.has(message.type) ? 'unreadable' : 'ignored';
}

const KNOWN: ReadonlySet<unknown> = new Set(['transcript', 'audio_chunk']);
