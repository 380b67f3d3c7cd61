import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { groupIdOf } from '../../src/worker/activation.ts';
import { V, openFleet } from './fleet.ts';

const IDLE = { kind: 'left', reason: 'idle' } as const;

describe('a start', () => {
  it('brings a bot into the room; its leaving ends it', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const worker = start();
    await ask('lobby', { session: 'talk', fields: { characterId: 7, mode: 'text' } });
    await clock.live(1_000);
    const bot = worker.bots.of('lobby');
    expect(bot.start).toMatchObject({
      session: 'talk',
      characterId: '7',
      mode: 'text',
      arrival: 'fresh',
      requestedAt: 0,
    });
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 1, worker: 'worker-1' });
    await clock.live(10 * V);
    expect(bot.running()).toBe(true);
    expect(queue.held()).toMatchObject([{ inFlight: true, receiveCount: 1 }]);
    bot.end(IDLE);
    await clock.live(1_000);
    expect(leases.row('lobby')).toMatchObject({ status: 'left' });
    expect(queue.held()).toEqual([]);
  });

  it('for a live room makes no second bot, and is a duplicate once the bot has left', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    const [worker, other] = [start(), start()];
    await ask('lobby');
    await clock.live(1_000);
    await ask('lobby');
    await clock.live(5 * V);
    expect(running()).toEqual(['lobby']);
    [...worker.bots.all, ...other.bots.all].forEach((bot) => bot.end(IDLE));
    await clock.live(1_000);
    expect(running()).toEqual([]);
    expect([...worker.settled(), ...other.settled()]).toEqual(['duplicate']);
    expect(queue.held()).toEqual([]);
  });

  it.each([1_000, 2_000, 600_000])('calls a bot back that left %d ms ago', async (ms) => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    worker.bots.of('lobby').end(IDLE);
    await clock.live(ms);
    await ask('lobby');
    await clock.live(1_000);
    expect(worker.bots.all.map(({ start: { arrival } }) => arrival)).toEqual(['fresh', 'fresh']);
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 2, joined: false });
  });

  it('that was asked for while the bot was there, and sent again since, is a duplicate', async () => {
    const { ask, clock, running, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(30_000);
    worker.bots.of('lobby').end(IDLE);
    await clock.live(10_000);
    await ask('lobby', { fields: { requestedAt: 20_000 } });
    await clock.live(1_000);
    expect([worker.settled(), running()]).toEqual([['duplicate'], []]);
  });

  it('that was sent a second before the bot left calls it back too: the clocks are two', async () => {
    const { ask, clock, running, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(10_000);
    await ask('lobby');
    await clock.live(1_000);
    worker.bots.of('lobby').end(IDLE);
    await clock.live(1_000);
    expect([worker.bots.all.length, running()]).toEqual([2, ['lobby']]);
  });

  it('that waits while its session is ended brings nobody, and the bot leaves', async () => {
    const { ask, clock, leases, queue, running, start } = openFleet();
    const worker = start();
    await ask('lobby');
    await clock.live(1_000);
    await ask('lobby');
    await leases.endSession('lobby');
    await clock.live(20_000);
    expect(running()).toEqual([]);
    await clock.live(2 * V);
    expect(worker.bots.all).toHaveLength(1);
    expect(worker.settled()).toEqual(['ended', 'ended']);
    expect(queue.held()).toEqual([]);
  });

  it('that has expired is served only where a bot is live', async () => {
    const { ask, clock, queue, start } = openFleet();
    const worker = start();
    await clock.live(10_000);
    await ask('lobby', { fields: { expiresAt: 9_000 } });
    await clock.live(1_000);
    expect([worker.settled(), worker.bots.all, queue.held()]).toEqual([['expired'], [], []]);
  });

  it('of another session waits until the first talk is over, then begins a new one', async () => {
    const { ask, clock, leases, start } = openFleet();
    const worker = start();
    await ask('lobby', { session: 'one' });
    await clock.live(1_000);
    await ask('lobby', { session: 'two' });
    await clock.live(10 * V);
    expect(worker.bots.all).toHaveLength(1);
    worker.bots.of('lobby').end(IDLE);
    await clock.live(1_000);
    expect(worker.bots.of('lobby').start).toMatchObject({ session: 'two', arrival: 'fresh' });
    expect(leases.row('lobby')).toMatchObject({ session: 'two', epoch: 2 });
  });

  it('of another session, when the holder dies, lets the first talk go on first', async () => {
    const { ask, clock, start } = openFleet();
    const first = start({ maxRooms: 1 });
    await ask('lobby', { session: 'one' });
    await clock.live(1_000);
    await ask('lobby', { session: 'two' });
    first.process.kill();
    const second = start();
    await clock.live(V);
    expect(second.bots.all.map((bot) => bot.session)).toEqual(['one']);
    second.bots.of('lobby').end(IDLE);
    await clock.live(1_000);
    expect(second.bots.all.map((bot) => bot.session)).toEqual(['one', 'two']);
  });

  it('of another session is put behind once where the live row has no message, then served', async () => {
    const { ask, clock, leases, queue, start } = openFleet();
    const orphan = { room: 'lobby', session: 'one', messageId: 'gone', receiveCount: 1 };
    await leases.acquire({ ...orphan, requestedAt: 0, deferrals: 0, worker: 'gone' });
    const worker = start();
    await ask('lobby', { session: 'two' });
    await clock.live(1_000);
    expect(worker.settled()).toEqual(['deferred']);
    expect(worker.bots.of('lobby').start).toMatchObject({ session: 'two', arrival: 'fresh' });
    expect(queue.held()).toHaveLength(1);
  });
});

describe('a message in another group', () => {
  it('is put into its room’s own: ten of one group give ten bots', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    start({ maxRooms: 20 });
    const rooms = Array.from({ length: 10 }, (_none, at) => (at === 0 ? '会議' : `room-${at}`));
    for (const room of rooms) await ask(room, { group: 'constant' });
    await clock.live(1_000);
    expect([...running()].sort()).toEqual([...rooms].sort());
    expect(
      queue
        .held()
        .map(({ groupId }) => groupId)
        .sort(),
    ).toEqual(rooms.map(groupIdOf).sort());
  });

  it('keeps the time at which it was asked for', async () => {
    const { ask, clock, start } = openFleet();
    await ask('lobby', { group: 'constant' });
    await clock.live(7_000);
    const worker = start();
    await clock.live(1_000);
    expect(worker.bots.of('lobby').start.requestedAt).toBe(0);
  });

  it('is re-sent once, though the worker dies before it deletes the first', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    const first = start();
    first.process.dieBefore('delete');
    await ask('lobby', { group: 'constant' });
    await clock.live(1_000);
    expect(queue.held()).toHaveLength(2);
    const second = start();
    await clock.live(2 * V);
    expect(running()).toEqual(['lobby']);
    expect(second.settled()).toEqual(['rerouted']);
    expect(queue.held()).toMatchObject([{ groupId: 'lobby', inFlight: true }]);
  });

  it('holds up no other room while it is served', async () => {
    const { ask, clock, running, start } = openFleet();
    start({ maxRooms: 1 });
    start({ maxRooms: 1 });
    await ask('one', { group: 'constant' });
    await ask('two', { group: 'constant' });
    await clock.live(1_000);
    expect([...running()].sort()).toEqual(['one', 'two']);
  });
});

describe('a body that is no activation', () => {
  it.each([
    ['not JSON', 'nonsense', 'the body is not JSON'],
    ['without a room', '{}', 'roomName: is not a text'],
    ['of 256 KB', 'x'.repeat(256 * 1024), 'the body is not JSON'],
    ['with an id that no database holds', '{"roomName": "a", "sessionId": "\\u0000"}', 'sessionId'],
  ])('(%s) goes to the dead letters with the reason, others unharmed', async (_what, body, why) => {
    const { ask, clock, queue, running, start } = openFleet();
    const worker = start();
    await queue.send({ body, groupId: 'constant', deduplicationId: 'odd' });
    await ask('lobby', { group: 'constant' });
    await clock.live(1_000);
    expect(queue.dead).toEqual([{ body, reason: expect.stringContaining(why) }]);
    expect([worker.settled()[0], running()]).toEqual(['malformed', ['lobby']]);
    expect(queue.held()).toHaveLength(1);
  });
});

it('a body that cannot go to the dead letters just now comes back', async () => {
  const { clock, queue, start } = openFleet();
  const error = new TroupeError('away', { kind: 'timeout', fault: 'fleet', service: 'queue' });
  queue.fail('deadLetter', error, { times: 3 });
  await queue.send({ body: 'nonsense', groupId: 'constant', deduplicationId: 'odd' });
  start();
  await clock.live(3_000);
  expect([queue.dead, queue.held().length]).toEqual([[], 1]);
  await clock.live(V);
  expect([queue.dead.length, queue.held()]).toEqual([1, []]);
});

describe('places', () => {
  it('are never exceeded in a burst, and used at once when freed', async () => {
    const { ask, clock, queue, running, start } = openFleet();
    const workers = [start({ maxRooms: 3 }), start({ maxRooms: 2 })];
    for (let at = 0; at < 30; at += 1) await ask(`room-${at}`);
    let served = 0;
    while (queue.held().length > 0 && served < 30) {
      await clock.live(500);
      expect(workers.map((worker) => worker.status().rooms.length)).toEqual([3, 2]);
      expect(running()).toHaveLength(5);
      if (queue.held().length === 5) break;
      const worker = workers[served % 2];
      worker?.bots.all.find((bot) => bot.running())?.end(IDLE);
      served += 1;
    }
    expect(served).toBe(25);
  });
});
