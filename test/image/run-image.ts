import { spawn } from 'node:child_process';
import { endWithUs } from '../../dev/process/tie.ts';
import type { PlainImage } from './plain-build.ts';

/** A program of the image that runs. */
export interface Running extends AsyncDisposable {
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Everything that it wrote. */
  output(): string;
}

type Env = Readonly<Record<string, string>>;

/**
 * Runs a command in the image as a container would: as the image's user, in its folder, with no other
 * environment than the image's own and `env`.
 */
export function startInImage(image: PlainImage, command: readonly string[], env: Env): Running {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: image.workdir,
    env: { ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...image.user,
  });
  endWithUs(child, 'SIGKILL');
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    signal: (name) => void child.kill(name),
    exited,
    output: () => written,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Runs a command in the image to its end. */
export async function runInImage(
  image: PlainImage,
  command: readonly string[],
  env: Env = {},
): Promise<{ readonly code: number | NodeJS.Signals; readonly output: string }> {
  await using running = startInImage(image, command, env);
  return { code: await running.exited, output: running.output() };
}
