import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { castMira, MIRA } from './cast.ts';
import { openPage } from './page.ts';
import { openStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { openVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * The main job from nothing: the whole stack, a worker, an activation on the queue, and a visitor who
 * talks with the character. `--once` ends after the talk; otherwise there is a page to talk on, and the
 * terminal becomes the visitor.
 */
const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const ROOM = 'demo';
const BOT = `bot-${ROOM}`;
const LIMIT_MS = 20_000;
/** What the visitor says, and with what the simulated model ends its answer. */
const TALK = [
  ['Hello! My name is Ada.', 'on your mind'],
  ['What can you do?', 'on your mind'],
  ['What is my name?', 'you told me'],
] as const;

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
  print('worker', `ready, ${await healthOf(worker)}/status`);
  await activate(stack);
  print('queue', `{"roomName": "${ROOM}"} sent`);
  await using visitor = await enter(stack);
  await visitor.hears((line) => line === `${MIRA} has joined the chat!`, LIMIT_MS);
  await talk(visitor);
  if (!once) {
    await using page = await openPage(stack.env);
    print('page', `talk with ${MIRA} on ${page.url}`);
    return await typeToIt(visitor);
  }
  print('visitor', 'says nothing more');
  await visitor.hears((line) => line.includes('User idle'), LIMIT_MS);
  await visitor.misses(BOT, LIMIT_MS);
  await printMemory(stack);
}

/** A worker that does not come up has said why. */
async function healthOf(worker: WorkerProcess): Promise<string> {
  const ended = worker.exited.then((how) => {
    throw new Error(`the worker ended with ${how}`);
  });
  await Promise.race([worker.logged('listening', LIMIT_MS), ended]);
  return await worker.healthUrl();
}

async function activate(stack: Stack): Promise<void> {
  await using producer = startWorkerProcess(stack.env, ['enqueue', ROOM]);
  const code = await producer.exited;
  if (code !== 0) throw new Error(`troupe enqueue ended with ${code}`);
}

async function enter({ livekit }: Stack): Promise<Visitor> {
  return await openVisitor({
    server: livekit,
    guest: { room: ROOM, identity: 'ada', name: 'Ada' },
    onLine: (from, line) => print(nameOf(from), line),
    onPresence: (who, what) => print('room', `${nameOf(who)}: ${what}`),
  });
}

async function talk(visitor: Visitor): Promise<void> {
  for (const [line, lastWords] of TALK) {
    print('Ada', line);
    await visitor.say(line);
    await visitor.hears((answer) => answer.includes(lastWords), LIMIT_MS);
    await visitor.shows('listening', LIMIT_MS);
  }
}

async function typeToIt(visitor: Visitor): Promise<void> {
  print('you', `or type to ${MIRA} here; end with Ctrl-D`);
  let lines = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    lines += 1;
    if (line.trim() !== '') await visitor.say(line);
  }
  if (process.stdin.isTTY || lines > 0) return;
  print('you', 'nobody types here: the page stays until this is stopped');
  await new Promise(() => undefined);
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

function nameOf(identity: string): string {
  return identity === BOT ? MIRA : identity;
}

function print(who: string, what: string): void {
  console.log(`${who.padStart(8)} | ${what}`);
}
