import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { processToken } from '../../dev/process/identity.ts';
import { openChanges } from './until.ts';

/** `npm run demo` in a process group of its own, as a terminal would start it; killed at the test's end. */
export function startDemo(args: readonly string[]) {
  const changes = openChanges();
  let text = '';
  const child = spawn(process.execPath, ['dev/demo.ts', ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  createInterface({ input: child.stdout }).on('line', (line) => {
    text += `${line}\n`;
    changes.tell();
  });
  return {
    /** What marks the processes of its stack. */
    owner: processToken(child.pid!)!,
    printed: () => text,
    prints: (pattern: RegExp) => changes.until(String(pattern), () => pattern.test(text), 45_000),
    type: (line: string) => void child.stdin.write(line),
    endInput: () => void child.stdin.end(),
    pressCtrlC: () => void process.kill(-child.pid!, 'SIGINT'),
    async exitCode(): Promise<unknown> {
      const [code] = await exited;
      return code;
    },
  };
}
