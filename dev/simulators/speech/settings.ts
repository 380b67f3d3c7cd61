import { z } from 'zod';

const latency = z.strictObject({
  /** What a new connection or request costs before it is served. */
  connectMs: z.number().nonnegative(),
  /** From the end of a word to the partial that has it. */
  partialMs: z.number().nonnegative(),
  /** From the end of an utterance's last word to its final; no sooner than silence tells it. */
  finalMs: z.number().nonnegative(),
});

/** What can be set while the simulator runs; it holds for streams from then on. */
export const settingsSchema = z.strictObject({
  /** The only key that is accepted. */
  apiKey: z.string().min(1),
  latency,
  /** How sure it says it is of every final; null: as well as the sound fitted. */
  confidence: z.number().min(0).max(1).nullable(),
  /** Streams that may be open at once. */
  concurrency: z.int().positive(),
  /** A stream without sound is closed after this. */
  idleMs: z.number().positive(),
});

/** A change of settings: what is left out stays, also inside `latency`. */
export const settingsPatchSchema = settingsSchema.extend({ latency: latency.partial() }).partial();

const target = {
  /** How often; until disarmed when left out. */
  times: z.int().positive().optional(),
};

/**
 * What goes wrong. Before a stream is open: `unauthorized`, `rate-limited` (429), `unavailable` (503),
 * `hang` (no answer). On an open stream's connection, after `afterMs` of its sound: `stall` (takes
 * sound and says nothing more), `slow` (partials and finals come `byMs` later), `cut` (the connection
 * breaks), `server-error` (it is closed with 1011), `idle` (closed as if no sound had come),
 * `garbage` (a message that is no JSON, once).
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal(['unauthorized', 'rate-limited', 'unavailable', 'hang']),
    ...target,
  }),
  z.strictObject({
    kind: z.literal(['stall', 'cut', 'server-error', 'idle', 'garbage']),
    afterMs: z.number().nonnegative().default(0),
    ...target,
  }),
  z.strictObject({
    kind: z.literal('slow'),
    byMs: z.number().positive().default(1_000),
    afterMs: z.number().nonnegative().default(0),
    ...target,
  }),
]);

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
export type Fault = z.infer<typeof faultSchema>;
/** A fault as one arms it: numbers that have a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
/** What can befall a stream before it is open. */
export type OpeningFault = 'unauthorized' | 'rate-limited' | 'unavailable' | 'hang';
/** What can befall the connection of an open stream. */
export type StreamFault = Exclude<Fault, { readonly kind: OpeningFault }>;
