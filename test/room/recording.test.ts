import { expect, it } from 'vitest';
import type { Recordings } from '../../src/ports/recordings.ts';
import { recordTalk } from '../../src/room/recording.ts';
import type { TalkDeps, TalkParts } from '../../src/room/talk.ts';
import { openBotWorld, ROOM } from './bot-world.ts';

/** Recordings in memory; a broken one fails with the first line. */
function keepRecordings(how: 'works' | 'fails' | 'throws') {
  const files = new Map<string, string[]>();
  const recordings: Recordings = {
    maxBytes: 1_000_000,
    withText: false,
    version: '1.0.0',
    open(name, told) {
      const lines: string[] = [];
      files.set(name, lines);
      const write = (line: string): boolean => {
        if (how === 'throws' && lines.length > 0) throw new Error('out of order');
        if (how === 'fails') told(new Error('no space left'));
        return lines.push(line) > 0;
      };
      return { write, close: async (line) => void lines.push(line) };
    },
  };
  return { files, recordings };
}

async function talk(
  how: Parameters<typeof keepRecordings>[0],
  record: { session?: boolean; character?: boolean },
) {
  const kept = keepRecordings(how);
  const world = openBotWorld({
    character: { record: record.character },
    parts: { recordings: kept.recordings },
  });
  world.directory.putSession({ id: ROOM, characterId: 'mia', record: record.session });
  const ada = world.enter('Ada');
  const { bot, outcome } = await world.start({ liveMs: 100 });
  await ada.says('Where is my umbrella?');
  await world.clock.live(1_000);
  bot.leave('stop');
  await world.clock.live(5_000);
  return { ...kept, ...world, ada, outcome };
}

it.each([
  ['nobody says so', {}, 0],
  ['the session says so', { session: true }, 1],
  ['the character says so', { character: true }, 1],
  ['the session says no, whatever the character says', { session: false, character: true }, 0],
])('a talk of which %s has as many recordings', async (_who, record, count) => {
  const { files, ada, told } = await talk('works', record);
  expect(ada.lines()).toContain('You said Where is my umbrella?.');
  const recordings = [...files];
  expect(recordings).toHaveLength(count);
  for (const [name, lines] of recordings) {
    expect(name).toMatch(/^room_e1_/);
    expect(lines.at(-1)).toMatch(/^\{"ended":"complete"/);
    expect(lines.join('\n')).toContain('"type":"leave-requested"');
    expect(lines.join('\n')).not.toMatch(/umbrella|Ada|"ada/);
  }
  expect(told('recording-ended')).toHaveLength(count);
});

it('the bot that takes a room over begins a recording of its own, named by its epoch', async () => {
  const { files, recordings } = keepRecordings('works');
  const world = openBotWorld({ character: { record: true }, parts: { recordings } });
  world.enter('Ada');
  await world.start({ liveMs: 100 });
  // The lease goes over while the first bot is still there.
  await world.start({ liveMs: 100 });
  await world.clock.live(5_000);
  expect([...files.keys()].map((name) => name.replace(/_\d.*/, ''))).toEqual([
    'room_e1',
    'room_e2',
  ]);
});

it.each(['fails', 'throws'] as const)(
  'a recording that %s is told once, and the talk goes on',
  async (how) => {
    const { ada, outcome, told } = await talk(how, { session: true });
    expect(ada.lines()).toContain('You said Where is my umbrella?.');
    expect(outcome()).toEqual({ kind: 'left', reason: 'stopped' });
    expect(told('recording-failed')).toHaveLength(1);
  },
);

it('where recordings have no place, a talk that is to be recorded says so and goes on', async () => {
  const world = openBotWorld({ character: { record: true } });
  const ada = world.enter('Ada');
  await world.start({ liveMs: 100 });
  await ada.says('Hello?');
  expect(ada.lines()).toContain('You said Hello?.');
  expect(world.told('warning')).toMatchObject([
    { what: expect.stringContaining('RECORDINGS_DIR') },
  ]);
});

it('a recorder that cannot be opened is told, and thrown at no talk', () => {
  const observed: string[] = [];
  const deps = {
    recordings: keepRecordings('works').recordings,
    observe: ({ type }: { readonly type: string }) => void observed.push(type),
  };
  const parts = {
    record: true,
    character: { id: 'mia', name: 'Mia' },
    lease: { room: 'room', session: 'session', epoch: () => 1 },
  };
  const policy = (): never => {
    throw new Error('no rules');
  };
  expect(recordTalk(deps as unknown as TalkDeps, parts as TalkParts, policy)).toBeUndefined();
  expect(observed).toEqual(['unexpected-error']);
});
