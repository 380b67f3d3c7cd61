import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { DAWN, openRealLeases } from '../contract/real-leases.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeMemoryStore } from '../support/fake-memory-store.ts';
import { useDatabase } from '../support/stack.ts';
import { leaseHistories } from './lease-histories.ts';
import type { LeaseStep } from './lease-histories.ts';
import { openLeaseModel } from './lease-model.ts';
import type { LeaseStage } from './lease-model.ts';

describe('any history of a room', () => {
  const database = useDatabase();
  let real: LeaseStage;
  beforeAll(async () => {
    real = {
      ...(await openRealLeases(database())),
      store: makeMemoryStore(makeSupabase(database())),
    };
  });

  test('has growing epochs, one writer, no start served twice or lost', async () => {
    await fc.assert(
      fc.asyncProperty(leaseHistories, async (history) => {
        await run(makeFakeStage(DAWN), history);
      }),
      { numRuns: 2_000 },
    );
  });

  test('runs the same in the database as in memory', async () => {
    await fc.assert(
      fc.asyncProperty(leaseHistories, async (history) => {
        const inMemory = await run(makeFakeStage(real.now()), history);
        expect(await run(real, history)).toEqual(inMemory);
      }),
      { numRuns: 20 },
    );
  });
});

async function run(stage: LeaseStage, history: readonly LeaseStep[]) {
  const model = openLeaseModel(stage);
  for (const step of history) await model.step(step);
  await model.runDry();
  return model.answers;
}

function makeFakeStage(dawn: number): LeaseStage {
  let time = dawn;
  const now = (): number => time;
  const leases = makeFakeLeaseTable(now);
  const pass = async (ms: number): Promise<void> => void (time += ms);
  return { leases, store: makeFakeMemoryStore(leases), now, pass };
}
