import type { z } from 'zod';
import { whole } from './lib/env.ts';
import type { EnvShape } from './lib/env.ts';

/**
 * What a command needs configured: `queue` a worker, `room` one bot, `producer` the queue alone,
 * `database` that alone, `gateway` the API.
 */
export type Need = 'queue' | 'room' | 'producer' | 'database' | 'gateway';

/** One environment variable: how it is read, what it means, and what cannot run without it. */
export interface Variable<T> {
  readonly schema: EnvShape<T>;
  readonly about: string;
  readonly unit?: string;
  readonly neededFor?: readonly Need[];
}

/** A variable that may be left out. */
export function v<T>(
  schema: EnvShape<T>,
  about: string,
  more: Omit<Variable<T>, 'schema' | 'about'> = {},
): Variable<T> {
  return { schema, about, ...more };
}

/** What a provider's plan allows, shared out among the processes of the fleet. */
export function slots(): EnvShape<number> {
  return whole(100, 1, 10_000);
}

/** A variable that some commands need; for the others it reads as an empty text. */
export function needed(
  neededFor: readonly Need[],
  schema: z.ZodType<string, string>,
  about: string,
): Variable<string> {
  return { schema: schema.default(''), about, neededFor };
}
