import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ContextWriter } from '../../src/memory/context-writer.ts';
import type { MemoryStore } from '../../src/ports/memory-store.ts';
import type { RoomLink } from '../../src/ports/room-link.ts';
import type { KeptLink } from '../../src/room/kept-link.ts';
import { leaveInOrder } from '../../src/room/leaving.ts';
import type { Talk } from '../../src/room/talk.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, openBotWorld, openPatientWorld, ROOM } from './bot-world.ts';

const silent = (): void => undefined;
const IDLE = '[SYSTEM] User idle - Disconnecting...';

describe('leaving', () => {
  it('happens after thirty idle seconds, with a word, once', async () => {
    const { enter, start, clock, rooms } = openBotWorld();
    const ann = enter('Ann');
    const { outcome, bot } = await start();
    await ann.says('one');
    await clock.live(29_900);
    expect(outcome()).toBeUndefined();
    await clock.live(100);
    expect(ann.lines().slice(-2)).toEqual(['You said one.', IDLE]);
    await clock.live(250);
    expect(outcome()).toEqual({ kind: 'left', reason: 'idle' });
    expect(bot.status()).toEqual({ phase: 'leaving', characterId: undefined, humans: 0 });
    await ann.misses('bot-room');
    expect(rooms.joins(ROOM)).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  it('waits for no voice that does not come', async () => {
    const loadVoice = (): Promise<never> => new Promise(() => undefined);
    const { start, clock } = openBotWorld({ mode: 'voice', parts: { loadVoice } });
    const { bot, outcome } = await start({ liveMs: 1_000 });
    bot.leave('stop');
    await clock.live(4_500);
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
  });

  it('happens too where nobody ever comes, and never with an idle time of 0', async () => {
    const { start, clock } = openBotWorld();
    const { outcome } = await start({ liveMs: 31_000 });
    expect(outcome()).toEqual({ kind: 'left', reason: 'idle' });
    const patient = openBotWorld({ conversation: { idleTimeoutMs: 0 } });
    const other = await patient.start({ liveMs: 3_600_000 });
    expect(other.outcome()).toBeUndefined();
    expect(clock.timers()).toBe(0);
  });

  it('happens when the last human has been gone for the grace', async () => {
    const { enter, start, clock } = openBotWorld();
    const ann = enter('Ann');
    const { outcome } = await start();
    ann.leave();
    await clock.live(4_000);
    const again = enter('Ann');
    await clock.live(4_000);
    expect(outcome()).toBeUndefined();
    again.leave();
    await clock.live(5_000);
    expect(outcome()).toEqual({ kind: 'left', reason: 'last-human-left' });
  });

  it('happens when anybody leaves, where the stricter rule is set', async () => {
    const { enter, start, clock } = openBotWorld({ conversation: { leaveWhen: 'any-human' } });
    enter('Ann');
    const ben = enter('Ben');
    const { outcome } = await start();
    ben.leave();
    await clock.live(5_000);
    expect(outcome()).toEqual({ kind: 'left', reason: 'participant-left' });
  });

  it.each(['room-deleted', 'removed'] as const)('happens when the bot is %s', async (reason) => {
    const { enter, start, rooms, clock, texts } = openBotWorld({ script: silent });
    const ann = enter('Ann');
    const { outcome } = await start();
    await ann.says('one');
    rooms.end(ROOM, reason);
    await clock.live(0);
    expect(outcome()).toEqual({ kind: 'left', reason });
    expect(rooms.joins(ROOM)).toBe(1);
    expect(await texts()).toEqual(['Ann: one']);
    expect(clock.timers()).toBe(0);
  });

  it('happens when the worker says so: the reply is cut, what was heard is kept', async () => {
    const { enter, start, llm, clock, stored } = openBotWorld({ script: silent });
    const ann = enter('Ann');
    const { outcome, bot } = await start();
    await ann.says('one');
    llm.completions[0]?.say('Heard.\nNot ');
    await settled();
    bot.leave('stop');
    bot.leave('drain');
    await clock.live(250);
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
    expect(llm.completions[0]?.isClosed()).toBe(true);
    expect((await stored()).at(-1)).toMatchObject({ text: 'Heard.\n', ended: 'interrupted' });
    expect(ann.segments().at(-1)).toEqual({ text: 'Heard.', final: true });
  });

  it('to drain leaves an unanswered turn to the next worker, which answers it', async () => {
    const { enter, start, clock, letModelGo } = openPatientWorld();
    const ann = enter('Ann');
    const { outcome, bot } = await start();
    await ann.says('one');
    bot.leave('drain');
    await clock.live(250);
    expect(outcome()).toEqual({ kind: 'handed-over' });
    letModelGo();
    await start({ liveMs: 1_000 });
    expect(ann.lines()).toEqual(['Mia has joined the chat!', 'You said one.']);
  });

  it('takes what somebody was still writing along', async () => {
    const { enter, start, clock, texts } = openBotWorld({ conversation: { chatSettleMs: 2_000 } });
    const ann = enter('Ann');
    const { bot } = await start();
    await ann.says('one');
    bot.leave('stop');
    await clock.live(0);
    expect(await texts()).toEqual(['Ann: one']);
  });

  it('leaves no listener and no timer behind', async () => {
    const { enter, start, clock } = openBotWorld({ character: { greeting: 'Hi!' } });
    const ann = enter('Ann');
    const { lease, bot } = await start();
    await ann.says('one');
    bot.leave('stop');
    await clock.live(250);
    expect(getEventListeners(lease.lost, 'abort')).toEqual([]);
    expect(clock.timers()).toBe(0);
  });
});

describe('leaving takes five seconds at most', () => {
  /** A room whose bot can neither write nor leave. */
  function openDeafRooms() {
    const rooms = openFakeRooms();
    const never = (): Promise<never> => new Promise(() => undefined);
    const joinRoom: typeof rooms.join = async (...args): Promise<RoomLink> => {
      const link = await rooms.join(...args);
      return {
        ...link,
        sendChatLine: never,
        openSegment: () => ({ write: never, end: never }),
        [Symbol.asyncDispose]: never,
      };
    };
    return { rooms, joinRoom };
  }

  it.each(['idle', 'stop', 'lost', 'removed'] as const)(
    'where neither LiveKit nor the database answers: %s',
    async (how) => {
      const { rooms, joinRoom } = openDeafRooms();
      const world = openBotWorld({ parts: { joinRoom }, script: silent });
      const ann = rooms.visit(ROOM, { identity: 'ann' });
      const { bot, lease, outcome } = await world.start();
      if (how !== 'idle') await ann.say('one');
      using _held = world.store.hold();
      await world.clock.live(how === 'idle' ? 30_000 : 0);
      if (how === 'stop') bot.leave('stop');
      if (how === 'lost') lease.lose();
      if (how === 'removed') rooms.end(ROOM, 'removed');
      await world.clock.live(5_000);
      expect(outcome()).toBeDefined();
    },
  );

  it('where the disk does not answer either', async () => {
    const { rooms, joinRoom } = openDeafRooms();
    const close = (): Promise<never> => new Promise(() => undefined);
    const open = () => ({ write: () => true, close });
    const recordings = { open, maxBytes: 1_000_000, withText: false, version: '1.0.0' };
    const character = { record: true };
    const world = openBotWorld({ parts: { joinRoom, recordings }, character });
    rooms.visit(ROOM, { identity: 'ann' });
    const { bot, outcome } = await world.start();
    bot.leave('stop');
    await world.clock.live(5_000);
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
  });

  it.each(['fails', 'hangs'])('where the database %s from the start', async (what) => {
    const { store, start, clock } = openBotWorld();
    using _held = what === 'hangs' ? store.hold() : undefined;
    if (what === 'fails') store.failWith(failure('unavailable', 'database'));
    const { bot, outcome } = await start();
    bot.leave('stop');
    await clock.live(250);
    expect(outcome()).toBeDefined();
  });
});

it('keeps the memory only when the mouth has said what was heard', async () => {
  const cut = Promise.withResolvers<void>();
  const { clock, leases } = openBotWorld();
  const order: string[] = [];
  const part = (name: string) => ({
    [Symbol.asyncDispose]: async () => void order.push(name),
  });
  const talk = { ...part('mouth'), finish: () => cut.promise } as unknown as Talk;
  const attendance = {
    lease: await takeLease(leases, ROOM),
    talk,
    link: part('link') as unknown as KeptLink,
    writer: part('memory') as unknown as ContextWriter,
  };
  const deps = { clock, random: () => 0, observe: () => undefined, memory: {} as MemoryStore };
  const left = leaveInOrder(deps, attendance);
  await settled();
  expect(order).toEqual([]);
  cut.resolve();
  await left;
  expect(order).toEqual(['mouth', 'memory', 'link']);
});
