import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { processesOf } from '../support/processes.ts';

const DEV = join(import.meta.dirname, '../../dev');

const STACK_AND_WORKER = `
  const { openStack } = await import('${DEV}/stack.ts');
  const { startWorkerProcess } = await import('${DEV}/worker-process.ts');
  const { env } = await openStack();
  await startWorkerProcess(env).logged('listening', 20_000);`;

const ONE_CHILD = `
  const { startChild } = await import('${DEV}/process/child.ts');
  await startChild({ name: 'sleeper', command: '/bin/sleep', args: ['60'] });`;

/** Runs `script` in a process of its own, until it has opened what it opens. */
async function openOwner(script: string, env: NodeJS.ProcessEnv = {}) {
  const whenOpen = `
    const { openRunFolder } = await import('${DEV}/process/run-folder.ts');
    console.log(JSON.stringify(await openRunFolder()));
    process.stdin.once('data', () => process.exit(0));`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script + whenOpen], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const early = new AbortController();
  owner.once('exit', () => early.abort());
  const [line] = await once(owner.stdout, 'data', { signal: early.signal });
  const { path, mark } = JSON.parse(String(line));
  const [token] = Object.values<string>(mark);
  return {
    folder: path as string,
    processes: () => processesOf(token!),
    async endsBy(how: 'exit' | NodeJS.Signals) {
      if (how === 'exit') owner.stdin.write('\n');
      else owner.kill(how);
      await once(owner, 'exit');
    },
  };
}

async function ownTempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it.each(['exit', 'SIGTERM'] as const)(
  'leaves neither a process nor a file behind an owner that ends by %s without disposing',
  async (how) => {
    const owner = await openOwner(STACK_AND_WORKER);
    expect(owner.processes()).toHaveLength(4);
    await owner.endsBy(how);
    expect(owner.processes()).toEqual([]);
    expect(existsSync(owner.folder)).toBe(false);
  },
);

it('takes every process along by kill -9', async () => {
  const owner = await openOwner(STACK_AND_WORKER);
  expect(owner.processes()).toHaveLength(4);
  await owner.endsBy('SIGKILL');
  await expect.poll(owner.processes).toEqual([]);
});

it('ends at the next start what outlived a killed owner, and nothing of a living one', async () => {
  // Without PATH there is no setpriv, which ties children to their owner's life.
  const env = { TMPDIR: await ownTempFolder(), PATH: '' };
  const living = await openOwner(ONE_CHILD, env);
  const killed = await openOwner(ONE_CHILD, env);
  await killed.endsBy('SIGKILL');
  expect(killed.processes()).toHaveLength(1);

  const next = await openOwner(ONE_CHILD, env);
  expect(killed.processes()).toEqual([]);
  expect(existsSync(killed.folder)).toBe(false);
  expect(living.processes()).toHaveLength(1);
  expect(next.processes()).toHaveLength(1);
  await living.endsBy('exit');
  await next.endsBy('exit');
});
