import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { ErrorDetails } from '../../src/errors.ts';
import type { BotOutcome } from '../../src/ports/bot.ts';
import { V, openFleet } from './fleet.ts';

const LEFT: BotOutcome = { kind: 'left', reason: 'last-human-left' };
const NO_PROMPT = failed({ kind: 'rejected', fault: 'room', service: 'database' });
const UNKNOWN = failed({ kind: 'not-found', fault: 'room', service: 'database' });
const AWAY = new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service: 'queue' });
const NO_DATABASE = new TroupeError('away', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'database',
});

describe('when a bot ends', () => {
  const free = { inFlight: false };
  const hidden = { inFlight: true };
  it.each([
    ['left: the row says so, the message is deleted', LEFT, 'left', [], 0],
    ['handed over, unsent: the message is handed back', { kind: 'handed-over' }, 'live', [free], 0],
    ['lost: nothing is touched', { kind: 'lost' }, 'live', [hidden], 0],
    ['without a prompt: dead letters', NO_PROMPT, 'failed', [], 1],
    ['for an unknown session: dead letters', UNKNOWN, 'failed', [], 1],
  ] as const)('%s', async (_what, outcome, status, held, dead) => {
    const { clock, leases, queue, worker } = await withBot({ maxRooms: 1 });
    // Who hands over does so because its worker drains.
    if (outcome.kind === 'handed-over') worker.drain();
    worker.bots.of('lobby').end(outcome);
    await clock.live(1_000);
    expect(leases.row('lobby')).toMatchObject({ status });
    expect(queue.held()).toMatchObject(held);
    expect(queue.dead).toHaveLength(dead);
    expect(worker.status().rooms).toEqual([]);
  });

  it('for good while its worker drains, it goes to the dead letters all the same', async () => {
    const { clock, queue, worker } = await withBot();
    worker.drain();
    worker.bots.of('lobby').end(NO_PROMPT);
    await clock.live(1_000);
    expect([queue.dead.length, queue.held()]).toEqual([1, []]);
  });

  it('the end is told once, with what is left running', async () => {
    const { ask, clock, worker } = await withBot();
    await ask('other');
    await clock.live(1_000);
    worker.bots.of('lobby').end(LEFT);
    await clock.live(1_000);
    expect(worker.told.filter(({ type }) => type === 'bot-ended')).toEqual([
      {
        type: 'bot-ended',
        room: 'lobby',
        session: 'lobby',
        epoch: 1,
        how: 'left',
        reason: 'last-human-left',
        running: 1,
      },
    ]);
  });

  it('the reason goes along to the dead letters', async () => {
    const { clock, queue, worker } = await withBot();
    worker.bots.of('lobby').end(NO_PROMPT);
    await clock.live(1_000);
    expect(queue.dead).toMatchObject([{ reason: 'a test: rejected of database' }]);
    expect(worker.told).toContainEqual(
      expect.objectContaining({
        type: 'activation-settled',
        how: 'dead-lettered',
        detail: 'a test: rejected of database',
      }),
    );
  });

  it('it is dropped where there are no dead letters, and counted', async () => {
    const { clock, queue, worker } = await withBot({}, { deadLetters: false });
    worker.bots.of('lobby').end(NO_PROMPT);
    await clock.live(1_000);
    expect([queue.held(), worker.settled()]).toEqual([[], ['dropped']]);
  });

  it('it comes back when the dead letters cannot be reached: no reason is lost', async () => {
    const { clock, leases, queue, worker } = await withBot();
    queue.fail('deadLetter', AWAY, { times: 3 });
    worker.bots.of('lobby').end(NO_PROMPT);
    await clock.live(3_000);
    expect([queue.dead, leases.row('lobby')?.status]).toEqual([[], 'live']);
    await clock.live(10_000);
    worker.bots.of('lobby').end(NO_PROMPT);
    await clock.live(1_000);
    expect(worker.bots.all).toHaveLength(2);
    expect([queue.dead.length, queue.held(), leases.row('lobby')?.status]).toEqual([
      1,
      [],
      'failed',
    ]);
  });

  it.each(['markLeft', 'delete'] as const)(
    'and the worker dies before %s, one copy is in the dead letters, and nothing is left',
    async (call) => {
      const { clock, queue, start, worker } = await withBot();
      worker.process.dieBefore(call);
      worker.bots.of('lobby').end(NO_PROMPT);
      await clock.live(1_000);
      const next = start();
      next.bots.onStart((bot) => bot.end(NO_PROMPT));
      await clock.live(V + 1_000);
      expect([queue.dead.length, queue.held()]).toEqual([1, []]);
    },
  );

  it('while the database is away, the row waits for it, and the bot does not come back', async () => {
    const { clock, leases, queue, worker } = await withBot();
    leases.failWith(NO_DATABASE);
    worker.bots.of('lobby').end(LEFT);
    await clock.live(10 * V);
    expect(queue.held()).toMatchObject([{ inFlight: true, receiveCount: 1 }]);
    leases.failWith(undefined);
    await clock.live(30_000);
    expect([leases.row('lobby')?.status, queue.held(), worker.bots.all.length]).toEqual([
      'left',
      [],
      1,
    ]);
  });

  it('and somebody calls it back before the row could say so, that is no duplicate', async () => {
    const { ask, clock, leases, worker } = await withBot();
    leases.failWith(NO_DATABASE);
    worker.bots.of('lobby').end(LEFT);
    await clock.live(10_000);
    await ask('lobby');
    await clock.live(60_000);
    leases.failWith(undefined);
    await clock.live(30_000);
    expect(worker.bots.all.map(({ start }) => start.arrival)).toEqual(['fresh', 'fresh']);
    expect(worker.settled()).toEqual([]);
  });

  it('nor where the row is written late by a call that nobody waits for any more', async () => {
    const { ask, clock, leases, worker } = await withBot();
    const markLeft = leases.markLeft.bind(leases);
    leases.markLeft = async (...call) => {
      leases.markLeft = markLeft;
      leases.failWith(NO_DATABASE);
      void clock.delay(20_000).then(() => {
        leases.failWith(undefined);
        return markLeft(...call);
      });
      throw NO_DATABASE;
    };
    worker.bots.of('lobby').end(LEFT);
    await clock.live(10_000);
    await ask('lobby');
    await clock.live(25_000);
    expect(worker.bots.all.map(({ start }) => start.arrival)).toEqual(['fresh', 'fresh']);
    expect(worker.settled()).toEqual([]);
  });

  it('and its message cannot be deleted, that is a duplicate later', async () => {
    const { clock, queue, worker } = await withBot();
    queue.fail('delete', AWAY, { times: 3 });
    worker.bots.of('lobby').end(LEFT);
    await clock.live(1_000);
    expect(queue.held()).toHaveLength(1);
    await clock.live(V);
    expect([queue.held(), worker.settled(), worker.bots.all.length]).toEqual([
      [],
      ['duplicate'],
      1,
    ]);
  });

  it('after its receipt ran out, the row is written and the message left alone', async () => {
    const { clock, leases, queue, worker } = await withBot();
    worker.process.cut(true);
    await clock.live(V);
    worker.bots.of('lobby').end(LEFT);
    await clock.live(1_000);
    expect(leases.row('lobby')?.status).toBe('left');
    expect(queue.held()).toMatchObject([{ inFlight: false }]);
    worker.process.cut(false);
    await clock.live(30_000);
    expect([queue.held(), worker.settled()]).toEqual([[], ['duplicate']]);
  });

  it('never of itself, though its lease is lost, its place is free again', async () => {
    const { ask, clock, leases, worker } = await withBot({ maxRooms: 1 });
    worker.bots.of('lobby').hang();
    await leases.endSession('lobby');
    await clock.live(30_000);
    await ask('other');
    await clock.live(1_000);
    expect(worker.bots.of('other').running()).toBe(true);
    expect(worker.told).toContainEqual(
      expect.objectContaining({ type: 'unexpected-error', room: 'lobby' }),
    );
  });
});

async function withBot(settings = {}, options = {}) {
  const fleet = openFleet(options);
  const worker = fleet.start(settings, { database: async () => undefined });
  await fleet.ask('lobby');
  await fleet.clock.live(1_000);
  return { ...fleet, worker };
}

function failed(details: ErrorDetails): BotOutcome {
  const message = `a test: ${details.kind} of ${details.service}`;
  return { kind: 'failed', error: new TroupeError(message, details) };
}
