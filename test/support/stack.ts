import { afterAll, beforeAll, inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../dev/database/database.ts';
import type { Database, DatabaseOptions } from '../../dev/database/database.ts';
import { openRun } from '../../dev/run.ts';
import { openStack } from '../../dev/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stackEnv: Record<string, string>;
    postgresPort: number;
  }
}

/**
 * Vitest's global set-up: one stack for the whole run. A test is alone by the names of its rooms and
 * sessions, or by a database of its own ({@link useDatabase}). Tests that stop, restart or cut a
 * part open a stack of their own with just those parts.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const stack = await openStack();
  project.provide('stackEnv', { ...stack.env });
  project.provide('postgresPort', stack.postgres.port);
  return async () => await stack[Symbol.asyncDispose]();
}

/** What a worker needs in its environment to use the shared stack. */
export function stackEnv(): Readonly<Record<string, string>> {
  return inject('stackEnv');
}

/** A database of this test file's own in the shared cluster; call at the top of the file. */
export function useDatabase(options?: DatabaseOptions): () => Database {
  let database: Database | undefined;
  const run = openRun();
  beforeAll(async () => {
    database = await openDatabase(run, inject('postgresPort'), options);
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    run[Symbol.dispose]();
  });
  return () => {
    if (database === undefined) throw new Error('the database is there only within tests');
    return database;
  };
}
