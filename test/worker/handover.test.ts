import { describe, expect, it } from 'vitest';
import { openFakeBots } from '../support/fake-bot.ts';
import { handOver } from '../../src/worker/handover.ts';
import { AWAY, V, openHeldLeases } from './held-leases.ts';

describe('a handover', () => {
  it('prepares, sends, deletes, in this order', async () => {
    const { bot, calls, lease, run, queue } = await open();
    await run();
    expect(calls).toEqual(['prepare', 'send', 'delete']);
    expect([lease.handedOn(), bot.adoptions()]).toEqual([true, 0]);
    const [successor] = queue.held();
    expect(successor).toMatchObject({ groupId: 'lobby', inFlight: false });
    expect(JSON.parse(successor?.body ?? '')).toEqual({
      roomName: 'lobby',
      sessionId: 'talk of lobby',
      characterId: 'mia',
      mode: 'text',
      generation: 1,
    });
  });

  it('changes nothing when the bot cannot save', async () => {
    const { bot, calls, lease, run } = await open();
    bot.failPreparing(AWAY('database'));
    await expect(run()).rejects.toThrow('away');
    expect([calls, lease.handedOn(), lease.owned()]).toEqual([['prepare'], false, true]);
  });

  it('gives up a bot that does not get ready', async () => {
    const { bot, clock, lease, run } = await open();
    bot.prepareHandover = () => new Promise(() => undefined);
    const result = expect(run()).rejects.toThrow('no answer within 10000 ms');
    await clock.live(10_000);
    await result;
    expect(lease.owned()).toBe(true);
  });

  it('lets the talk go on when the queue does not take the successor', async () => {
    const { bot, calls, lease, queue, run } = await open();
    queue.fail('send', AWAY('queue'));
    await expect(run()).rejects.toThrow('away');
    expect([calls, bot.adoptions(), lease.owned()]).toEqual([['prepare', 'send'], 1, true]);
    expect(queue.held()).toMatchObject([{ inFlight: true }]);
  });

  it('sends one successor an epoch, though the first answer was lost', async () => {
    const { queue, run } = await open();
    queue.fail('send', AWAY('queue'), { lost: true });
    await expect(run()).rejects.toThrow('away');
    await run();
    expect(queue.held()).toHaveLength(1);
  });

  it('counts as done when only the deletion fails: the old message lapses', async () => {
    const { clock, lease, queue, run } = await open();
    queue.fail('delete', AWAY('queue'), { times: Infinity });
    const done = run();
    await clock.live(2_000);
    await done;
    expect([lease.handedOn(), queue.held().length]).toEqual([true, 2]);
    await clock.live(V);
    expect(queue.held()).toMatchObject([{ inFlight: false }, { inFlight: false }]);
  });

  it('is no business of a worker whose message may be another’s', async () => {
    const { bot, calls, lease, run } = await open();
    lease.expired();
    await expect(run()).rejects.toMatchObject({ service: 'queue', retryable: true });
    expect([calls, bot.adoptions()]).toEqual([['prepare'], 1]);
  });

  it('happens once', async () => {
    const { calls, run } = await open();
    await run();
    await run();
    expect(calls).toEqual(['prepare', 'send', 'delete']);
  });

  it('ends with its signal, and the talk goes on', async () => {
    const { bot, lease, run } = await open();
    await expect(run(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect([lease.owned(), bot.running()]).toEqual([true, true]);
  });
});

async function open() {
  const world = openHeldLeases();
  const lease = await world.hold('lobby');
  const bots = openFakeBots();
  const { room, session } = lease;
  const start = { characterId: 'mia', mode: undefined, requestedAt: 0, arrival: 'fresh' } as const;
  bots.start({ room, session, lease, ...start });
  const bot = bots.of('lobby');
  const calls: string[] = [];
  const prepare = bot.prepareHandover.bind(bot);
  bot.prepareHandover = (signal) => {
    calls.push('prepare');
    return prepare(signal);
  };
  const { clock, observe, queue } = world;
  const watched = new Proxy(queue, {
    get(target, name) {
      calls.push(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  const deps = { clock, observe, queue: watched };
  const run = (signal: AbortSignal = new AbortController().signal): Promise<void> =>
    handOver(deps, { bot, lease, since: 0 }, signal);
  return { bot, calls, clock, lease, queue, run };
}
