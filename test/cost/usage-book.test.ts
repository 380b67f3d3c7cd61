import { expect, it } from 'vitest';
import { openUsageBook } from '../../src/cost/usage-book.ts';
import { TroupeError } from '../../src/errors.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { UsageRecord } from '../../src/ports/usage-store.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

const CALL = {
  type: 'usage',
  kind: 'stt',
  provider: 'gladia',
  outcome: 'done',
  audioMs: 1_000,
  startedAt: 7,
  tookMs: 1,
} as const;

it('gathers what calls took, and writes it for the talk that it was for', async () => {
  const { clock, book, written } = openBookWorld();
  book.take({ ...CALL, room: 'r1', session: 's1', epoch: 3, turnId: 't1' });
  book.take({ type: 'receiving-resumed' });
  book.take({ ...CALL, kind: 'tts', provider: 'cartesia', characters: 12 });
  await clock.live(4_999);
  expect(written).toEqual([]);
  await clock.live(1);
  const [batch, ...others] = written;
  expect(others).toEqual([]);
  expect(batch).toHaveLength(2);
  const { type: _type, ...call } = CALL;
  expect(batch?.[0]).toEqual({ id: 'id-1', ...call, room: 'r1', session: 's1', turnId: 't1' });
  expect(clock.timers()).toBe(0);
});

it('keeps what the database did not take, and writes it again under the same id', async () => {
  const { clock, book, written, observed, goesDown } = openBookWorld();
  goesDown(true);
  book.take(CALL);
  await clock.live(5_000);
  expect(observed).toEqual([expect.objectContaining({ type: 'usage-save-failed', kept: 1 })]);
  book.take(CALL);
  goesDown(false);
  await clock.live(5_000);
  expect(written.flat().map(({ id }) => id)).toEqual(['id-1', 'id-2']);
});

it('writes in batches, one at a time, and loses none that come meanwhile', async () => {
  const { clock, book, written, holdsOn } = openBookWorld();
  for (let call = 0; call < 700; call += 1) book.take(CALL);
  const goOn = holdsOn();
  await clock.live(5_000);
  book.take(CALL);
  await clock.live(20_000);
  expect(written.map(({ length }) => length)).toEqual([500]);
  goOn();
  await clock.live(5_000);
  expect(written.map(({ length }) => length)).toEqual([500, 201]);
});

it('catches up batch by batch after an outage, and gathers again then', async () => {
  const { clock, book, written } = openBookWorld();
  for (let call = 0; call < 1_700; call += 1) book.take(CALL);
  await clock.live(5_000);
  expect(written.map(({ length }) => length)).toEqual([500, 500, 500]);
  await clock.live(5_000);
  expect(written.map(({ length }) => length)).toEqual([500, 500, 500, 200]);
  expect(clock.timers()).toBe(0);
});

it('keeps a bounded number while the database is away, and says how many it lost', async () => {
  const { clock, book, observed, goesDown } = openBookWorld();
  goesDown(true);
  for (let call = 0; call < 20_001; call += 1) book.take(CALL);
  expect(observed).toEqual([{ type: 'usage-lost', count: 501 }]);
  await clock.live(5_000);
  expect(observed.at(-1)).toMatchObject({ type: 'usage-save-failed', kept: 19_500 });
});

it('gives up what the database refuses for good, and goes on with the rest', async () => {
  const { clock, book, written, observed, refuses } = openBookWorld();
  refuses(['id-1']);
  book.take(CALL);
  await clock.live(5_000);
  expect(observed.at(-1)).toEqual({ type: 'usage-lost', count: 1 });
  book.take(CALL);
  await clock.live(5_000);
  expect(written.flat().map(({ id }) => id)).toEqual(['id-2']);
});

it('writes all others of a batch that is refused for some, and says once how many it lost', async () => {
  const { clock, book, written, observed, refuses } = openBookWorld();
  const bad = ['id-1', 'id-77', 'id-500'];
  refuses(bad);
  for (let call = 0; call < 600; call += 1) book.take(CALL);
  await clock.live(5_000);
  const ids = Array.from({ length: 500 }, (_, at) => `id-${at + 1}`);
  expect(written.flat().map(({ id }) => id)).toEqual(ids.filter((id) => !bad.includes(id)));
  expect(observed).toEqual([
    expect.objectContaining({ type: 'usage-save-failed', kept: 100 }),
    { type: 'usage-lost', count: 3 },
  ]);
  await clock.live(5_000);
  expect(written.flat()).toHaveLength(597);
  expect(observed).toHaveLength(2);
});

it('does not look without end for what is taken where nothing is', async () => {
  const { clock, book, tries, observed, refuses } = openBookWorld();
  refuses('all');
  for (let call = 0; call < 500; call += 1) book.take(CALL);
  await clock.live(5_000);
  expect(observed.filter(({ type }) => type === 'usage-lost')).toEqual([
    { type: 'usage-lost', count: 500 },
  ]);
  expect(tries()).toBeLessThan(80);
  expect(clock.timers()).toBe(0);
});

it('keeps the rest of a refused batch when the database goes away within', async () => {
  const { clock, book, written, observed, refuses, goesDown } = openBookWorld();
  refuses(['id-1']);
  for (let call = 0; call < 8; call += 1) book.take(CALL);
  goesDown(true, 5);
  await clock.live(5_000);
  expect(observed.map(({ type }) => type)).toEqual([
    'usage-save-failed',
    'usage-save-failed',
    'usage-lost',
  ]);
  goesDown(false);
  await clock.live(5_000);
  expect(written.flat().map(({ id }) => id)).toEqual(
    ['2', '3', '4', '5', '6', '7', '8'].map((id) => `id-${id}`),
  );
});

it('does not give up the rest for it when it closes', async () => {
  const { book, written, observed, refuses } = openBookWorld();
  refuses(['id-2']);
  for (let call = 0; call < 501; call += 1) book.take(CALL);
  await book[Symbol.asyncDispose]();
  expect(written.flat()).toHaveLength(500);
  expect(observed.at(-1)).toEqual({ type: 'usage-lost', count: 1 });
});

it('says that what comes when it is closed is lost', async () => {
  const { book, observed } = openBookWorld();
  await book[Symbol.asyncDispose]();
  book.take(CALL);
  expect(observed).toEqual([{ type: 'usage-lost', count: 1 }]);
});

it('writes what is left when it closes, in batches, and waits for no database that is away', async () => {
  const one = openBookWorld();
  for (let call = 0; call < 501; call += 1) one.book.take(CALL);
  await one.book[Symbol.asyncDispose]();
  expect(one.written.map(({ length }) => length)).toEqual([500, 1]);
  expect(one.clock.timers()).toBe(0);

  const other = openBookWorld();
  other.book.take(CALL);
  other.holdsOn();
  const closing = other.book[Symbol.asyncDispose]();
  await settled();
  await other.clock.live(3_000);
  await closing;
  expect(other.observed).toEqual([{ type: 'usage-lost', count: 1 }]);
  expect(other.clock.timers()).toBe(0);
});

function openBookWorld() {
  const clock = openHandClock();
  const written: (readonly UsageRecord[])[] = [];
  const observed: Observation[] = [];
  let downFrom = Infinity;
  let refused: readonly string[] | 'all' = [];
  let tries = 0;
  let held: PromiseWithResolvers<void> | undefined;
  let ids = 0;
  const book = openUsageBook({
    clock,
    observe: (one) => void observed.push(one),
    newId: () => `id-${(ids += 1)}`,
    store: {
      async record(records) {
        tries += 1;
        if (tries >= downFrom) throw new Error('the database is away');
        if (refused === 'all' || records.some(({ id }) => refused.includes(id))) {
          throw new TroupeError('no', { kind: 'rejected', fault: 'fleet', service: 'database' });
        }
        written.push(records);
        await held?.promise;
      },
    },
  });
  return {
    clock,
    written,
    observed,
    book,
    tries: () => tries,
    /** From so many writes on. */
    goesDown: (down: boolean, from = 0) => void (downFrom = down ? from : Infinity),
    /** Every write that one of these is in. */
    refuses: (ids: readonly string[] | 'all') => void (refused = ids),
    /** Writes take until what it gives is called. */
    holdsOn(this: void) {
      held = Promise.withResolvers();
      return held.resolve;
    },
  };
}
