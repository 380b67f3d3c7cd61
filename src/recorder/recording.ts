import { z } from 'zod';
import type { ConversationEvent } from '../conversation/events.ts';
import { initialState } from '../conversation/state.ts';
import type { ConversationPolicy, ConversationState } from '../conversation/state.ts';
import { plain } from './delta.ts';
import type { Delta } from './delta.ts';

/** The version of what follows; raised when an older reader would misread it. */
export const FORMAT = 1;

/** What a state is at the beginning of a talk, as its recording's first line has it. */
export function stateOfHead(at: number): RecordingHead['state'] {
  const entries = Object.entries(initialState(at));
  return Object.fromEntries(entries.map(([field, value]) => [field, plain(value) ?? null]));
}

/** The first line of a recording. */
export interface RecordingHead {
  readonly troupeRecording: typeof FORMAT;
  /** The product's version that recorded. */
  readonly version: string;
  /** When the talk began, ISO 8601. */
  readonly startedAt: string;
  readonly room: string;
  readonly session: string;
  readonly epoch: number;
  readonly character: { readonly id: string; readonly name: string };
  /** Whether words, names and identities are not those of the talk. */
  readonly redacted: boolean;
  /** When the talk began, by `event.at`. */
  readonly at: number;
  readonly policy: ConversationPolicy;
  /** The state at the beginning; null where nothing is. Fields of other versions are not compared. */
  readonly state: { readonly [field: string]: unknown };
}

/** One event, and what came of it. */
export interface RecordedStep {
  /** 1 for the first event. */
  readonly n: number;
  /** The rules from this event on, where they are others than before. */
  readonly policy?: ConversationPolicy | undefined;
  readonly event: ConversationEvent;
  /** What it changed in the state. */
  readonly changes: Delta;
  readonly commands: readonly unknown[];
  /** The talk itself did something else than its redacted copy: what, and what makes the copy's state the talk's. */
  readonly diverged?: { readonly live: readonly unknown[]; readonly changes: Delta } | undefined;
}

/** The last line: how the recording ended, after how many events. */
export interface RecordingTail {
  readonly ended: RecordingEnd;
  readonly events: number;
}

/**
 * `complete` with the talk, or cut: it was as long as it may be, the disk was too slow, or the recorder
 * failed.
 */
export type RecordingEnd = 'complete' | 'size-limit' | 'disk-behind' | 'failed';

/** A value, a list, a text that goes on or changes within; see {@link Delta}. */
const delta: z.ZodType<Delta> = z.lazy(() =>
  z.union([
    z.tuple([]),
    z.tuple([z.unknown()]),
    z.tuple([z.literal('+'), z.string()]),
    z.tuple([z.int().nonnegative(), z.array(z.unknown())]),
    z.record(z.string(), delta),
  ]),
);

const policy = z.looseObject({
  botName: z.string(),
  addressing: z.looseObject({ names: z.array(z.string()), phrases: z.array(z.string()) }),
  speech: z.looseObject({}),
  voiceIds: z.string(),
}) as unknown as z.ZodType<ConversationPolicy>;

/** A first line of this format. */
export const recordingHead: z.ZodType<RecordingHead> = z.object({
  troupeRecording: z.literal(FORMAT),
  version: z.string(),
  startedAt: z.string(),
  room: z.string(),
  session: z.string(),
  epoch: z.number(),
  character: z.object({ id: z.string(), name: z.string() }),
  redacted: z.boolean(),
  at: z.number(),
  policy,
  state: z.record(z.string(), z.unknown()),
});

/** Any other line. The fields of an event are the core's matter: it is total. */
export const recordingLine: z.ZodType<RecordedStep | RecordingTail> = z.union([
  z.object({
    n: z.int(),
    policy: policy.optional(),
    event: z.looseObject({
      type: z.string(),
      at: z.number(),
    }) as unknown as z.ZodType<ConversationEvent>,
    changes: delta,
    commands: z.array(z.unknown()),
    diverged: z.object({ live: z.array(z.unknown()), changes: delta }).optional(),
  }),
  z.object({ ended: z.enum(['complete', 'size-limit', 'disk-behind', 'failed']), events: z.int() }),
]);

/** A state of what a recording has of it: those of its fields that are maps become maps again. */
export function toState(recorded: unknown): ConversationState {
  const blank = initialState(0);
  const entries = Object.entries(recorded as Record<string, unknown>).map(([field, value]) => {
    const isMap = blank[field as keyof ConversationState] instanceof Map;
    return [field, isMap ? new Map(Object.entries(value as object)) : value];
  });
  return { ...blank, ...Object.fromEntries(entries) } as ConversationState;
}
