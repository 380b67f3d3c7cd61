import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createClient } from '@supabase/supabase-js';
import { RoomServiceClient } from 'livekit-server-sdk';
import { expect, it, onTestFinished } from 'vitest';
import { openStack } from '../../dev/stack.ts';
import type { Stack, StackOptions } from '../../dev/stack.ts';

async function stackFor(options: StackOptions): Promise<Stack> {
  const stack = await openStack(options);
  onTestFinished(() => stack[Symbol.asyncDispose]());
  return stack;
}

const roomsOf = ({ livekit }: Stack): RoomServiceClient =>
  new RoomServiceClient(livekit.url.replace('ws:', 'http:'), livekit.apiKey, livekit.apiSecret);

it('answers over every official SDK', async () => {
  const stack = await stackFor({});
  expect(await roomsOf(stack).listRooms()).toEqual([]);
  const queue = new SQSClient({
    endpoint: stack.queue.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const sent = await queue.send(
    new SendMessageCommand({
      QueueUrl: stack.queue.queueUrl,
      MessageBody: '{}',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    }),
  );
  expect(sent.MessageId).toBeTypeOf('string');
  await stack.database.sql("insert into characters values ('c', 'Cleo', 'Be Cleo')");
  const database = createClient(stack.database.url, stack.database.serviceRoleKey);
  expect((await database.from('characters').select('name').single()).data).toEqual({
    name: 'Cleo',
  });
  const stranger = createClient(stack.database.url, stack.database.anonKey);
  expect((await stranger.from('characters').select('name')).data).toEqual([]);
});

it('brings LiveKit back at the same address, and cuts and mends its path', async () => {
  const stack = await stackFor({ parts: ['livekit'] });
  const rooms = roomsOf(stack);
  await stack.livekit.stop();
  await expect(rooms.listRooms()).rejects.toThrow();
  await stack.livekit.start();
  expect(await rooms.listRooms()).toEqual([]);
  await stack.livekit.door.shut();
  await expect(rooms.listRooms()).rejects.toThrow();
  await stack.livekit.door.open();
  expect(await rooms.listRooms()).toEqual([]);
});

it('brings PostgreSQL back with its data', async () => {
  const stack = await stackFor({ parts: ['database'] });
  await stack.database.sql("insert into characters values ('c', 'Cleo', 'Be Cleo')");
  await stack.postgres.stop();
  await expect(stack.database.sql('select 1')).rejects.toThrow();
  await stack.postgres.start();
  expect(await stack.database.sql('select name from characters')).toEqual([{ name: 'Cleo' }]);
});

it('refuses the use of a part that was not opened', async () => {
  const stack = await stackFor({ parts: ['queue'] });
  expect(() => stack.livekit).toThrow('opened without livekit');
});

it('ends what a killed stack left running', async () => {
  const script = `
    import { openStack } from './dev/stack.ts';
    const stack = await openStack({ parts: ['livekit', 'database'] });
    console.log(stack.postgres.port, new URL(stack.livekit.url).port);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const [postgresPort = ''] = line.split(' ');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${postgresPort}`).then(
      () => true,
      (error: Error) => !String(error.cause).includes('ECONNREFUSED'),
    );
  expect(await answers()).toBe(true);
  await stackFor({ parts: ['queue'] });
  await expect.poll(answers).toBe(false);
});
