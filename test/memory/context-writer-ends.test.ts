import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { DeadlineExceeded } from '../../src/lib/deadline.ts';
import { said } from '../contract/memory-world.ts';
import { settled } from '../support/hand-clock.ts';
import { away, openWriting } from './writing.ts';

describe('waiting for a save', () => {
  it('ends when all is saved that was there when the waiting began', async () => {
    const { writer, store } = await openWriting();
    await writer.saved();
    const held = store.hold();
    writer.append(said('one'));
    const order: string[] = [];
    const waiting = writer.saved().then(() => order.push('saved'));
    await settled();
    order.push('released');
    held[Symbol.dispose]();
    await waiting;
    expect(order).toEqual(['released', 'saved']);
  });

  it('asks a database at once that was given a rest', async () => {
    const { writer, clock, store } = await openWriting();
    store.failWith(away());
    writer.append(said('one'));
    await clock.live(60_000);
    store.failWith(undefined);
    await writer.saved();
    expect(writer.unsaved()).toEqual([]);
  });

  it('ends after ten seconds, and with whoever waits', async () => {
    const { writer, clock, store } = await openWriting();
    store.failWith(away());
    writer.append(said('one'));
    const waiter = new AbortController();
    const patient = expect(writer.saved()).rejects.toThrow(DeadlineExceeded);
    const called = expect(writer.saved(waiter.signal)).rejects.toThrow('called away');
    waiter.abort(new Error('called away'));
    await called;
    await clock.live(10_000);
    await patient;
  });

  it('ends with the lease', async () => {
    const { writer, store, lease } = await openWriting();
    store.failWith(away());
    writer.append(said('one'));
    const waiting = expect(writer.saved()).rejects.toThrow('lease of room room is lost');
    await settled();
    lease.lose();
    await waiting;
  });
});

describe('closing', () => {
  it('saves what is unsaved, at once; afterwards nothing is written', async () => {
    const { writer, clock, store, lease, saves, stored } = await openWriting();
    store.failWith(away());
    writer.append(said('one'));
    await clock.live(60_000);
    store.failWith(undefined);
    await writer[Symbol.asyncDispose]();
    expect(await stored()).toEqual(['one']);
    const tried = saves.length;
    writer.append(said('late'));
    await clock.live(60_000);
    await writer[Symbol.asyncDispose]();
    expect(saves.length).toBe(tried);
    expect(getEventListeners(lease.lost, 'abort')).toEqual([]);
    expect(clock.timers()).toBe(0);
  });

  it('gives up after three seconds, and does not wait for a lease that is lost', async () => {
    const one = await openWriting();
    using _held = one.store.hold();
    one.writer.append(said('one'));
    let closed = false;
    const closing = one.writer[Symbol.asyncDispose]().then(() => (closed = true));
    await one.clock.live(2_999);
    expect(closed).toBe(false);
    await one.clock.live(1);
    await closing;
    expect(one.writer.unsaved()).toHaveLength(1);

    const other = await openWriting();
    using _alsoHeld = other.store.hold();
    other.writer.append(said('one'));
    other.lease.lose();
    await other.writer[Symbol.asyncDispose]();
    expect(other.clock.timers()).toBe(0);
  });
});
