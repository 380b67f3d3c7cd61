import { describe, expect, it } from 'vitest';
import { DeadlineExceeded } from '../../src/lib/deadline.ts';
import type { HandoverTicket } from '../../src/ports/bot.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, openPatientWorld, repeat, ROOM } from './bot-world.ts';
import type { Started } from './bot-world.ts';

const TICKET = { session: ROOM, characterId: 'mia', mode: 'text' };

function prepare({ bot }: Started, signal = new AbortController().signal) {
  let ticket: HandoverTicket | undefined;
  let refusal: unknown;
  bot.prepareHandover(signal).then(
    (one) => (ticket = one),
    (error: unknown) => (refusal = error),
  );
  return { ticket: () => ticket, refusal: () => refusal };
}

describe('preparing a handover', () => {
  it('lets the reply finish, and saves it', async () => {
    const { enter, start, llm, texts } = openPatientWorld();
    const ann = enter('Ann');
    const started = await start();
    await ann.says('one');
    const { ticket } = prepare(started);
    await settled();
    expect(ticket()).toBeUndefined();
    expect(started.bot.status().phase).toBe('handing-over');
    repeat(llm.completions[0]!);
    await settled();
    expect(ticket()).toEqual(TICKET);
    expect(await texts()).toEqual(['Ann: one', 'Mia: You said one.']);
  });

  it('cuts a reply that takes longer than five seconds', async () => {
    const { enter, start, llm, clock, texts } = openPatientWorld();
    const ann = enter('Ann');
    const started = await start();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNot ');
    const { ticket } = prepare(started);
    await clock.live(5_000);
    expect(ticket()).toEqual(TICKET);
    expect(await texts()).toEqual(['Ann: one', 'Mia: Heard.\n']);
  });

  it('waits for a bot that is still on its way', async () => {
    const { start, store } = openPatientWorld();
    const held = store.hold();
    const started = await start();
    const { ticket } = prepare(started);
    await settled();
    expect(ticket()).toBeUndefined();
    held[Symbol.dispose]();
    await settled();
    expect(ticket()).toEqual(TICKET);
  });

  it('does not wait for it longer than the worker does', async () => {
    const { start, store } = openPatientWorld();
    using _held = store.hold();
    const worker = new AbortController();
    const { refusal } = prepare(await start(), worker.signal);
    worker.abort(new Error('no time left'));
    await settled();
    expect(refusal()).toEqual(new Error('no time left'));
  });

  it('fails with one that does not get there, and with one that ends meanwhile', async () => {
    const { start, store, enter } = openPatientWorld();
    store.failWith(failure('unavailable', 'database'));
    const lost = await start();
    const tooLate = prepare(lost);
    await settled();
    expect(tooLate.refusal()).toBeInstanceOf(Error);
    store.failWith(undefined);
    const ann = enter('Ann');
    const leaving = await start();
    await ann.says('one');
    const { refusal } = prepare(leaving);
    leaving.bot.leave('stop');
    await settled();
    expect(refusal()).toBeInstanceOf(Error);
  });

  it('fails where nothing can be saved; the talk goes on as before', async () => {
    const { enter, start, store, clock, letModelGo } = openPatientWorld();
    letModelGo();
    const ann = enter('Ann');
    const started = await start();
    store.failWith(failure('unavailable', 'database'));
    await ann.says('one');
    const { ticket, refusal } = prepare(started);
    await clock.live(10_000);
    expect([ticket(), refusal()]).toEqual([undefined, expect.any(DeadlineExceeded)]);
    expect(started.bot.status().phase).toBe('talking');
    await ann.says('two');
    expect(ann.lines().at(-1)).toBe('You said two.');
  });

  it('ends with the worker that waits for it', async () => {
    const { enter, start } = openPatientWorld();
    const ann = enter('Ann');
    const started = await start();
    await ann.says('one');
    const worker = new AbortController();
    const { refusal } = prepare(started, worker.signal);
    worker.abort(new Error('no time left'));
    await settled();
    expect(refusal()).toEqual(new Error('no time left'));
    expect(started.bot.status().phase).toBe('talking');
  });

  it('may be asked for twice', async () => {
    const { enter, start, llm } = openPatientWorld();
    const ann = enter('Ann');
    const started = await start();
    await ann.says('one');
    const [first, second] = [prepare(started), prepare(started)];
    repeat(llm.completions[0]!);
    await settled();
    expect([first.ticket(), second.ticket()]).toEqual([TICKET, TICKET]);
    await ann.says('two');
    const third = prepare(started);
    await settled();
    expect(third.ticket()).toBeUndefined();
    repeat(llm.completions[1]!);
    await settled();
    expect(third.ticket()).toEqual(TICKET);
  });
});

describe('a bot that has been handed over', () => {
  it('goes on answering, each turn saved before its reply speaks', async () => {
    const { enter, start, store, letModelGo, texts } = openPatientWorld();
    letModelGo();
    const ann = enter('Ann');
    const started = await start();
    prepare(started);
    await settled();
    const held = store.hold();
    await ann.says('one');
    expect(ann.lines()).toEqual(['Mia has joined the chat!']);
    held[Symbol.dispose]();
    await settled();
    expect(ann.lines().at(-1)).toBe('You said one.');
    expect(await texts()).toEqual(['Ann: one', 'Mia: You said one.']);
  });

  it('answers all the same where the database stays away: then nobody can take over', async () => {
    const { enter, start, store, letModelGo, clock } = openPatientWorld();
    letModelGo();
    const ann = enter('Ann');
    prepare(await start());
    await settled();
    store.failWith(failure('unavailable', 'database'));
    await ann.says('one');
    await clock.live(9_999);
    expect(ann.lines()).toHaveLength(1);
    await clock.live(1);
    expect(ann.lines().at(-1)).toBe('You said one.');
  });

  it('goes on as before when the worker takes it back', async () => {
    const { enter, start, store, letModelGo } = openPatientWorld();
    letModelGo();
    const ann = enter('Ann');
    const started = await start();
    prepare(started);
    await settled();
    await started.lease.adopt();
    started.bot.adopt();
    expect(started.bot.status().phase).toBe('talking');
    using _held = store.hold();
    await ann.says('one');
    expect(ann.lines().at(-1)).toBe('You said one.');
  });

  it('leaves when its successor comes, which answers what nobody answered, once', async () => {
    const { enter, start, letModelGo, texts, llm, clock, store } = openPatientWorld();
    const ann = enter('Ann');
    const old = await start();
    prepare(old);
    await settled();
    await ann.says('one');
    letModelGo();
    const next = await start({ generation: 1 });
    expect(next.lease.arrival).toBe('handover');
    await clock.live(100);
    expect(old.outcome()).toEqual({ kind: 'handed-over' });
    expect(ann.lines()).toEqual(['Mia has joined the chat!', 'You said one.']);
    await clock.live(5_000);
    expect(await texts()).toEqual(['Ann: one', 'Mia: You said one.']);
    expect(llm.completions).toHaveLength(2);
    expect(await store.readInbox(ROOM)).toEqual([]);
  });

  it('stays until its successor is in the room, and leaves it what it could not save', async () => {
    const { enter, start, started, leases, letModelGo, texts, clock, store } = openPatientWorld();
    letModelGo();
    const ann = enter('Ann');
    const old = await start();
    prepare(old);
    await settled();
    old.lease.handOn();
    const next = await takeLease(leases, ROOM, { generation: 1 });
    await ann.says('one');
    await ann.says('two');
    await clock.live(2_000);
    expect(old.outcome()).toBeUndefined();
    expect(await texts()).toEqual([]);
    started(next);
    await clock.live(100);
    expect(old.outcome()).toEqual({ kind: 'handed-over' });
    expect(await texts()).toEqual(['Ann: one', 'Ann: two', 'Mia: You said one\ntwo.']);
    expect(ann.lines().slice(1)).toEqual(['You said one', 'two.']);
    expect(await store.readInbox(ROOM)).toEqual([]);
  });

  it('leaves the heard part of its reply, and turns it could not save, to its successor', async () => {
    const { enter, start, letModelGo, texts, llm, clock, store } = openPatientWorld();
    const ann = enter('Ann');
    const old = await start();
    prepare(old);
    await settled();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNot ');
    await settled();
    const held = store.hold();
    await ann.says('two');
    letModelGo();
    const arriving = start({ generation: 1 });
    held[Symbol.dispose]();
    await arriving;
    await clock.live(200);
    expect(old.outcome()).toEqual({ kind: 'handed-over' });
    expect(await texts()).toEqual(['Ann: one', 'Ann: two', 'Mia: Heard.\n', 'Mia: You said two.']);
    expect(ann.lines().slice(1)).toEqual(['Heard.', 'You said two.']);
    expect(await store.readInbox(ROOM)).toEqual([]);
  });
});
