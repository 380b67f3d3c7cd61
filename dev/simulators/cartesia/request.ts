import { z } from 'zod';

const outputFormat = z.strictObject({
  container: z.literal('raw'),
  // The others of the wire (pcm_f32le, pcm_mulaw, pcm_alaw) are not made here.
  encoding: z.literal('pcm_s16le'),
  sample_rate: z.literal([8_000, 16_000, 22_050, 24_000, 44_100, 48_000]),
});

const generation = z
  .strictObject({
    context_id: z.string().min(1),
    model_id: z.enum([
      'sonic-3.5',
      'sonic-3.5-2026-05-04',
      'sonic-3',
      'sonic-3-2026-01-12',
      'sonic-3-2025-10-27',
      'sonic-latest',
    ]),
    transcript: z.string(),
    // Version 2026-08-14; earlier ones took {mode, id}.
    voice: z.union([z.string().min(1), z.strictObject({ id: z.string().min(1) })]),
    output_format: outputFormat,
    continue: z.boolean().nullish(),
    flush: z.boolean().nullish(),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .nullish(),
    locale: z.string().nullish(),
    add_timestamps: z.boolean().nullish(),
    add_phoneme_timestamps: z.literal(false).nullish(),
    use_normalized_timestamps: z.boolean().nullish(),
    max_buffer_delay_ms: z.number().min(0).max(5_000).nullish(),
    pronunciation_dict_id: z.string().nullish(),
    normalization: z.string().nullish(),
    speed: z.enum(['slow', 'normal', 'fast']).optional(),
    generation_config: z
      .strictObject({
        speed: z.number().min(0.6).max(1.5).optional(),
        volume: z.number().min(0.5).max(2).optional(),
        emotion: z.string().optional(),
      })
      .optional(),
  })
  .refine(({ language, locale }) => language == null || locale == null, {
    message: 'language and locale cannot be used together',
  });

const cancellation = z.strictObject({ cancel: z.literal(true), context_id: z.string().min(1) });

/** What a client asks for: speech in a context. */
export type Generation = z.infer<typeof generation>;
export type ClientMessage = Generation | z.infer<typeof cancellation>;

/** What a client's message says, or why it is refused, with its context where it names one. */
export function readMessage(
  raw: string,
): ClientMessage | { readonly why: string; readonly contextId: string | undefined } {
  const json = parse(raw);
  if (json === undefined) return { why: 'invalid JSON', contextId: undefined };
  const schema =
    typeof json === 'object' && json !== null && 'cancel' in json ? cancellation : generation;
  const message = schema.safeParse(json);
  if (message.success) return message.data;
  const contextId = z.object({ context_id: z.string() }).safeParse(json).data?.context_id;
  return { why: z.prettifyError(message.error), contextId };
}

/** Everything that must stay the same from one request of a context to the next. */
export function fixedPart(request: Generation): string {
  const {
    transcript: _text,
    continue: _more,
    flush: _flush,
    generation_config: _how,
    ...fixed
  } = request;
  return JSON.stringify(fixed);
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
