import { RoomServiceClient } from 'livekit-server-sdk';
import { expect, it, onTestFinished } from 'vitest';
import { httpUrl } from '../../src/adapters/livekit/options.ts';
import { useFleet } from '../support/fleet.ts';
import { openRecordingPath } from '../support/recording-path.ts';
import type { RecordingPath } from '../support/recording-path.ts';
import { openTalker } from '../support/talker.ts';

const fleet = useFleet();

/** Words that occur nowhere else, one for each place where text comes from. */
const CANARY = /zana\w+|name is Anna/gi;
const canariesIn = (text: string): readonly string[] => [...new Set(text.match(CANARY))].toSorted();

const PARTS = ['SUPABASE_URL', 'LLM_BASE_URL', 'CARTESIA_URL', 'GLADIA_URL'] as const;

/** Ways to everything that a worker asks over HTTP, by the variable that names it. */
async function openPaths(): Promise<Readonly<Record<(typeof PARTS)[number], RecordingPath>>> {
  const opened = await Promise.all(
    PARTS.map(async (name) => {
      const path = await openRecordingPath(fleet().stack.env[name]!);
      onTestFinished(() => path[Symbol.asyncDispose]());
      return [name, path] as const;
    }),
  );
  return Object.fromEntries(opened) as Record<(typeof PARTS)[number], RecordingPath>;
}

it('words and names reach the model, the voice, the room and the memory, and nothing else', async () => {
  const { stack } = fleet();
  await stack.database.sql(
    `insert into characters (id, name, description, greeting)
     values ('canary', 'Zanacharacter', 'You are Zanaprompt.', 'Hello Zanagreeting.')`,
  );
  stack.llm.configure({
    replies: [
      { says: 'name is Anna', reply: 'Zanaspoken is my answer.' },
      { says: 'Zanachat', reply: 'Zanaanswer it is.' },
      { says: 'Zanatrouble', reply: 'Zanasecond try.' },
    ],
  });
  const paths = await openPaths();
  const worker = await fleet().openWorker({
    ...Object.fromEntries(PARTS.map((name) => [name, paths[name].url])),
    LOG_LEVEL: 'error',
    FEATURE_ENABLE_DEBUG_LOGGING: 'True',
  });
  const room = await fleet().openRoom('privacy');
  await using ada = await room.enter({ name: 'Zanavisitor' });
  await room.call({ characterId: 'canary', mode: 'voice' });
  await ada.heard(/^Zanacharacter has joined the chat!$/);
  await ada.heard(/^Hello Zanagreeting\.$/, 20_000);

  await ada.say('Zanachat, please.');
  await ada.read(/^Zanaanswer it is\.$/, 20_000);
  await using talker = await openTalker(ada);
  await talker.speaks('name-is-anna-emma');
  await ada.read(/^Zanaspoken is my answer\.$/, 20_000);
  // Trouble is where words get into logs: a message that cannot be read, a model and a database that fail.
  await ada.sendPacket(new TextEncoder().encode('{"message": "Zanabroken'), 'lk-chat-topic');
  await worker.logged('chat-refused', 20_000);
  stack.llm.arm({ kind: 'malformed-chunk', afterTokens: 1 });
  stack.database.gateway.interfere({ status: 503 });
  await ada.say('Zanatrouble, please.');
  await worker.logged('context-save-failed', 20_000);
  stack.database.gateway.interfere({});
  await room.memoryThat('the last line', (messages) =>
    messages.some(({ text }) => text.includes('Zanatrouble')),
  );

  const log = worker.log.map((line) => JSON.stringify(line)).join('\n');
  expect(log.length).toBeGreaterThan(1_000);
  expect(log).toContain('"level":"debug"');
  expect(log).toContain(room.name);
  expect(canariesIn(log)).toEqual([]);

  const health = await worker.healthUrl();
  for (const path of ['/status', '/readyz', '/metrics']) {
    const answer = await fetch(`${health}${path}`);
    const told = [...answer.headers].join('\n') + (await answer.text());
    expect([path, canariesIn(told)]).toEqual([path, []]);
  }

  for (const name of PARTS) {
    const heads = paths[name].heads();
    expect([name, heads.length]).not.toEqual([name, 0]);
    expect([name, canariesIn(heads.join('\n'))]).toEqual([name, []]);
  }
  // Where they belong they are, which also shows that the paths above saw everything.
  const asked = canariesIn(paths.LLM_BASE_URL.sent());
  expect(asked).toEqual(expect.arrayContaining(['Zanaprompt', 'Zanachat', 'name is Anna']));
  expect(canariesIn(paths.SUPABASE_URL.sent())).toEqual(
    expect.arrayContaining(['Zanachat', 'Zanaanswer', 'name is Anna']),
  );

  const statements = await stack.database.sql<{ query: string }>(
    `select query from pg_stat_activity
     where datname = current_database() and application_name ilike 'postgrest%'`,
  );
  const sql = statements.map(({ query }) => query).join('\n');
  expect(sql).toContain('pgrst');
  expect(canariesIn(sql)).toEqual([]);

  const { apiKey, apiSecret } = stack.livekit;
  const api = new RoomServiceClient(httpUrl(stack.livekit), apiKey, apiSecret);
  const [listed] = await api.listRooms([room.name]);
  expect(listed).toMatchObject({ name: room.name, metadata: '' });
  const people = await api.listParticipants(room.name);
  expect(people.map(({ metadata }) => metadata)).toEqual(['', '']);
  const shown = people.map(({ name, attributes }) => JSON.stringify([name, attributes])).join();
  expect(canariesIn(shown)).toEqual(['Zanacharacter', 'Zanavisitor']);
});
