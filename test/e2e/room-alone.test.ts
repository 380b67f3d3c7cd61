import { expect, it } from 'vitest';
import { startWorkerProcess } from '../../dev/worker-process.ts';
import { useFleet } from '../support/fleet.ts';

const fleet = useFleet();

it('a second signal ends a room without a queue though its leaving cannot be written', async () => {
  const { database, env } = fleet().stack;
  const room = await fleet().openRoom('forced');
  await using bot = startWorkerProcess({ ...env }, ['room', room.name], () => undefined);
  await bot.logged('room-joined', 20_000);
  await database.gateway.stop();
  bot.signal('SIGTERM');
  await bot.logged('provider-failed', 20_000, ({ provider }) => provider === 'database');
  bot.signal('SIGINT');
  expect(await bot.exited).toBe(0);
  const warnings = bot.log.filter(({ event }) => event === 'warning').map(({ what }) => what);
  expect(warnings).toEqual([expect.stringContaining('could not leave in time')]);
  await database.gateway.start();
  expect(await room.lease()).toMatchObject({ status: 'live' });
});
