import { z } from 'zod';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

const querySchema = z
  .strictObject({
    model: z.enum([
      'nova-3',
      'nova-3-general',
      'nova-3-medical',
      'nova-2',
      'nova-2-general',
      'nova-2-meeting',
      'nova-2-phonecall',
    ]),
    // The wire has others, and containers without a word of their encoding: not here.
    encoding: z.literal('linear16'),
    sample_rate: z.coerce.number().int().min(8_000).max(48_000),
    channels: z.literal('1').default('1'),
    language: z
      .string()
      .regex(/^(?:multi|[a-z]{2}(?:-[A-Za-z0-9]{2,4})?)$/u)
      .default('en'),
    interim_results: flag,
    /** Ms of silence that end an utterance; `false`: none do. */
    endpointing: z
      .union([
        z.literal('false').transform(() => Infinity),
        z
          .string()
          .regex(/^\d{1,5}$/u)
          .transform(Number),
      ])
      .default(10),
    vad_events: flag,
    punctuate: flag,
    smart_format: flag,
    numerals: flag,
    profanity_filter: flag,
    mip_opt_out: flag,
    keyterm: z.array(z.string().min(1)).max(100).default([]),
    keywords: z.array(z.string().min(1)).default([]),
    tag: z.array(z.string().min(1)).default([]),
  })
  .refine(({ model, keywords }) => keywords.length === 0 || !model.startsWith('nova-3'), {
    path: ['keywords'],
    message: 'nova-3 takes keyterm instead',
  })
  .refine(({ model, keyterm }) => keyterm.length === 0 || model.startsWith('nova-3'), {
    path: ['keyterm'],
    message: 'only nova-3 takes it',
  });

/** What the address of a live stream asks for. */
export type Query = z.infer<typeof querySchema>;

/** Reads it; what it does not know, or what comes twice and may not, is refused. */
export function readQuery({ searchParams }: URL): z.ZodSafeParseResult<Query> {
  const named: Record<string, string | readonly string[]> = {};
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    const [only] = values;
    named[name] = values.length > 1 || LISTS.has(name) ? values : (only ?? '');
  }
  return querySchema.safeParse(named);
}

const LISTS: ReadonlySet<string> = new Set(['keyterm', 'keywords', 'tag']);
