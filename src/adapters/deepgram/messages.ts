import { z } from 'zod';

/**
 * Of a stream's sound: beyond it lie numbers that cannot be counted with, and rounding may
 * lead a moment before its beginning.
 */
const seconds = z
  .number()
  .min(-1)
  .max(1e9)
  .transform((time) => Math.max(0, time));

const alternativeSchema = z.object({
  transcript: z.string(),
  confidence: z.number(),
  /** Told only where several may come. */
  languages: z.array(z.string()).nullish(),
  words: z.array(z.object({ start: seconds, end: seconds })),
});

const resultsSchema = z.object({
  type: z.literal('Results'),
  start: seconds,
  duration: seconds,
  is_final: z.boolean().default(false),
  from_finalize: z.boolean().default(false),
  channel: z.object({ alternatives: z.tuple([alternativeSchema], alternativeSchema) }),
});

/** A binary message comes as a blob, which has an empty type. */
const kindSchema = z.object({ type: z.string().refine((type) => type !== '') });

/** What the provider understood of a stretch of sound; times in ms of the connection's sound. */
export interface Results {
  /** Empty: nothing was said. */
  readonly text: string;
  readonly confidence: number;
  readonly language: string | undefined;
  /** Where the words are. */
  readonly saidFromMs: number;
  readonly saidToMs: number;
  /** How far the sound is dealt with, words or none. */
  readonly toMs: number;
  readonly isFinal: boolean;
  readonly fromFinalize: boolean;
}

/** `ignored`: of a kind that says nothing to us; `unreadable`: not what its kind is to be. */
export function readMessage(message: unknown): Results | 'ignored' | 'unreadable' {
  const kind = kindSchema.safeParse(message).data?.type;
  if (kind === undefined) return 'unreadable';
  if (kind !== 'Results') return 'ignored';
  const { data } = resultsSchema.safeParse(message);
  return data === undefined ? 'unreadable' : toResults(data);
}

function toResults({ start, duration, channel, ...marks }: z.infer<typeof resultsSchema>): Results {
  const [{ transcript, confidence, languages, words }] = channel.alternatives;
  const end = start + duration;
  return {
    text: transcript.trim(),
    confidence,
    language: languages?.[0],
    saidFromMs: (words[0]?.start ?? start) * 1_000,
    saidToMs: (words.at(-1)?.end ?? end) * 1_000,
    toMs: end * 1_000,
    isFinal: marks.is_final,
    fromFinalize: marks.from_finalize,
  };
}
