import { describe, expect, it } from 'vitest';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { RunningBot } from '../../src/ports/bot.ts';
import type { JoinRoom } from '../../src/ports/room-link.ts';
import { NEVER } from '../mode/mouth-world.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, openBotWorld, openPatientWorld, ROOM } from './bot-world.ts';

const JOINED = 'Mia has joined the chat!';

/** A room in which Ann waits for an answer that the model is about to give. */
async function openWaitingRoom() {
  const world = openPatientWorld();
  const ann = world.enter('Ann');
  const started = await world.start();
  await ann.says('one');
  await world.clock.live(GIVE_WAY_MS);
  return {
    ...world,
    ...started,
    ann,
    modelAnswers: async () => {
      const [completion] = world.llm.completions;
      completion?.say('Here I am.\n');
      completion?.finish();
      await settled();
    },
  };
}

describe('a bot that may not speak just now', () => {
  it('for want of a permit says, shows and writes nothing, and goes on with one', async () => {
    const { ann, lease, clock, modelAnswers, texts, observed } = await openWaitingRoom();
    lease.permit(false);
    await modelAnswers();
    await ann.says('two');
    await clock.live(20_000);
    expect(ann.lines()).toEqual([JOINED]);
    expect(ann.states()).toEqual(['listening', 'thinking']);
    expect(await texts()).toEqual(['Ann: one']);
    lease.permit(true);
    await clock.live(500);
    expect(ann.lines()).toEqual([JOINED, 'Here I am.']);
    expect(await texts()).toEqual(['Ann: one', 'Ann: two', 'Mia: Here I am.\n']);
    expect(observed.filter(({ type }) => type === 'publish-failed')).toEqual([]);
  });

  it('after a reconnect says nothing before the database has said that the room is ours', async () => {
    const { ann, clock, modelAnswers, rooms, leases, observed } = await openWaitingRoom();
    rooms.cut(ROOM);
    await modelAnswers();
    leases.failWith(failure('unavailable', 'database'));
    rooms.mend(ROOM);
    await clock.live(20_000);
    expect(ann.lines()).toEqual([JOINED]);
    leases.failWith(undefined);
    await clock.live(3_000);
    expect(ann.lines()).toEqual([JOINED, 'Here I am.']);
    expect(observed.filter(({ type }) => type === 'publish-failed')).toEqual([]);
  });

  it('because it has lost its place goes on in the new one', async () => {
    const { ann, clock, modelAnswers, rooms, outcome } = await openWaitingRoom();
    rooms.failJoins(failure('unavailable', 'livekit'), 2);
    rooms.end(ROOM, 'connection-lost');
    await modelAnswers();
    await clock.live(1_000);
    expect(ann.lines()).toEqual([JOINED, 'Here I am.']);
    expect(ann.states().at(-1)).toBe('listening');
    expect(rooms.joins(ROOM)).toBe(2);
    expect(outcome()).toBeUndefined();
  });

  it('because LiveKit stays away is tried again elsewhere, and owes its answer', async () => {
    const { ann, clock, rooms, outcome, start, llm, letModelGo } = await openWaitingRoom();
    rooms.failJoins(failure('unavailable', 'livekit'), 7);
    rooms.end(ROOM, 'connection-lost');
    await clock.live(30_000);
    expect(outcome()).toMatchObject({ kind: 'failed', error: { service: 'livekit' } });
    expect(llm.completions[0]?.isClosed()).toBe(true);
    letModelGo();
    await start({ liveMs: 1_000 });
    const again = await start({ liveMs: 1_000 });
    expect(again.lease.arrival).toBe('takeover');
    expect(ann.lines().at(-1)).toBe('You said one.');
  });

  // Handed over it makes its path anew: by the old one the answer would come after the successor's.
  it.each<[string, number, (bot: RunningBot) => unknown]>([
    ['leaves', 1, (bot) => bot.leave('drain')],
    ['hands over', 2, (bot) => bot.prepareHandover(new AbortController().signal)],
  ])(
    'because its path is cut, and %s, owes an answer that was on its way',
    async (_how, joins, go) => {
      const { enter, start, rooms, clock, texts, deps } = openBotWorld();
      const { joinRoom } = deps;
      const black: JoinRoom = async (...to) => ({
        ...(await joinRoom(...to)),
        sendChatLine: NEVER,
        openSegment: () => ({ write: NEVER, end: NEVER }),
      });
      Object.assign(deps, { joinRoom: black });
      const ann = enter('Ann');
      const { bot } = await start();
      await ann.says('one');
      rooms.cut(ROOM);
      void go(bot);
      await clock.live(5_000);
      expect(bot.status().phase).toMatch(/leaving|handing-over/);
      expect(await texts()).toEqual(['Ann: one']);
      expect(rooms.joins(ROOM)).toBe(joins);
    },
  );

  it('is not taken for idle, nor its people for gone', async () => {
    const { ann, clock, rooms, leases, outcome } = await openWaitingRoom();
    leases.failWith(failure('unavailable', 'database'));
    rooms.cut(ROOM);
    ann.leave();
    await clock.live(300_000);
    expect(outcome()).toBeUndefined();
    leases.failWith(undefined);
    rooms.mend(ROOM);
    await clock.live(5_500);
    expect(outcome()).toEqual({ kind: 'left', reason: 'last-human-left' });
  });
});
