import { z } from 'zod';

const flag = z.enum(['true', 'false']).optional();

const query = z.strictObject({
  model_id: z.enum(['eleven_flash_v2_5', 'eleven_turbo_v2_5', 'eleven_multilingual_v2']),
  // The others of the wire (mulaw, alaw, mp3, opus) are not made here.
  output_format: z
    .enum(['pcm_8000', 'pcm_16000', 'pcm_22050', 'pcm_24000', 'pcm_44100', 'pcm_48000'])
    .transform((format) => Number(format.slice('pcm_'.length))),
  inactivity_timeout: z.coerce.number().int().min(1).max(180).default(20),
  language_code: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  auto_mode: flag,
  sync_alignment: flag,
  apply_text_normalization: z.enum(['auto', 'on', 'off']).optional(),
});

/** What the address of a socket asks for. */
export type Query = z.infer<typeof query>;

/** Reads the query of a socket's address; `undefined` where there is none of ours. */
export function readAddress(url: URL): z.ZodSafeParseResult<Query> | undefined {
  if (voiceOf(url) === undefined) return undefined;
  return query.safeParse(Object.fromEntries(url.searchParams));
}

/** The voice that an address names. */
export function voiceOf({ pathname }: URL): string | undefined {
  return /^\/v1\/text-to-speech\/([^/]+)\/multi-stream-input$/.exec(pathname)?.[1];
}
