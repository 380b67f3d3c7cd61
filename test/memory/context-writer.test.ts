import { describe, expect, it } from 'vitest';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import { answered, said, turn } from '../contract/memory-world.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { away, openWriting, ROOM } from './writing.ts';

describe('saving', () => {
  it('happens by itself: the whole, in order, under the epoch, a version a change', async () => {
    const { writer, saves, stored, lease, settle } = await openWriting([said('before')]);
    writer.append(said('one'));
    await settle();
    writer.append(answered('two', 'one'));
    await settle();
    expect(await stored()).toEqual(['before', 'one', 'two']);
    expect(saves.map(({ version }) => version)).toEqual([8, 9]);
    expect(saves.map(({ epoch }) => epoch)).toEqual([lease.epoch(), lease.epoch()]);
    expect(writer.unsaved()).toEqual([]);
  });

  it('puts what changes during a save into the next one, as one', async () => {
    const { writer, store, saves, stored, settle } = await openWriting();
    const first = store.hold();
    writer.append(said('one'));
    await settle();
    const second = store.hold();
    for (const text of ['two', 'three', 'four']) writer.append(said(text));
    expect(writer.messages().map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
    expect(writer.unsaved()).toHaveLength(4);
    first[Symbol.dispose]();
    await settle();
    expect(writer.unsaved().map(({ text }) => text)).toEqual(['two', 'three', 'four']);
    second[Symbol.dispose]();
    await settle();
    expect(saves.map(({ messages }) => messages.length)).toEqual([1, 4]);
    expect(await stored()).toEqual(['one', 'two', 'three', 'four']);
  });

  it('gives way to what is asked of the model meanwhile, but not where somebody waits for it', async () => {
    const { writer, clock, saves } = await openWriting();
    writer.append(said('one'));
    await clock.live(GIVE_WAY_MS - 1);
    expect(saves).toEqual([]);
    writer.append(said('two'));
    await clock.live(1);
    expect(saves.map(({ messages }) => messages.length)).toEqual([2]);
    writer.append(said('three'));
    await writer.saved();
    expect(saves).toHaveLength(2);
  });

  it('takes the books of replies along, also where nothing was said', async () => {
    const { writer, store, settle } = await openWriting();
    writer.record(turn('t1'));
    await settle();
    writer.record(turn('t2'));
    await writer[Symbol.asyncDispose]();
    expect(store.turns(ROOM).map(({ id }) => id)).toEqual(['t1', 't2']);
  });

  it('stands still while the lease may not write, and goes on when it may', async () => {
    const { writer, clock, lease, saves, stored } = await openWriting();
    lease.permit(false);
    writer.append(said('one'));
    await clock.live(20_000);
    expect(saves).toEqual([]);
    lease.permit(true);
    await clock.live(250);
    expect(await stored()).toEqual(['one']);
  });

  it('is told with how long the oldest change had waited', async () => {
    const { writer, clock, store, observed, settle } = await openWriting();
    const held = store.hold();
    writer.append(said('one'));
    await clock.live(300);
    writer.append(said('two'));
    held[Symbol.dispose]();
    await settle();
    expect(observed).toMatchObject([
      { type: 'context-saved', version: 1, lagMs: 300 },
      { type: 'context-saved', version: 2, lagMs: 0 },
    ]);
  });
});

describe('a newer epoch', () => {
  it('that the worker adopts during a save is no loss: the save is sent anew', async () => {
    const { writer, store, lease, saves, stored, settle } = await openWriting();
    const held = store.hold();
    writer.append(said('one'));
    await settle();
    await lease.adopt();
    held[Symbol.dispose]();
    await settle();
    expect(lease.lost.aborted).toBe(false);
    expect(saves.map(({ epoch }) => epoch)).toEqual([lease.epoch() - 1, lease.epoch()]);
    expect(await stored()).toEqual(['one']);
    expect(writer.unsaved()).toEqual([]);
  });

  it('of another bot loses the lease; what was refused is kept for the inbox', async () => {
    const { writer, leases, lease, clock, saves, settle } = await openWriting();
    writer.append(said('saved'));
    await settle();
    await leases.endSession(ROOM);
    writer.append(said('refused'));
    await settle();
    expect(lease.lost.aborted).toBe(true);
    writer.append(said('later'));
    await clock.live(60_000);
    expect(saves).toHaveLength(2);
    expect(writer.unsaved().map(({ text }) => text)).toEqual(['refused', 'later']);
    await expect(writer.saved()).rejects.toThrow('lease of room room is lost');
  });

  it('of a successor that is on its way refuses writes, which are tried again at leisure', async () => {
    const { writer, leases, lease, clock, saves } = await openWriting();
    lease.handOn();
    await takeLease(leases, ROOM, { generation: 1 });
    writer.append(said('refused'));
    await clock.live(5_000);
    expect(lease.lost.aborted).toBe(false);
    expect(writer.unsaved()).toHaveLength(1);
    expect(saves.length).toBeLessThan(10);
  });
});

describe('an outage of the database', () => {
  it('keeps nobody waiting, is asked ever more seldom, and all is caught up once', async () => {
    const { writer, clock, store, saves, stored, observed } = await openWriting();
    store.failWith(away());
    const texts = Array.from({ length: 20 }, (_none, at) => `line ${at}`);
    for (const text of texts) {
      writer.append(said(text));
      await clock.live(15_000);
    }
    // 5 minutes: 0.125 s, 0.25 s, ... up to 7.5 s apart with this test's luck.
    expect(saves.length).toBeLessThan(50);
    expect(observed.every(({ type }) => type === 'context-save-failed')).toBe(true);
    store.failWith(undefined);
    await clock.live(15_000);
    expect(await stored()).toEqual(texts);
    expect(writer.unsaved()).toEqual([]);
  });

  it('is forgotten with the first save that gets through', async () => {
    const { writer, clock, store, saves, settle } = await openWriting();
    store.failWith(away());
    writer.append(said('one'));
    await clock.live(60_000);
    store.failWith(undefined);
    await clock.live(15_000);
    store.failWith(away());
    writer.append(said('two'));
    await settle();
    const tried = saves.length;
    await clock.live(125);
    expect(saves.length).toBe(tried + 1);
  });

  it('whose answers alone are lost leaves everything once', async () => {
    const { writer, clock, store, loseAnswer, stored, settle } = await openWriting();
    loseAnswer();
    writer.append(said('one'));
    writer.record(turn('t1'));
    await settle();
    expect(writer.unsaved()).toHaveLength(1);
    await clock.live(1_000);
    expect(await stored()).toEqual(['one']);
    expect(store.turns(ROOM)).toHaveLength(1);
    expect(writer.unsaved()).toEqual([]);
  });

  it('piles up within bounds: the memory stays whole, the oldest of what waits go', async () => {
    const { writer, clock, store } = await openWriting();
    store.failWith(away());
    for (let at = 0; at < 600; at += 1) {
      writer.append(said(`line ${at}`));
      writer.record(turn(`t${at}`));
    }
    expect(writer.messages()).toHaveLength(600);
    expect(writer.unsaved()).toHaveLength(500);
    expect(writer.unsaved()[0]?.text).toBe('line 100');
    store.failWith(undefined);
    await clock.live(1_000);
    expect(store.turns(ROOM)).toHaveLength(500);
    expect(store.turns(ROOM)[0]?.id).toBe('t100');
  });
});
