import { z } from 'zod';

const latency = z.strictObject({
  /** What a new connection costs before its first request is served; a kept-alive one is free. */
  connectMs: z.number().nonnegative(),
  /** From the request to the first token. */
  firstTokenMs: z.number().nonnegative(),
  /** From one token to the next. */
  perTokenMs: z.number().nonnegative(),
});

const replyRule = z.strictObject({
  /** Part of a system message, any case: whose answer this is. */
  character: z.string().min(1).optional(),
  /** Part of the last user message, any case. */
  says: z.string().min(1).optional(),
  /** The same as a regular expression, any case. */
  pattern: z.string().min(1).refine(isRegExp, 'not a regular expression').optional(),
  reply: z.string(),
  /** Overrides the simulator's pace for this answer. */
  pace: latency.omit({ connectMs: true }).partial().optional(),
});

/** What can be set while the simulator runs. */
export const settingsSchema = z.strictObject({
  /** The only key that is accepted. */
  apiKey: z.string().min(1),
  models: z.array(z.string().min(1)),
  latency,
  /** The first rule that fits gives the answer; without one the simulator answers by itself. */
  replies: z.array(replyRule),
});

/** A change of settings: what is left out stays, also inside `latency`; `replies` are replaced. */
export const settingsPatchSchema = settingsSchema.extend({ latency: latency.partial() }).partial();

const target = {
  /** For how many requests; until disarmed when left out. */
  times: z.int().positive().optional(),
  /** Only for requests of which some message contains this. */
  match: z.string().min(1).optional(),
};

/**
 * What goes wrong. Refusals: `unauthorized` `no-credits` `forbidden` `unknown-model`
 * `rate-limited` `server-error`. Silence: `hang` (not even headers), `stall` (nothing after
 * `afterTokens`, the response stays open). Broken connections: `reset` (before any byte), `cut`,
 * `ends-early` (a clean end without a finish reason). Bad streams: `malformed-chunk` (one broken
 * chunk, then the stream goes on), `stream-error` (an error object, then the end),
 * `content-filter`. Odd answers: `empty-answer`, `endless-answer` (until the client closes).
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal(['unauthorized', 'no-credits', 'forbidden', 'unknown-model']),
    ...target,
  }),
  z.strictObject({
    kind: z.literal('rate-limited'),
    retryAfterMs: z.int().nonnegative().default(1000),
    ...target,
  }),
  z.strictObject({
    kind: z.literal('server-error'),
    status: z.int().min(500).max(599).default(500),
    ...target,
  }),
  z.strictObject({
    kind: z.literal(['hang', 'reset', 'empty-answer', 'endless-answer']),
    ...target,
  }),
  z.strictObject({
    kind: z.literal([
      'stall',
      'cut',
      'ends-early',
      'malformed-chunk',
      'stream-error',
      'content-filter',
    ]),
    /** Tokens that still come through. */
    afterTokens: z.int().nonnegative().default(0),
    ...target,
  }),
]);

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
export type Latency = Settings['latency'];
export type ReplyRule = Settings['replies'][number];
export type Fault = z.infer<typeof faultSchema>;
/** A fault as one arms it: numbers that have a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;

/** Fast, and with the product's default model on offer beside one of each kind of OpenAI's. */
export const DEFAULT_SETTINGS: Settings = {
  apiKey: 'sk-simulated',
  models: ['meta-llama/llama-3.1-8b-instruct', 'gpt-4.1-mini', 'gpt-5-mini'],
  latency: { connectMs: 0, firstTokenMs: 0, perTokenMs: 0 },
  replies: [],
};

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'iu') instanceof RegExp;
  } catch {
    return false;
  }
}
