import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { castMira, MIRA } from './cast.ts';
import { openStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { openVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import { startWorkerProcess } from './worker-process.ts';

/**
 * The main job from nothing: the whole stack, a worker, an activation on the queue, and a visitor who
 * talks with the character. `--once` ends after the talk; otherwise the terminal becomes the visitor.
 */
const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const ROOM = 'demo';

try {
  await runDemo(values.once);
  process.exit(0);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function runDemo(once: boolean): Promise<void> {
  print('stack', 'starting LiveKit, queue, database and a simulated model');
  await using stack = await openStack();
  await castMira(stack.database, ROOM);
  await using worker = startWorkerProcess({ ...stack.env, IDLE_TIMEOUT_MS: once ? '4000' : '0' });
  await worker.logged('listening', 15_000);
  print('worker', `ready, ${await worker.healthUrl()}/status`);
  await activate(stack);
  print('queue', `{"roomName": "${ROOM}"} sent`);
  await using visitor = await enter(stack);
  await visitor.hears((line) => line === `${MIRA} has joined the chat!`, 15_000);
  await talk(visitor);
  if (!once) return await typeToIt(visitor);
  print('visitor', 'says nothing more');
  await visitor.hears((line) => line.includes('User idle'), 15_000);
  await visitor.sees(`bot-${ROOM}`, 10_000);
  await printMemory(stack);
}

async function activate(stack: Stack): Promise<void> {
  const producer = startWorkerProcess(stack.env, ['enqueue', ROOM]);
  const code = await producer.exited;
  if (code !== 0) throw new Error(`troupe enqueue ended with ${code}`);
}

async function enter(stack: Stack): Promise<Visitor> {
  return await openVisitor({
    url: stack.env['LIVEKIT_URL'] ?? '',
    apiKey: stack.env['LIVEKIT_API_KEY'] ?? '',
    apiSecret: stack.env['LIVEKIT_API_SECRET'] ?? '',
    room: ROOM,
    identity: 'ada',
    name: 'Ada',
    onLine: print,
    onPresence: (name, what) => print('room', `${name}: ${what}`),
  });
}

async function talk(visitor: Visitor): Promise<void> {
  for (const line of ['Hello! My name is Ada.', 'What can you do?', 'What is my name?']) {
    print('Ada', line);
    await visitor.say(line);
    await visitor.shows('speaking', 15_000);
    await visitor.shows('listening', 15_000);
  }
}

async function typeToIt(visitor: Visitor): Promise<void> {
  print('you', 'type to Mira; end with Ctrl-D');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') await visitor.say(line);
  }
}

async function printMemory(stack: Stack): Promise<void> {
  const rows = await stack.database.sql(
    'select version, messages from contexts where session = $1',
    [ROOM],
  );
  const [context] = rows as { version: number; messages: { role: string; text: string }[] }[];
  if (context === undefined) throw new Error('the database holds no context of the talk');
  print('memory', `as read back from the database, version ${context.version}:`);
  for (const { role, text } of context.messages) print('memory', `  ${role}: ${text}`);
}

function print(who: string, what: string): void {
  console.log(`${who.padStart(8)} | ${what}`);
}
