import { describe, expect, it } from 'vitest';
import { leaveInInbox, readInbox } from '../../src/memory/inbox.ts';
import type { Inheritance } from '../../src/memory/inbox.ts';
import type { InboxEntry } from '../../src/ports/memory-store.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { said } from '../contract/memory-world.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeMemoryStore } from '../support/fake-memory-store.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { away } from './writing.ts';

const SESSION = 'talk';

function openInbox() {
  const clock = openHandClock();
  const memory = makeFakeMemoryStore(makeFakeLeaseTable(() => clock.wallMs()));
  const observed: Observation[] = [];
  const observe = (one: Observation): void => void observed.push(one);
  const deps = { memory, clock, observe, random: () => 0 };
  const owner = (epoch: number) => ({ room: 'room', session: SESSION, epoch });
  let inheritance: Inheritance | undefined;
  return {
    clock,
    memory,
    observed,
    leave: (epoch: number, ...texts: readonly string[]) =>
      leaveInInbox(
        deps,
        owner(epoch),
        texts.map((text) => said(text)),
      ),
    leaveOpen: (epoch: number, ...texts: readonly string[]) => {
      const entries = texts.map((text): InboxEntry => ({ kind: 'message', message: said(text) }));
      return memory.leaveInInbox(owner(epoch), entries);
    },
    read: (epoch: number, patienceMs: number, signal = new AbortController().signal) => {
      void readInbox(deps, owner(epoch), patienceMs, signal).then((one) => (inheritance = one));
    },
    /** What was read, once the reading is over: the texts, or undefined. */
    found: () => inheritance?.messages.map(({ text }) => text),
    through: () => inheritance?.through,
  };
}

describe('reading the inbox', () => {
  it('ends with the closing row of the bot before us', async () => {
    const { clock, leave, leaveOpen, read, found, through } = openInbox();
    read(4, 1_000);
    await clock.live(300);
    await leaveOpen(3, 'one');
    await clock.live(100);
    expect(found()).toBeUndefined();
    await leave(3, 'two');
    await clock.live(50);
    expect(found()).toEqual(['one', 'two']);
    expect(through()).toBe(3);
  });

  it('ends without one after its patience, with whatever is there', async () => {
    const { clock, leaveOpen, read, found, through } = openInbox();
    await leaveOpen(3, 'one');
    read(4, 1_000);
    await clock.live(850);
    expect(found()).toBeUndefined();
    await clock.live(150);
    expect(found()).toEqual(['one']);
    expect(through()).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  it('finds nothing after a crash', async () => {
    const { clock, read, found, through } = openInbox();
    read(4, 1_000);
    await clock.live(1_000);
    expect(found()).toEqual([]);
    expect(through()).toBeUndefined();
  });

  it('looks once without patience', async () => {
    const { memory, leave, read, found } = openInbox();
    await leave(1, 'long ago');
    const before = memory.calls();
    read(9, 0);
    await settled();
    expect(found()).toEqual(['long ago']);
    expect(memory.calls() - before).toBe(1);
  });

  it.each([
    ['of the epoch before', 4, true],
    ['of one more before, whose grant may have got lost', 3, true],
    ['older than that', 2, false],
    ['of our own epoch', 5, false],
  ])('takes a closing row %s for the end: %s', async (_what, epoch, ends) => {
    const { leave, read, found } = openInbox();
    await leave(epoch, 'left');
    read(5, 1_000);
    await settled();
    expect(found()).toEqual(ends ? ['left'] : undefined);
  });

  it('takes in what even older bots left', async () => {
    const { leave, read, found } = openInbox();
    await leave(1, 'one');
    await leave(2, 'two');
    read(3, 1_000);
    await settled();
    expect(found()).toEqual(['one', 'two']);
  });

  it('is not disturbed by a database that fails for a while', async () => {
    const { clock, memory, leave, read, found, observed } = openInbox();
    await leave(3, 'one');
    memory.failWith(away());
    read(4, 1_000);
    await clock.live(300);
    memory.failWith(undefined);
    await clock.live(250);
    expect(found()).toEqual(['one']);
    expect(observed).toHaveLength(2);
    expect(observed[0]).toMatchObject({ type: 'inbox-failed', room: 'room', epoch: 4 });
  });

  it('keeps what it has seen when the database fails afterwards', async () => {
    const { clock, memory, leaveOpen, read, found } = openInbox();
    await leaveOpen(3, 'one');
    read(4, 1_000);
    await settled();
    memory.failWith(away());
    await clock.live(1_000);
    expect(found()).toEqual(['one']);
  });

  it('takes a look that its patience cut short for no failure', async () => {
    const { clock, memory, leaveOpen, read, found, observed } = openInbox();
    await leaveOpen(3, 'one');
    read(4, 1_000);
    await clock.live(700);
    using _held = memory.hold();
    await clock.live(300);
    expect(found()).toEqual(['one']);
    expect(observed).toEqual([]);
  });

  it.each([1_000, 0])('waits %s ms and a moment for one that hangs', async (patienceMs) => {
    const { clock, memory, read, found, through } = openInbox();
    using _held = memory.hold();
    read(4, patienceMs);
    await clock.live(Math.max(patienceMs, 500));
    expect(found()).toEqual([]);
    expect(through()).toBeUndefined();
  });

  it('ends with whoever reads', async () => {
    const { clock, memory, read, found, observed } = openInbox();
    using _held = memory.hold();
    const reader = new AbortController();
    read(4, 1_000, reader.signal);
    await settled();
    reader.abort(new Error('gone'));
    await settled();
    expect(found()).toEqual([]);
    expect(observed).toEqual([]);
    expect(clock.timers()).toBe(0);
  });
});

describe('leaving something in the inbox', () => {
  it('puts the messages in order, and the closing row behind them', async () => {
    const { memory, leave } = openInbox();
    await leave(3, 'one', 'two');
    const rows = await memory.readInbox(SESSION);
    expect(rows.map(({ kind, epoch }) => [kind, epoch])).toEqual([
      ['message', 3],
      ['message', 3],
      ['closing', 3],
    ]);
  });

  it('is tried again', async () => {
    const { clock, memory, leave, observed } = openInbox();
    memory.failWith(away());
    const leaving = leave(3, 'one');
    await clock.live(400);
    memory.failWith(undefined);
    await clock.live(400);
    await leaving;
    expect(await memory.readInbox(SESSION)).toHaveLength(2);
    expect(observed).toEqual([]);
  });

  it('is begun anew where a request got lost', async () => {
    const { clock, memory, leave } = openInbox();
    const held = memory.hold();
    const leaving = leave(3, 'one');
    await clock.live(1_400);
    held[Symbol.dispose]();
    await leaving;
    expect(await memory.readInbox(SESSION)).toHaveLength(2);
  });

  it.each(['fails', 'hangs'])('is given up after 3 s where the database %s', async (how) => {
    const { clock, memory, leave, observed } = openInbox();
    using _held = how === 'hangs' ? memory.hold() : undefined;
    if (how === 'fails') memory.failWith(away());
    let over = false;
    void leave(3, 'one').then(() => (over = true));
    await clock.live(2_999);
    expect(over).toBe(false);
    await clock.live(1);
    expect(over).toBe(true);
    expect(observed).toMatchObject([{ type: 'inbox-failed', room: 'room', session: SESSION }]);
    expect(clock.timers()).toBe(0);
  });
});
