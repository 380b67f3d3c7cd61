import { castMira, MIRA } from './cast.ts';
import { openStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { openVisitor } from './visitor.ts';
import type { Visitor, VisitorOptions } from './visitor.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

/** The room of the demo, and who its bot is there. */
export const ROOM = 'demo';
export const BOT = `bot-${ROOM}`;
/** How long the demo waits for anything, in ms. */
export const LIMIT_MS = 20_000;

/** The stack with a worker, and a room whose bot is on its way. */
export interface Scene extends AsyncDisposable {
  readonly stack: Stack;
  readonly worker: WorkerProcess;
  /** Comes in as a person of this name, and waits until Mira has come too. */
  enter(name: string, more?: Partial<VisitorOptions>): Promise<Visitor>;
}

/** Starts all of it, and puts the room on the queue; `env` goes on top of the worker's. */
export async function openScene(env: Readonly<Record<string, string>>): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  print('stack', 'starting LiveKit, queue, database and simulated providers');
  const stack = opened.use(await openStack());
  await castMira(stack.database, ROOM);
  const worker = opened.use(startWorkerProcess({ ...stack.env, ...env }));
  print('worker', `ready, ${await healthOf(worker)}/status`);
  await activate(stack);
  print('queue', `{"roomName": "${ROOM}"} sent`);
  const kept = opened.move();
  return {
    stack,
    worker,
    enter: (name, more) => enter(stack, name, more),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Prints who did what. */
export function print(who: string, what: string): void {
  console.log(`${who.padStart(8)} | ${what}`);
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

async function enter(
  { livekit }: Stack,
  name: string,
  more: Partial<VisitorOptions> = {},
): Promise<Visitor> {
  const visitor = await openVisitor({
    server: livekit,
    guest: { room: ROOM, identity: name.toLowerCase(), name },
    onLine: (from, line) => print(nameOf(from), line),
    onPresence: (who, what) => print('room', `${nameOf(who)}: ${what}`),
    ...more,
  });
  await visitor.hears((line) => line === `${MIRA} has joined the chat!`, LIMIT_MS);
  return visitor;
}

function nameOf(identity: string): string {
  return identity === BOT ? MIRA : identity;
}
