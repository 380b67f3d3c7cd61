/** The ways from one worker to a part of the stack; each worker has its own of each. */
export const PATHS = ['queue', 'database', 'livekit', 'llm', 'stt', 'tts'] as const;
export type PathName = (typeof PATHS)[number];

/** What is struck: a worker's process, one of its paths, its clock, or a part that all share. */
export type Target = 'process' | 'path' | 'clock' | 'shared' | 'queue-content';

/** One kind of fault, as a schedule needs to know it. */
export interface Kind {
  readonly target: Target;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  /** How long until it is healed, in ms. */
  readonly lasts: readonly [number, number];
  /** Whether the struck worker serves nobody meanwhile. */
  readonly downs?: true;
  /** Of shared parts: how long at least from the end of one to the next, in ms. */
  readonly restMs?: number;
  /**
   * What it may silence: rooms of the struck worker, every room while it lasts (no bot can be replaced,
   * or nobody heard, without that part), or none: then it excuses nothing.
   */
  readonly silences: 'rooms-of-worker' | 'all' | 'none';
}

/** All kinds; V is 10 s in a campaign. What each does is in faults.ts. */
export const KINDS = {
  kill: process(7, [500, 5_000]),
  'pause-short': process(6, [1_000, 6_000]),
  'pause-long': process(4, [11_500, 17_000]),
  terminate: process(5, [2_000, 6_000]),
  'cut-reset': { target: 'path', weight: 14, lasts: [500, 20_000], silences: 'rooms-of-worker' },
  'cut-hang': { target: 'path', weight: 14, lasts: [500, 20_000], silences: 'rooms-of-worker' },
  slow: { target: 'path', weight: 9, lasts: [2_000, 15_000], silences: 'rooms-of-worker' },
  'clock-step': { target: 'clock', weight: 5, lasts: [3_000, 15_000], silences: 'rooms-of-worker' },
  'queue-restart': shared(3, [300, 6_000], 'all'),
  'queue-refusals': shared(4, [1_000, 5_000], 'none'),
  'postgres-restart': shared(2, [200, 3_000], 'all', 10_000),
  'postgrest-restart': shared(2, [300, 4_000], 'all'),
  'database-refusals': shared(2, [500, 4_000], 'all'),
  'livekit-restart': shared(1, [200, 1_500], 'all', 60_000),
  'llm-fault': shared(8, [1_000, 8_000], 'none'),
  'stt-fault': shared(5, [1_000, 8_000], 'none'),
  'tts-fault': shared(5, [1_000, 8_000], 'none'),
  'bad-message': { target: 'queue-content', weight: 8, lasts: [0, 0], silences: 'none' },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** Names of all kinds. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** A kind, with the fields that only some have. */
export function kindOf(name: KindName): Kind {
  return KINDS[name];
}

function process(weight: number, lasts: readonly [number, number]): Kind {
  return { target: 'process', weight, lasts, downs: true, silences: 'rooms-of-worker' };
}

function shared(
  weight: number,
  lasts: readonly [number, number],
  silences: Kind['silences'],
  restMs = 1_000,
): Kind {
  return { target: 'shared', weight, lasts, silences, restMs };
}
