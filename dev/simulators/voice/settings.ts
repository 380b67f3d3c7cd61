import { z } from 'zod';

const latency = z.strictObject({
  /** What a new connection costs before it is open. */
  connectMs: z.number().nonnegative(),
  /** From a text to its first sound, where nothing is being spoken yet. */
  firstSoundMs: z.number().nonnegative(),
});

/** What can be set while the simulator runs; it holds for speeches from then on. */
export const settingsSchema = z.strictObject({
  /** The only key that is accepted. */
  apiKey: z.string().min(1),
  latency,
  /** How many times faster than it sounds speech is made. */
  speed: z.number().positive(),
  /** How long a letter sounds. */
  letterMs: z.number().positive(),
  leadingSilenceMs: z.number().nonnegative().max(1_000),
  /** Contexts that may be at work at once, over all connections. */
  concurrency: z.int().positive(),
  /** A connection without a message of the client is closed after this. */
  idleMs: z.number().positive(),
});

/** A change of settings: what is left out stays, also inside `latency`. */
export const settingsPatchSchema = settingsSchema.extend({ latency: latency.partial() }).partial();

const target = {
  /** How often; until disarmed when left out. */
  times: z.int().positive().optional(),
};

const speech = {
  ...target,
  /** Only a context of which the first text contains this. */
  match: z.string().min(1).optional(),
};

/**
 * What goes wrong. With a connection: `unauthorized`, `too-many` (429), `unavailable` (503), `hang`
 * (no answer). With a context: `rate-limited`, `no-sound` (an ordinary end without audio), `slow`
 * (made at `speed` times real time), and after `afterMs` of its sound: `stall` (nothing more comes),
 * `server-error`, `cut` (the connection breaks), `garbage` (a message that is no JSON, once).
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal(['unauthorized', 'too-many', 'unavailable', 'hang']),
    ...target,
  }),
  z.strictObject({ kind: z.literal(['rate-limited', 'no-sound']), ...speech }),
  z.strictObject({
    kind: z.literal('slow'),
    speed: z.number().positive().default(0.5),
    ...speech,
  }),
  z.strictObject({
    kind: z.literal(['stall', 'server-error', 'cut', 'garbage']),
    afterMs: z.number().nonnegative().default(0),
    ...speech,
  }),
]);

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
export type Fault = z.infer<typeof faultSchema>;
/** A fault as one arms it: numbers that have a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
/** What can befall a connection before it is open. */
export type ConnectionFault = Exclude<Fault['kind'], SpeechFault['kind']>;
/** What can befall one context. */
export type SpeechFault = Exclude<
  Fault,
  { readonly kind: 'unauthorized' | 'too-many' | 'unavailable' | 'hang' }
>;
