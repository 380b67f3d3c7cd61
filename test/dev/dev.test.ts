import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { processesOf } from '../support/processes.ts';
import { openChanges } from '../support/until.ts';

/** `npm run dev` in a process group of its own, as a terminal would start it. */
function startDevelopment() {
  const changes = openChanges();
  const lines: string[] = [];
  const child = spawn(process.execPath, ['dev/dev.ts'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    changes.tell();
  });
  return {
    prints: (pattern: RegExp) =>
      changes.until(String(pattern), () => pattern.exec(lines.join('\n')) ?? undefined, 45_000),
    async pressCtrlC(): Promise<unknown> {
      process.kill(-child.pid!, 'SIGINT');
      const [code] = await once(child, 'exit');
      return code;
    },
  };
}

it(
  'leads from nothing to a bot in a room, and ends everything on Ctrl-C',
  { timeout: 90_000 },
  async () => {
    const development = startDevelopment();
    await development.prints(/ready: http:\/\/127\.0\.0\.1:\d+\/status/);
    const [, command = '', owner = ''] = await development.prints(
      / (\(set -a; \. .*\/(.*)\/env; .*\))/,
    );
    expect(processesOf(owner).length).toBeGreaterThan(3);
    await promisify(execFile)('sh', ['-c', command]);
    await development.prints(/room joined {2}room="demo"/);
    expect(await development.pressCtrlC()).toBe(0);
    expect(processesOf(owner)).toEqual([]);
  },
);
