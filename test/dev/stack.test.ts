import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createClient } from '@supabase/supabase-js';
import { RoomServiceClient } from 'livekit-server-sdk';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { openStack } from '../../dev/stack.ts';
import type { Stack, StackOptions } from '../../dev/stack.ts';
import { OWNER_VARIABLE } from '../../dev/process/run-folder.ts';
import { holds } from '../support/holds.ts';
import { listensOn, processesOf } from '../support/processes.ts';
import { useStack } from '../support/stack.ts';

/** What this process listens on for others than this machine; tests before us may have left something. */
const openSockets = (): readonly string[] =>
  listensOn(process.pid).filter((address) => address !== '127.0.0.1');
const OPEN_BEFORE = openSockets().length;

const wholeStack = useStack({ shared: {} });

async function ownStack(options: StackOptions): Promise<Stack> {
  const stack = await openStack(options);
  onTestFinished(() => stack[Symbol.asyncDispose]());
  return stack;
}

function roomsOf({ livekit }: Stack): RoomServiceClient {
  const url = livekit.url.replace('ws:', 'http:');
  return new RoomServiceClient(url, livekit.apiKey, livekit.apiSecret);
}

it('answers over every official SDK with what the environment says', async () => {
  const { env, database } = wholeStack();
  const value = (name: string): string => env[name] ?? '';

  const url = value('LIVEKIT_URL').replace('ws:', 'http:');
  const key = value('LIVEKIT_API_KEY');
  const rooms = new RoomServiceClient(url, key, value('LIVEKIT_API_SECRET'));
  expect(await rooms.listRooms()).toEqual([]);

  const credentials = {
    accessKeyId: value('AWS_ACCESS_KEY_ID'),
    secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
  };
  const endpoint = value('SQS_ENDPOINT');
  const queue = new SQSClient({ endpoint, region: value('AWS_REGION'), credentials });
  const QueueUrl = value('SQS_QUEUE_URL');
  const message = { QueueUrl, MessageBody: '{}', MessageGroupId: 'g' };
  const sent = await queue.send(new SendMessageCommand(message));
  expect(sent.MessageId).toBeTypeOf('string');

  await database.sql("insert into characters values ('c', 'Cleo', 'Be Cleo')");
  const supabase = createClient(value('SUPABASE_URL'), value('SUPABASE_SERVICE_ROLE'));
  const { data } = await supabase.from('characters').select('name').single();
  expect(data).toEqual({ name: 'Cleo' });

  const llm = new OpenAI({ baseURL: value('LLM_BASE_URL'), apiKey: value('OPENROUTER_API_KEY') });
  expect((await llm.models.list()).data.length).toBeGreaterThan(0);
});

it('listens on 127.0.0.1 alone', async () => {
  const { [OWNER_VARIABLE]: owner = '' } = wholeStack().env;
  // The queue and the simulators are in our own process.
  expect(listensOn(process.pid)).toContain('127.0.0.1');
  expect(openSockets().length).toBeLessThanOrEqual(OPEN_BEFORE);
  const loopback = new Set(['127.0.0.1']);
  await holds(() => {
    const addresses = processesOf(owner).map((pid) => new Set(listensOn(pid)));
    expect(addresses).toEqual([loopback, loopback, loopback]);
  });
});

it('stands beside another stack without meeting it', async () => {
  const one = wholeStack();
  const other = await ownStack({});
  const addresses = ['LIVEKIT_URL', 'SQS_QUEUE_URL', 'SUPABASE_URL', 'LLM_BASE_URL'];
  expect(addresses.filter((name) => one.env[name] === other.env[name])).toEqual([]);
  await one.database.sql("insert into characters values ('beside', 'Bea', 'Be Bea')");
  expect(await other.database.sql('select * from characters')).toEqual([]);
});

it('brings LiveKit back at the same address', async () => {
  const stack = await ownStack({ parts: ['livekit'] });
  const rooms = roomsOf(stack);
  await stack.livekit.stop();
  await expect(rooms.listRooms()).rejects.toThrow('fetch failed');
  await stack.livekit.start();
  expect(await rooms.listRooms()).toEqual([]);
});

it('brings PostgreSQL back with what was committed a moment before', async () => {
  const { cluster, database } = await ownStack({ parts: ['database'] });
  const supabase = createClient(database.url, database.serviceRoleKey);
  await supabase.from('characters').insert({ id: 'c', name: 'Cleo' });
  await cluster.stop();
  await expect(database.sql('select 1')).rejects.toThrow('ECONNREFUSED');
  await cluster.start();
  await expect
    .poll(async () => (await supabase.from('characters').select('name')).data)
    .toEqual([{ name: 'Cleo' }]);
});

it('refuses the use of a part that was not opened', async () => {
  const stack = await ownStack({ parts: ['queue'] });
  expect(() => stack.livekit).toThrow('opened without livekit');
});
