import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBotProcess } from './bot-process.ts';
import type { BotProcess } from './bot-process.ts';
import { mintBotToken } from './bot-token.ts';
import type { StartContender } from './contender.ts';
import { installPeer } from './install.ts';
import { peerEnvironment } from './peer-environment.ts';

/** Pipecat as its users run it: a process a room, started when a bot is asked for. */
export const startPipecat: StartContender = async (stack, mode) => {
  const program = await preparePipecat();
  const bots = new Map<string, BotProcess>();
  return {
    async bring(room) {
      const bot = startBotProcess(program, peerEnvironment(stack, mode));
      bots.set(room, bot);
      const token = await mintBotToken(stack.livekit, room);
      bot.input.end(`${JSON.stringify({ room, token })}\n`);
      await bot.told('ready', room);
    },
    async gone(room) {
      const bot = bots.get(room);
      await bot?.told('gone', room);
      await bot?.[Symbol.asyncDispose]();
      bots.delete(room);
    },
    pids: () => [...bots.values()].map(({ pid }) => pid),
    async [Symbol.asyncDispose]() {
      await Promise.all([...bots.values()].map((bot) => bot[Symbol.asyncDispose]()));
    },
  };
};

/** Pipecat as nobody runs it, but could: all rooms in one process. */
export const startPipecatInOneProcess: StartContender = async (stack, mode) => {
  const bots = startBotProcess(await preparePipecat(), peerEnvironment(stack, mode));
  return {
    async bring(room) {
      const token = await mintBotToken(stack.livekit, room);
      bots.input.write(`${JSON.stringify({ room, token })}\n`);
      await bots.told('ready', room);
    },
    gone: (room) => bots.told('gone', room),
    pids: () => [bots.pid],
    [Symbol.asyncDispose]: () => bots[Symbol.asyncDispose](),
  };
};

const PYTHON = 'venv/bin/python';
const REMEDY =
  'It needs Python 3.11 or newer with venv (Debian: python3-venv) as python3, and a way to PyPI.';

/** Installs it where it is not, in a virtual environment of its own. */
async function preparePipecat() {
  const folder = await installPeer({
    name: 'pipecat',
    pins: ['pipecat/requirements.txt'],
    program: ['pipecat/bot.py', 'pipecat/voice.py'],
    platform: await pythonVersion(),
    steps: [
      ['python3', '-m', 'venv', 'venv'],
      [PYTHON, '-m', 'pip', 'install', '--no-deps', '--quiet', '-r', 'requirements.txt'],
    ],
    remedy: REMEDY,
  });
  return { command: join(folder, PYTHON), args: [join(folder, 'bot.py')] };
}

/** A virtual environment is bound to the Python that made it. */
async function pythonVersion(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['--version'], { timeout: 10_000 });
    return stdout.trim();
  } catch (error) {
    throw new Error(`pipecat cannot be installed: python3 does not run. ${REMEDY}`, {
      cause: error,
    });
  }
}
