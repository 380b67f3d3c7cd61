import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import { ask, expectEachAnsweredOnce, linesLike, MY_NAME, openTalk } from '../support/talk.ts';

const fleet = useFleet();
const BLOCK_FILE = join(tmpdir(), `troupe-block-${process.pid}`);
const STORY = 'One. Two. Three. Four. Five.';

beforeAll(async () => {
  const env = {
    BLOCK_FILE,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'block-event-loop.ts')}`,
  };
  await Promise.all([fleet().openWorker(env), fleet().openWorker(env)]);
  fleet().stack.llm.configure({
    replies: [{ says: 'tell me the story', reply: STORY, pace: { perTokenMs: 150 } }],
  });
});

describe.each([
  [
    'was stopped for longer than V',
    {
      stop: (worker: FleetWorker) => worker.signal('SIGSTOP'),
      wake: (worker: FleetWorker) => worker.signal('SIGCONT'),
    },
  ],
  [
    'had its event loop blocked for longer than V',
    {
      stop(worker: FleetWorker) {
        writeFileSync(BLOCK_FILE, '');
        worker.signal('SIGUSR2');
      },
      wake: () => rmSync(BLOCK_FILE, { force: true }),
    },
  ],
])('a worker that %s in the middle of a reply', (_what, { stop, wake }) => {
  it('has lost the room to another: it writes nothing, says nothing and leaves', async () => {
    const { room, ada, holder } = await openTalk(fleet(), 'stopped');
    await using _ada = ada;
    onTestFinished(() => wake(holder));
    await ada.say('Now tell me the story.');
    await ada.heard(/^One\.$/);
    await remembers(room, 'Now tell me the story.');
    stop(holder);
    await room.leaseThat('taken over', ({ epoch }) => epoch === 2, 15_000);
    await ada.read(/^One\. Two\. Three\. Four\. Five\.$/);
    wake(holder);
    await holder.logged('bot-ended', 10_000, (line) => line['room'] === room.name);
    await ask(ada, 'What is my name?', /Your name is Ada/);

    expect(await room.lease()).toMatchObject({ epoch: 2, status: 'live' });
    expect((await fleet().holderOf(room)).name).not.toBe(holder.name);
    expect(holder.log).toContainEqual(
      expect.objectContaining({ event: 'bot-ended', room: room.name, how: 'lost', epoch: 1 }),
    );
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
    expect(linesLike(ada, /^Five\.$/)).toHaveLength(1);
    expectEachAnsweredOnce(await room.memoryThat('three answers', ({ length }) => length === 6), [
      MY_NAME,
      'Now tell me the story.',
      'What is my name?',
    ]);
  });
});

it('kill -9: another worker goes on with the memory and answers the open turn', async () => {
  const { room, ada, holder } = await openTalk(fleet(), 'killed');
  await using _ada = ada;
  // The model never answers the first time: the turn is open when its worker dies.
  fleet().stack.llm.arm({ kind: 'hang', match: room.name, times: 1 });
  await ada.say(`Is this ${room.name}?`);
  await remembers(room, `Is this ${room.name}?`);
  holder.signal('SIGKILL');
  await ada.read(new RegExp(`you say "Is this ${room.name}"`), 15_000);
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await room.lease()).toMatchObject({ epoch: 2, arrival: 'takeover' });
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  expectEachAnsweredOnce(await room.memoryThat('three answers', ({ length }) => length === 6), [
    MY_NAME,
    `Is this ${room.name}?`,
    'What is my name?',
  ]);
});

it('kill -9 with no other worker: the next one that starts goes on', async () => {
  const { room, ada, holder } = await openTalk(fleet(), 'killed-alone');
  await using _ada = ada;
  holder.signal('SIGKILL');
  const next = await fleet().openWorker();
  await next.joins(room);
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
});

async function remembers(room: FleetRoom, line: string): Promise<void> {
  await room.memoryThat(line, (messages) => messages.some(({ text }) => text === line));
}
