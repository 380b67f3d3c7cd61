import { expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { BotOutcome } from '../../src/ports/bot.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { runLoneBot } from '../../src/worker/lone-bot.ts';
import { holdLoneLease } from '../../src/worker/lone-lease.ts';
import { openFakeBots } from '../support/fake-bot.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { V } from './fleet.ts';

const AWAY = new TroupeError('away', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'database',
});

it('leaves the room when its bot has left', async () => {
  const { bot, ended, row } = await open();
  bot.end({ kind: 'left', reason: 'idle' });
  await settled();
  expect([ended(), row()?.status]).toEqual([{ kind: 'left', reason: 'idle' }, 'left']);
});

it('says of a bot that failed that it cannot run there', async () => {
  const { bot, ended, row } = await open();
  bot.end({ kind: 'failed', error: AWAY });
  await settled();
  expect([ended()?.kind, row()?.status]).toEqual(['failed', 'failed']);
});

it('asks its bot to leave at the first signal, and waits for that', async () => {
  const { bot, clock, ended, row, signal } = await open();
  bot.hang();
  signal();
  await clock.live(60_000);
  expect([bot.asked, ended(), row()?.status]).toEqual([['leave stop'], undefined, 'live']);
});

it('ends a second after the second signal, though its bot hangs: it is silenced', async () => {
  const { bot, clock, ended, lone, told, signal } = await open();
  bot.hang();
  signal();
  await clock.live(10_000);
  signal();
  await clock.live(999);
  expect(ended()).toBeUndefined();
  await clock.live(1);
  expect(ended()).toEqual({ kind: 'lost' });
  expect(lone.lease.mayPublish()).toBe(false);
  expect(told).toContainEqual(expect.objectContaining({ type: 'warning', room: 'lobby' }));
});

it('gives a bot that leaves in that second the time to write it', async () => {
  const { clock, ended, row, signal } = await open();
  signal();
  signal();
  await clock.live(10);
  expect([ended(), row()?.status]).toEqual([{ kind: 'left', reason: 'stopped' }, 'left']);
});

it('waits no longer for a database that is away than for a bot', async () => {
  const { clock, ended, leases, signal } = await open();
  leases.failWith(AWAY);
  signal();
  await clock.live(500);
  signal();
  await clock.live(1_000);
  expect(ended()).toEqual({ kind: 'lost' });
});

/** A bot in a room without a queue; each `signal` is one more to the process. */
async function open() {
  const clock = openHandClock();
  const leases = makeFakeLeaseTable(() => clock.monotonicMs());
  const told: Observation[] = [];
  const deps = {
    clock,
    leases,
    observe: (one: Observation) => void told.push(one),
    random: () => 0,
  };
  const of = { room: 'lobby', messageId: 'a lone start', worker: 'alone' };
  const lone = await holdLoneLease(deps, of, leaseTimes(V), new AbortController().signal);
  const bots = openFakeBots();
  const { lease, arrival } = lone;
  const asked = { characterId: undefined, mode: undefined, requestedAt: 0 };
  bots.start({ room: 'lobby', session: 'lobby', arrival, lease, ...asked });
  const bot = bots.of('lobby');
  const [graceful, forced] = [new AbortController(), new AbortController()];
  let outcome: BotOutcome | undefined;
  const shutdown = { graceful: graceful.signal, forced: forced.signal };
  void runLoneBot(deps, bot, lone, shutdown).then((one) => (outcome = one));
  return {
    bot,
    clock,
    leases,
    lone,
    told,
    ended: () => outcome,
    row: () => leases.row('lobby'),
    signal: () => (graceful.signal.aborted ? forced : graceful).abort(new Error('SIGTERM')),
  };
}
