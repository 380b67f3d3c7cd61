import { beforeAll, describe } from 'vitest';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { useDatabase } from '../support/stack.ts';
import { leaseAcquireContract } from './lease-acquire.ts';
import { leaseCrashesContract } from './lease-crashes.ts';
import { leaseHoldingContract } from './lease-holding.ts';
import type { LeaseWorld } from './lease-world.ts';
import { DAWN, openRealLeases } from './real-leases.ts';

const contracts = [leaseAcquireContract, leaseCrashesContract, leaseHoldingContract];

describe('in the database', () => {
  const database = useDatabase();
  let world: LeaseWorld;
  beforeAll(async () => {
    world = await openRealLeases(database());
  });
  for (const contract of contracts) contract(() => world);
});

describe('in memory', () => {
  let time = DAWN;
  const now = (): number => time;
  const pass = async (ms: number): Promise<void> => void (time += ms);
  const world: LeaseWorld = { leases: makeFakeLeaseTable(now), now, pass };
  for (const contract of contracts) contract(() => world);
});
