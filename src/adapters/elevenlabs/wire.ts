import { z } from 'zod';

const alignment = z
  .object({
    chars: z.array(z.string()),
    charStartTimesMs: z.array(z.number()),
    /** As the wire has it; the vendor's own types spell it the other way. */
    charsDurationsMs: z.array(z.number()).optional(),
    charDurationsMs: z.array(z.number()).optional(),
  })
  .transform(({ chars, charStartTimesMs: starts, charsDurationsMs, charDurationsMs }) => {
    const durations = charsDurationsMs ?? charDurationsMs ?? [];
    return chars.map((text, index) => {
      const fromMs = starts[index] ?? 0;
      return { text, fromMs, toMs: fromMs + (durations[index] ?? 0) };
    });
  });

const message = z
  .object({
    audio: z.string().nullish(),
    alignment: alignment.nullish(),
    contextId: z.string().nullish(),
    context_id: z.string().nullish(),
    isFinal: z.boolean().nullish(),
    is_final: z.boolean().nullish(),
    error: z.string().nullish(),
    message: z.string().nullish(),
  })
  .transform((read) => ({
    contextId: read.contextId ?? read.context_id ?? undefined,
    audio: read.audio ?? undefined,
    /** Characters, in ms from this message's own first sample. */
    chars: read.alignment ?? [],
    final: read.isFinal ?? read.is_final ?? false,
    error: read.error == null ? undefined : `${read.error} ${read.message ?? ''}`,
  }));

/** What the provider sends. */
export type ServerMessage = z.infer<typeof message>;

/** Reads a message; `undefined` for what is none. */
export function readMessage(raw: string): ServerMessage | undefined {
  try {
    return message.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}
