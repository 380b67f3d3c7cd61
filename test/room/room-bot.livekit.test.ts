import { randomUUID } from 'node:crypto';
import { RoomServiceClient } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeStartBot } from '../../src/app/bots.ts';
import { makeStores } from '../../src/app/stores.ts';
import { readConfig } from '../../src/config.ts';
import type { RunningBot } from '../../src/ports/bot.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import type { FakeBotLease } from '../support/fake-bot-lease.ts';
import { openVisitor } from '../support/livekit-visitor.ts';
import type { LiveKitVisitor } from '../support/livekit-visitor.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack({
  parts: ['livekit', 'database', 'llm'],
  llm: {
    replies: [
      { says: 'markdown', reply: '**Bold** words. A [link](http://x.y) & `code`. 😀 Done!' },
      { says: 'slow', reply: `One. ${'More. '.repeat(20)}Last.`, pace: { perTokenMs: 300 } },
    ],
  },
});
const JOINED = 'Mia has joined the chat!';

/** A real room with a bot as the product makes it, under a lease of the real table. */
async function openTalk(env: Readonly<Record<string, string>> = {}) {
  const { database, livekit, env: stackEnv } = stack();
  const room = `room-bot-${randomUUID()}`;
  await database.sql(
    `insert into characters (id, name, description) values ('mia', 'Mia', 'You are Mia.')
     on conflict (id) do nothing`,
  );
  await database.sql(`insert into sessions (id, character_id) values ($1, 'mia')`, [room]);
  const config = readConfig({ ...stackEnv, IDLE_TIMEOUT_MS: '0', ...env }, 'room');
  const stores = makeStores(config);
  const observed: Observation[] = [];
  const observe = (one: Observation): void => void observed.push(one);
  const startBot = makeStartBot(config, stores, observe, () => undefined);
  return {
    room,
    observed,
    api: new RoomServiceClient(
      livekit.url.replace('ws', 'http'),
      livekit.apiKey,
      livekit.apiSecret,
    ),
    async start(): Promise<{ bot: RunningBot; lease: FakeBotLease }> {
      const lease = await takeLease(stores.leases, room);
      const { session, arrival } = lease;
      const asked = { characterId: undefined, mode: undefined, requestedAt: Date.now() };
      const bot = startBot({ room, session, arrival, lease, ...asked });
      onTestFinished(async () => {
        bot.leave('stop');
        await bot.outcome;
      });
      return { bot, lease };
    },
    async enter(identity: string): Promise<LiveKitVisitor> {
      const name = identity.replace(/^./, (first) => first.toUpperCase());
      const visitor = await openVisitor({ server: livekit, room, identity, name });
      onTestFinished(() => visitor[Symbol.asyncDispose]());
      return visitor;
    },
    /** The context as the database has it. */
    async memory() {
      const [row] = await database.sql<{ messages: { role: string; text: string }[] }>(
        'select messages from contexts where session = $1',
        [room],
      );
      return row?.messages ?? [];
    },
    async texts(): Promise<readonly string[]> {
      return (await this.memory()).map(({ role, text }) => `${role}: ${text}`);
    },
    turns: () =>
      database.sql('select * from turns where session = $1 order by at', [room]) as Promise<
        Record<string, unknown>[]
      >,
  };
}

describe('a talk on a real server', () => {
  it('begins with the joined line, goes sentence by sentence, is remembered, and ends idle', async () => {
    const talk = await openTalk({ IDLE_TIMEOUT_MS: '3000' });
    const ann = await talk.enter('ann');
    const { bot } = await talk.start();
    await ann.heard(/./);
    expect(ann.lines.map(({ text }) => text)).toEqual([JOINED]);
    await ann.sees('listening');
    expect(ann.nameOf(`bot-${talk.room}`)).toBe('Mia');

    const first = await ann.say('Please use markdown.');
    await ann.heard(/Done/);
    const second = await ann.say('What did I say?');
    await ann.heard(/listening/);
    await ann.sees('listening');
    expect(ann.lines.map(({ text }) => text).slice(1)).toEqual([
      'Bold words.',
      'A link code.',
      'Done!',
      'Before this you said "Please use markdown".',
      'I was listening.',
    ]);
    await ann.read(/^Bold words\. A link code\. Done!$/);
    const ids = ann.lines.map(({ id }) => id);
    await expect.poll(() => ann.packets.map((packet) => packet['id'])).toEqual(ids);
    expect(ann.packets.every((packet) => packet['ignoreLegacy'] === true)).toBe(true);

    await ann.heard(/^\[SYSTEM\] User idle - Disconnecting\.\.\.$/);
    expect(await bot.outcome).toEqual({ kind: 'left', reason: 'idle' });
    await ann.misses(`bot-${talk.room}`);
    expect(ann.lines.filter(({ text }) => text === JOINED)).toHaveLength(1);
    const memory = await talk.memory();
    expect(memory).toMatchObject([
      { role: 'user', id: `ann/${first}`, speaker: 'ann', name: 'Ann', addressed: true },
      { role: 'assistant', text: '**Bold** words. A [link](http://x.y) & `code`. 😀 Done!' },
      { role: 'user', id: `ann/${second}`, text: 'What did I say?' },
      { role: 'assistant', answers: [`ann/${second}`], ended: 'finished' },
    ]);
    expect(await talk.turns()).toMatchObject([
      { outcome: 'finished', room: talk.room },
      { outcome: 'finished', prompt_tokens: expect.any(Number), cost: expect.any(Number) },
    ]);
  });

  it('tells people apart by name, and answers who names the bot', async () => {
    const talk = await openTalk();
    const ann = await talk.enter('ann');
    const ben = await talk.enter('ben');
    await talk.start();
    await ann.heard(/joined/);
    await ann.say('What is for lunch?');
    await ben.heard(/lunch/);
    await ben.say('Mia, what is your name?');
    await ann.heard(/I am Mia/);
    const asked = stack().llm.requests('lunch').at(-1);
    expect(asked?.messages?.at(-1)?.text).toBe(
      'Ann: What is for lunch?\nBen: Mia, what is your name?',
    );
  });

  it('is taken over from a bot that still lives, with what it had said and left', async () => {
    const talk = await openTalk();
    const ann = await talk.enter('ann');
    const old = await talk.start();
    await ann.heard(/joined/);
    await ann.say('Be slow.');
    await ann.heard(/One/);
    const next = await talk.start();
    expect(await old.bot.outcome).toEqual({ kind: 'lost' });
    expect(next.lease.arrival).toBe('takeover');
    await ann.sees('listening');
    await ann.say('What did I say?');
    await ann.heard(/Before this you said "Be slow"/);
    expect(ann.lines.filter(({ text }) => text === JOINED)).toHaveLength(1);
    expect(ann.lines.map(({ text }) => text)).not.toContain('Last.');
    await expect.poll(talk.texts.bind(talk)).toHaveLength(4);
    const [, cut] = await talk.memory();
    expect(cut).toMatchObject({ role: 'assistant', ended: 'interrupted' });
    expect(cut?.text).toMatch(/^One\.( More\.)*$/);
    const left = await stack().database.sql('select * from inbox where room = $1', [talk.room]);
    expect(left).toEqual([]);
  });
});

describe('a bot leaves a real room', () => {
  it('that nobody enters', async () => {
    const talk = await openTalk({ IDLE_TIMEOUT_MS: '300' });
    const { bot } = await talk.start();
    expect(await bot.outcome).toEqual({ kind: 'left', reason: 'idle' });
    expect(await talk.api.listParticipants(talk.room)).toEqual([]);
  });

  it('whose last human has left; one who reconnects has not', async () => {
    const talk = await openTalk({ DEPARTURE_GRACE_MS: '1000' });
    const ann = await talk.enter('ann');
    const { bot } = await talk.start();
    await ann.heard(/joined/);
    await ann.say('Hello.');
    await ann.heard(/Hello/);
    // A second connection of hers ends the first one.
    const again = await talk.enter('ann');
    await again.say('What did I say?');
    await again.heard(/Before this you said "Hello"/);
    await again[Symbol.asyncDispose]();
    expect(await bot.outcome).toEqual({ kind: 'left', reason: 'last-human-left' });
    expect(await talk.texts()).toHaveLength(4);
  });

  it.each(['deleted', 'removed'] as const)(
    'that was deleted, or that it was removed from: %s',
    async (how) => {
      const talk = await openTalk();
      const ann = await talk.enter('ann');
      const { bot } = await talk.start();
      await ann.heard(/joined/);
      await ann.say('Hello.');
      await ann.heard(/Hello/);
      if (how === 'deleted') await talk.api.deleteRoom(talk.room);
      else await talk.api.removeParticipant(talk.room, `bot-${talk.room}`);
      const reason = how === 'deleted' ? 'room-deleted' : 'removed';
      expect(await bot.outcome).toEqual({ kind: 'left', reason });
      expect((await talk.texts())[0]).toBe('user: Hello.');
      expect(talk.observed.filter(({ type }) => type === 'room-rejoining')).toEqual([]);
    },
  );
});
