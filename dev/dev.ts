import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { castMira, MIRA } from './cast.ts';
import { mintGuestToken } from './livekit/token.ts';
import { openPage } from './page.ts';
import { openRunFolder } from './process/run-folder.ts';
import { runLatestWorker } from './reload.ts';
import { openStack } from './stack.ts';
import type { Stack } from './stack.ts';
import type { WorkerLogLine } from './worker-process.ts';

/**
 * `npm run dev`: the stack, a worker and the page for somebody who works on Troupe. It says how to get in,
 * replaces the worker after each change of `src`, and ends everything on Ctrl-C. Model and voice are real
 * where the environment or `.env` has keys for them, simulated otherwise.
 */
const ROOM = 'demo';

/** How long the bot waits in an empty room: time for a person to get in. */
const PATIENT_MS = '600000';

try {
  await runDevelopment();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function runDevelopment(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const realModel = hasOneOf('OPENROUTER_API_KEY', 'OPENAI_API_KEY');
  const realVoice =
    hasOneOf('GLADIA_STT_API_KEY', 'DEEPGRAM_API_KEY') &&
    hasOneOf('CARTESIA_TTS_API_KEY', 'ELEVENLABS_API_KEY');
  await using stack = await openStack({
    parts: [
      ...(['livekit', 'queue', 'database'] as const),
      ...(realModel ? [] : (['llm'] as const)),
      ...(realVoice ? [] : (['voice'] as const)),
    ],
  });
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ended.abort());
  await castMira(stack.database, ROOM);
  await using page = await openPage(stack.env);
  await explain(stack, { model: realModel, voice: realVoice });
  print('page', page.url);
  const env = { ...stack.env, IDLE_TIMEOUT_MS: process.env['IDLE_TIMEOUT_MS'] || PATIENT_MS };
  await runLatestWorker(
    env,
    (worker, what) => print(`worker ${worker}`, textOf(what)),
    ended.signal,
  );
}

function hasOneOf(...names: readonly string[]): boolean {
  return names.some((name) => Boolean(process.env[name]));
}

async function explain(stack: Stack, real: { model: boolean; voice: boolean }): Promise<void> {
  const guest = { room: ROOM, identity: 'you', name: 'You' };
  print('stack', `ready ${Math.round(performance.now())} ms after the start`);
  print('LiveKit', stack.livekit.url);
  print('token', await mintGuestToken(stack.livekit, guest));
  print('database', stack.database.connectionString);
  print('model', real.model ? 'real, by the key in the environment' : 'simulated');
  print('voice', real.voice ? 'real, by the keys in the environment' : 'simulated');
  print('room', `${ROOM}, with ${MIRA}; call her from another terminal:`);
  print('', `(set -a; . ${await writeEnvFile(stack)}; npx troupe enqueue ${ROOM})`);
}

/** What a shell needs to use this stack; gone with the run. */
async function writeEnvFile({ env }: Stack): Promise<string> {
  const path = join((await openRunFolder()).path, 'env');
  const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(path, lines.join(''), { mode: 0o600 });
  return path;
}

function textOf(what: WorkerLogLine | string): string {
  if (typeof what === 'string') return what;
  const { level, message, event: _event, time: _time, worker: _worker, ...fields } = what;
  const details = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [level, message, ...details].join('  ');
}

function print(who: string, what: string): void {
  console.log(`${who.padStart(9)} | ${what}`);
}
