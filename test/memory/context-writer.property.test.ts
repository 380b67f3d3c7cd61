import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { said, turn } from '../contract/memory-world.ts';
import { away, openWriting, ROOM } from './writing.ts';
import type { Writing } from './writing.ts';

/** What can happen to a writer; each is done with how many things were said before. */
const HAPPENINGS: Readonly<
  Record<string, (writing: Writing, count: number) => void | Promise<void>>
> = {
  'a message is added': ({ writer }, count) => writer.append(said(`m${count}`)),
  'a reply is booked': ({ writer }, count) => writer.record(turn(`t${count}`)),
  'the database goes away': ({ store }) => store.failWith(away()),
  'the database comes back': ({ store }) => store.failWith(undefined),
  'an answer is lost': ({ loseAnswer }) => loseAnswer(),
  'the database hangs for a second': async ({ store, clock }) => {
    using _held = store.hold();
    await clock.live(1_000);
  },
  'a newer delivery is adopted': ({ lease }) => lease.adopt(),
  'the lease is late': ({ lease }) => lease.permit(false),
  'the lease is permitted': ({ lease }) => lease.permit(true),
  'a moment passes': ({ clock }) => clock.live(100),
  'a while passes': ({ clock }) => clock.live(5_000),
};

it('whatever happens, what is stored at the end is the whole, in order, exactly once', async () => {
  const happening = fc.constantFrom(...Object.keys(HAPPENINGS));
  const history = fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (names) => {
    const writing = await openWriting([said('before')]);
    const { writer, clock, store, lease, saves } = writing;
    for (const [count, name] of names.entries()) await HAPPENINGS[name]?.(writing, count);
    store.failWith(undefined);
    lease.permit(true);
    await clock.live(30_000);
    await writer[Symbol.asyncDispose]();

    const count = (what: string) => [...names.keys()].filter((at) => names[at] === what);
    const messages = ['before', ...count('a message is added').map((at) => `m${at}`)];
    const saved = await writing.stored();
    expect(saved).toEqual(saves.length === 0 ? [] : messages);
    expect(writer.messages().map(({ text }) => text)).toEqual(messages);
    expect(writer.unsaved()).toEqual([]);
    const booked = count('a reply is booked').map((at) => `t${at}`);
    expect(store.turns(ROOM).map(({ id }) => id)).toEqual(booked);
    expect(lease.lost.aborted).toBe(false);
  });
  await fc.assert(history, { numRuns: 300 });
});
