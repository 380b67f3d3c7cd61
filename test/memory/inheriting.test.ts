import { describe, expect, it } from 'vitest';
import { unansweredOf } from '../../src/memory/context.ts';
import { answered, said } from '../contract/memory-world.ts';
import { away, openWriting, ROOM } from './writing.ts';

const NOTHING = { messages: [], through: undefined };

describe('what a former bot left', () => {
  it('stands behind what was stored and before what was said since, each once', async () => {
    const { writer, store, stored, settle } = await openWriting([said('stored')]);
    writer.append(said('both heard'));
    writer.append(said('said since'));
    const messages = [said('stored'), said('left'), said('both heard'), answered('cut', 'left')];
    writer.inherit({ messages, through: 3 }, true);
    await settle();
    expect(await stored()).toEqual(['stored', 'left', 'cut', 'both heard', 'said since']);
    expect(await store.readInbox(ROOM)).toEqual([]);
  });

  it('goes out of the inbox with the save, and only with one that got through', async () => {
    const { writer, store, saves, clock, settle } = await openWriting();
    const from = { room: ROOM, session: ROOM, epoch: 0 };
    await store.leaveInInbox(from, [{ kind: 'message', message: said('left') }]);
    const [row] = await store.readInbox(ROOM);
    store.failWith(away());
    writer.inherit({ messages: [said('left')], through: row!.id }, true);
    await settle();
    store.failWith(undefined);
    expect(await store.readInbox(ROOM)).toHaveLength(1);
    await clock.live(1_000);
    expect(await store.readInbox(ROOM)).toEqual([]);
    writer.append(said('one'));
    await settle();
    expect(saves.map(({ inboxThrough }) => inboxThrough)).toEqual([row!.id, row!.id, undefined]);
  });

  it('goes out of the inbox also where only its closing row was there', async () => {
    const { writer, store, settle } = await openWriting();
    await store.leaveInInbox({ room: ROOM, session: ROOM, epoch: 0 }, [{ kind: 'closing' }]);
    const [row] = await store.readInbox(ROOM);
    writer.inherit({ messages: [], through: row!.id }, true);
    await settle();
    expect(await store.readInbox(ROOM)).toEqual([]);
  });

  it('keeps its place when more comes later', async () => {
    const { writer } = await openWriting([said('stored')]);
    writer.append(said('own'));
    writer.inherit({ messages: [said('left')], through: 1 }, true);
    writer.inherit({ messages: [said('left later')], through: 2 }, true);
    const texts = writer.messages().map(({ text }) => text);
    expect(texts).toEqual(['stored', 'left', 'left later', 'own']);
  });

  it('changes nothing where there is nothing', async () => {
    const { writer, saves, settle } = await openWriting([said('stored')]);
    writer.inherit(NOTHING, true);
    writer.inherit(NOTHING, false);
    expect(unansweredOf(writer.messages()).map(({ id }) => id)).toEqual([]);
    await settle();
    expect(saves).toHaveLength(1);
  });
});

describe('a talk that was left', () => {
  it('owes no answer any more, then or after the next crash', async () => {
    const { writer, store, settle } = await openWriting([
      said('one'),
      answered('two', 'one'),
      said('stored'),
    ]);
    writer.append(said('said since'));
    writer.inherit({ messages: [said('left')], through: 1 }, false);
    expect(unansweredOf(writer.messages()).map(({ id }) => id)).toEqual(['said since']);
    await settle();
    const kept = (await store.load(ROOM))?.messages ?? [];
    expect(kept.map(({ text }) => text)).toEqual(['one', 'two', 'stored', 'left', 'said since']);
    expect(unansweredOf(kept).map(({ id }) => id)).toEqual(['said since']);
  });

  it('that goes on owes what nobody answered', async () => {
    const { writer } = await openWriting([said('one'), answered('two', 'one'), said('three')]);
    writer.inherit(NOTHING, true);
    expect(unansweredOf(writer.messages()).map(({ id }) => id)).toEqual(['three']);
  });
});

describe('a summary', () => {
  it('takes the place of the oldest messages, and what was left still comes before our own', async () => {
    const { writer, stored, settle } = await openWriting([said('one'), said('two'), said('three')]);
    writer.append(said('own'));
    writer.summarize(2, { role: 'summary', id: 's', text: 'one and two', at: 0 });
    writer.inherit({ messages: [said('left')], through: 1 }, true);
    await settle();
    expect(await stored()).toEqual(['one and two', 'three', 'left', 'own']);
  });

  it('may swallow what we said ourselves', async () => {
    const { writer } = await openWriting([said('one')]);
    for (const text of ['own', 'ours']) writer.append(said(text));
    writer.summarize(2, { role: 'summary', id: 's', text: 'one and own', at: 0 });
    writer.inherit({ messages: [said('left')], through: 1 }, true);
    expect(writer.messages().map(({ text }) => text)).toEqual(['one and own', 'left', 'ours']);
  });
});
