import { afterAll, beforeAll, inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import type { Database, DatabaseOptions } from '../../dev/database/database.ts';
import { environmentOf } from '../../dev/environment.ts';
import { openStack } from '../../dev/stack.ts';
import type { SharedParts, Stack, StackOptions } from '../../dev/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    shared: Required<SharedParts>;
  }
}

/**
 * Vitest's global set-up: one LiveKit server and one PostgreSQL server for the whole run. Test files
 * get the rest for themselves ({@link useStack}), so that none meets another's messages or rows.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const stack = await openStack({ parts: ['livekit', 'database'] });
  const { url, apiKey, apiSecret } = stack.livekit;
  project.provide('shared', {
    livekit: { url, apiKey, apiSecret },
    cluster: { port: stack.cluster.port },
  });
  return async () => await stack[Symbol.asyncDispose]();
}

/**
 * A stack for this test file; call at the top of the file or of a describe. LiveKit and PostgreSQL
 * are the run's own, so rooms need names of their own; queue, database, gateway and LLM are the
 * file's. A test that stops LiveKit or PostgreSQL opens a stack without `shared`.
 */
export function useStack(options: StackOptions = {}): () => Stack {
  let stack: Stack | undefined;
  beforeAll(async () => {
    stack = await openStack({ shared: inject('shared'), ...options });
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });
  return () => {
    if (stack === undefined) throw new Error('the stack is there only within tests');
    return stack;
  };
}

/** What leads a worker to the LiveKit server that the whole run shares. */
export function stackEnv(): Readonly<Record<string, string>> {
  return environmentOf({ livekit: inject('shared').livekit });
}

/** A database for this test file in the run's PostgreSQL. */
export function useDatabase(options: DatabaseOptions = {}): () => Database {
  const stack = useStack({ parts: ['database'], database: options });
  return () => stack().database;
}
