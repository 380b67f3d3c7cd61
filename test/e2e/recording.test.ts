import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import { ask } from '../support/talk.ts';
import { openTalker } from '../support/talker.ts';

const fleet = useFleet();
let directory = '';
let worker: FleetWorker;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recordings-'));
  worker = await fleet().openWorker({ RECORDINGS_DIR: join(directory, 'made', 'anew') });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Ada and the bot talk until she leaves. */
async function talkIn(room: FleetRoom): Promise<void> {
  {
    await using ada = await room.enter({ name: 'Ada Lovelace' });
    await room.call();
    await ada.heard(/^Mira has joined the chat!$/);
    await ask(ada, 'My name is Ada and I like Tangerines.', /you say "My name is Ada/);
    await ask(ada, 'Mira, what is my name?', /Your name is Ada/);
  }
  await worker.logged('bot-ended', 20_000, (line) => line['room'] === room.name);
}

/** Where the recording of a talk that is over is, if there is one. */
async function recordingOf(room: FleetRoom): Promise<string | undefined> {
  const files = await readdir(join(directory, 'made', 'anew')).catch(() => []);
  const file = files.find((name) => name.startsWith(room.name));
  return file && join(directory, 'made', 'anew', file);
}

async function wish(table: 'sessions' | 'characters', id: string, record: boolean): Promise<void> {
  await fleet().stack.database.sql(`update ${table} set record = $2 where id = $1`, [id, record]);
}

it('a session that asks for it is recorded without a word of it, and its talk replays', async () => {
  const room = await fleet().openRoom('recorded');
  await wish('sessions', room.name, true);
  await talkIn(room);
  const path = (await recordingOf(room)) ?? '';
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const text = await readFile(path, 'utf8');
  expect(text).not.toMatch(/Lovelace|Tangerines|tangerines|"ada"/);
  expect(text).toContain('"ended":"complete"');
  const { code, output } = await fleet().run(['replay', path]);
  expect(output).toMatch(/^Mira in room recorded-\S+, session recorded-\S+, epoch 1$/m);
  expect(output).toMatch(/^ +reply\/kind: "thinking" -> "speaking"$/m);
  expect(output).toMatch(/\d+ events, each with the same outcome as recorded$/);
  expect(code).toBe(0);

  const changed = join(directory, 'changed.jsonl');
  await writeFile(changed, text.replace('"addressed":true', '"addressed":false'));
  const other = await fleet().run(['replay', changed]);
  expect(other.output).toMatch(
    /first difference at event \d+: \/commands\/\d\/turn\/addressed\n\s+recorded: false\n\s+now: +true$/,
  );
  expect(other.code).toBe(1);
});

it('a spoken talk is recorded as well, and its copy does what it did', async () => {
  fleet().stack.llm.configure({ replies: [{ says: 'My name is Anna', reply: 'Welcome, Anna.' }] });
  const room = await fleet().openRoom('spoken');
  await wish('sessions', room.name, true);
  {
    await using anna = await room.enter({ identity: 'anna', name: 'Anna' });
    await room.call({ mode: 'voice' });
    await anna.heard(/^Mira has joined the chat!$/);
    await using talker = await openTalker(anna);
    await talker.speaks('name-is-anna-emma');
    await anna.read(/^Welcome, Anna\.$/);
  }
  await worker.logged('bot-ended', 20_000, (line) => line['room'] === room.name);
  const path = (await recordingOf(room)) ?? '';
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(/"type":"words-heard".*"type":"reply-audible"/s);
  expect(text).not.toMatch(/anna|welcome|"diverged":/i);
  expect(await fleet().run(['replay', path])).toMatchObject({ code: 0 });
});

it('what a character says of recording counts where its session says nothing', async () => {
  await wish('characters', 'mira', true);
  const [one, other] = await Promise.all([fleet().openRoom('asked'), fleet().openRoom('not')]);
  await wish('sessions', other.name, false);
  await Promise.all([talkIn(one), talkIn(other)]);
  expect(await recordingOf(one)).toMatch(/asked-\w+_e1_\d{8}T\d{9}Z\.jsonl$/);
  expect(await recordingOf(other)).toBeUndefined();
});

it.each([
  ['no such file', undefined, 'ENOENT'],
  ['an empty one', '', 'the file is empty'],
  ['another one', 'Dear Ada,\n', 'line 1 is not the head of a recording'],
])('replay of %s says so', async (what, content, why) => {
  const path = join(directory, what);
  if (content !== undefined) await writeFile(path, content);
  const { code, output } = await fleet().run(['replay', path]);
  expect(output).toContain(`${path}: ${why}`);
  expect(code).toBe(2);
});

it('replay without a file says how it is used', async () => {
  expect(await fleet().run(['replay'])).toEqual({ code: 2, output: 'usage: troupe replay FILE' });
});
