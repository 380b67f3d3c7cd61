import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { LinkEvent } from '../../src/ports/room-link.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, ROOM } from './bot-world.ts';
import { openPlace } from './place.ts';

describe('a path that is cut', () => {
  it('counts again only after the database has said that the room is ours', async () => {
    const { enter, rooms, leases, clock, path } = await openPlace();
    const link = await enter();
    rooms.cut(ROOM);
    expect(link.isUp()).toBe(false);
    leases.failWith(failure('unavailable', 'database'));
    rooms.mend(ROOM);
    await clock.live(60_000);
    expect([link.isUp(), path()]).toEqual([false, ['lost']]);
    leases.failWith(undefined);
    await clock.live(3_000);
    expect([link.isUp(), path()]).toEqual([true, ['lost', 'restored']]);
    expect(rooms.joins(ROOM)).toBe(1);
  });

  it('counts no more where the room is another’s by now: the place is left, with no word', async () => {
    const { enter, rooms, leases, lease, path } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    rooms.cut(ROOM);
    await takeLease(leases, ROOM);
    rooms.mend(ROOM);
    await settled();
    expect(lease.lost.aborted).toBe(true);
    expect(link.isUp()).toBe(false);
    expect(path()).toEqual(['lost']);
    await ann.misses('bot-room');
  });

  it('does not count on an answer from before it was cut again', async () => {
    const { enter, rooms, leases, path } = await openPlace();
    const link = await enter();
    rooms.cut(ROOM);
    rooms.mend(ROOM);
    rooms.cut(ROOM);
    await settled();
    expect([link.isUp(), path()]).toEqual([false, ['lost']]);
    await takeLease(leases, ROOM);
    rooms.mend(ROOM);
    await settled();
    expect([link.isUp(), path()]).toEqual([false, ['lost']]);
  });

  it('does not count on an answer from before it was whole again', async () => {
    const { enter, rooms, lease, path } = await openPlace();
    const link = await enter();
    const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
    let asked = 0;
    Object.assign(lease, { confirm: () => answers[asked++]?.promise });
    for (let at = 0; at < 2; at += 1) {
      rooms.cut(ROOM);
      rooms.mend(ROOM);
    }
    answers[0]?.resolve(true);
    await settled();
    expect([link.isUp(), path()]).toEqual([false, ['lost']]);
    answers[1]?.resolve(true);
    await settled();
    expect([link.isUp(), path()]).toEqual([true, ['lost', 'restored']]);
  });

  it('shows the last state again when it counts, and none before', async () => {
    const { enter, rooms, clock } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    link.showAgentState('listening');
    rooms.cut(ROOM);
    link.showAgentState('thinking');
    expect(ann.states).toEqual(['listening']);
    rooms.mend(ROOM);
    await settled();
    await clock.live(GIVE_WAY_MS);
    expect(ann.states).toEqual(['listening', 'thinking']);
  });

  it('says that it thinks behind the request that it thinks with, and not where that was no time', async () => {
    const { enter, rooms, clock, lease } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    link.showAgentState('thinking');
    link.showAgentState('speaking');
    link.showAgentState('thinking');
    await clock.live(GIVE_WAY_MS - 1);
    expect(ann.states).toEqual(['speaking']);
    await clock.live(1);
    expect(ann.states).toEqual(['speaking', 'thinking']);
    link.showAgentState('thinking');
    lease.permit(false);
    await clock.live(GIVE_WAY_MS);
    expect(ann.states).toHaveLength(2);
  });

  it('shows no state while the lease has no permit', async () => {
    const { enter, rooms, lease } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    lease.permit(false);
    link.showAgentState('listening');
    expect(ann.states).toEqual([]);
  });
});

describe('entering', () => {
  it('tells what happened before anybody listened', async () => {
    const { entering, rooms, told } = await openPlace();
    const link = await entering;
    rooms.visit(ROOM, { identity: 'ann' });
    rooms.cut(ROOM);
    link.listen((event) => void told.push(event));
    expect(told.map(({ type }) => type)).toEqual(['person-joined', 'lost']);
  });

  it('that fails is not tried again behind our back, whatever the link tells', async () => {
    let tell: (event: LinkEvent) => void = () => undefined;
    const { entering, rooms, clock, lease, bot } = await openPlace(
      () => async (_request, listen) => {
        tell = listen;
        listen({ type: 'ended', reason: 'connection-lost' });
        throw failure('timeout', 'livekit');
      },
    );
    await expect(entering).rejects.toThrow('livekit says timeout');
    tell({ type: 'reconnected' });
    await clock.live(60_000);
    expect(rooms.joins(ROOM)).toBe(0);
    expect(getEventListeners(lease.lost, 'abort')).toEqual([]);
    expect(getEventListeners(bot.signal, 'abort')).toEqual([]);
  });

  it('that comes through after the bot has ended leaves no link behind', async () => {
    const gate = Promise.withResolvers<void>();
    const { entering, rooms, bot } = await openPlace((join) => async (...args) => {
      const link = await join(...args);
      await gate.promise;
      return link;
    });
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    await settled();
    bot.abort(new Error('the bot ends'));
    gate.resolve();
    await expect(entering).rejects.toThrow('the bot ends');
    await ann.misses('bot-room');
  });
});

describe('leaving', () => {
  it('in the middle of a rejoin leaves no link behind', async () => {
    const gate = Promise.withResolvers<void>();
    let joined = 0;
    const { enter, rooms, clock, path } = await openPlace((join) => async (...args) => {
      const link = await join(...args);
      joined += 1;
      if (joined > 1) await gate.promise;
      return link;
    });
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    rooms.end(ROOM, 'connection-lost');
    await settled();
    await ann.meets('bot-room');
    await link[Symbol.asyncDispose]();
    gate.resolve();
    await ann.misses('bot-room');
    await clock.live(60_000);
    expect(joined).toBe(2);
    expect(path()).toEqual(['lost']);
  });

  it('is over for good: no rejoin, no event, no listener, no timer', async () => {
    const { enter, rooms, lease, bot, clock, path } = await openPlace();
    const link = await enter();
    rooms.cut(ROOM);
    rooms.mend(ROOM);
    await link[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
    await clock.live(60_000);
    expect(path()).toEqual(['lost']);
    expect(link.isUp()).toBe(false);
    expect(rooms.joins(ROOM)).toBe(1);
    expect(getEventListeners(lease.lost, 'abort')).toEqual([]);
    expect(getEventListeners(bot.signal, 'abort')).toEqual([]);
    expect(clock.timers()).toBe(0);
  });

  it('happens at once when the lease is lost', async () => {
    const { enter, rooms, lease } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    lease.lose();
    await settled();
    expect(link.isUp()).toBe(false);
    await ann.misses('bot-room');
  });
});
