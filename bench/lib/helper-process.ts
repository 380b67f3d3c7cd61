import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tiedToUs } from '../../dev/process/tie.ts';
import { putFirst } from './put-first.ts';

/** An errand is done; times are in ms since 1970. */
export interface Done {
  readonly what: 'done';
  readonly id: number;
  /** When it was begun, and where that tells something, when it was over. */
  readonly at: number;
  readonly until?: number;
  readonly error?: string;
}

/** A process that is sent on errands, and tells what it sees besides. */
export interface Helper<Doing> extends AsyncDisposable {
  readonly pid: number;
  send(doing: Doing): Promise<Done>;
}

/** Starts the module `file` beside this one; it gets each errand with an `id` for its report. */
export function startHelper<Doing extends object>(
  file: string,
  env: Readonly<Record<string, string>>,
  onSight: (sight: never) => void,
): Helper<Doing> {
  const [execPath, execArgv] = tiedToUs({ command: process.execPath, args: [] }, 'SIGKILL');
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execPath,
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) putFirst(child.pid);
  const open = new Map<number, PromiseWithResolvers<Done>>();
  let lastId = 0;
  child.on('message', (told: { readonly what: string }) => {
    if (isDone(told)) close(told);
    else onSight(told as never);
  });
  child.on('error', (error) => console.error(`${file}: ${error.message}`));
  child.once('exit', (code, signal) => {
    if (signal !== 'SIGKILL') console.error(`${file} has ended by ${signal ?? code}`);
    for (const errand of open.values()) errand.reject(new Error(`${file} is gone`));
  });

  function close(done: Done): void {
    if (done.error === undefined) open.get(done.id)?.resolve(done);
    else open.get(done.id)?.reject(new Error(`${file} failed: ${done.error}`));
    open.delete(done.id);
  }

  return {
    pid: child.pid ?? 0,
    send(doing) {
      const id = ++lastId;
      const done = Promise.withResolvers<Done>();
      open.set(id, done);
      child.send({ ...doing, id });
      return done.promise;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function isDone(told: { readonly what: string }): told is Done {
  return told.what === 'done';
}
