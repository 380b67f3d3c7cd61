import { z } from 'zod';
import type { ContextMessage } from '../../memory/context.ts';

/** A message of a context as its row has it. */
export const contextMessage: z.ZodType<ContextMessage> = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    id: z.string(),
    speaker: z.string(),
    name: z.string(),
    text: z.string(),
    at: z.number(),
    addressed: z.boolean(),
  }),
  z.object({
    role: z.literal('assistant'),
    id: z.string(),
    text: z.string(),
    at: z.number(),
    answers: z.array(z.string()),
    ended: z.enum(['finished', 'interrupted', 'failed']),
  }),
  z.object({ role: z.literal('summary'), id: z.string(), text: z.string(), at: z.number() }),
]);

/**
 * A list of what this version understands. What it does not was written by a newer version during a
 * roll-out, or by hand: the talk goes on without it instead of ending.
 */
export function listOfKnown<T>(known: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z
    .array(z.unknown())
    .transform((rows) => rows.flatMap((row) => known.safeParse(row).data ?? []));
}

/** Without what PostgreSQL's jsonb refuses in strings: NUL and halves of surrogate pairs. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, storable(inner)]));
}
