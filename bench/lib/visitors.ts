import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Done, Errand, Report, Sight } from './visitor-protocol.ts';

/** People in rooms, one a room, all in one process of their own. */
export interface Visitors extends AsyncDisposable {
  readonly pid: number;
  /** Resolves once the visitor is there. */
  enter(room: string): Promise<void>;
  /** Resolves with the moment at which the line was handed to the SDK, in ms since 1970. */
  say(room: string, text: string): Promise<number>;
  /** Resolves with the moment at which the visitor set out to leave, in ms since 1970. */
  leave(room: string): Promise<number>;
}

type Doing = Errand extends infer One ? (One extends Errand ? Omit<One, 'id'> : never) : never;

/** Starts the visitors' process; `onSight` gets all that they see of the bots. */
export function openVisitors(
  env: Readonly<Record<string, string>>,
  onSight: (sight: Sight) => void,
): Visitors {
  const child = fork(fileURLToPath(new URL('./visitors-process.ts', import.meta.url)), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const open = new Map<number, PromiseWithResolvers<number>>();
  let lastId = 0;
  child.on('message', (report) => {
    const told = report as Report;
    if (told.what === 'done') close(told);
    else onSight(told);
  });
  child.once('exit', () => {
    for (const errand of open.values()) errand.reject(new Error('the visitors are gone'));
  });

  function close({ id, at, error }: Done): void {
    if (error === undefined) open.get(id)?.resolve(at);
    else open.get(id)?.reject(new Error(`a visitor failed: ${error}`));
    open.delete(id);
  }

  function send(doing: Doing): Promise<number> {
    const errand = { ...doing, id: ++lastId };
    const done = Promise.withResolvers<number>();
    open.set(errand.id, done);
    child.send(errand);
    return done.promise;
  }

  return {
    pid: child.pid ?? 0,
    async enter(room) {
      await send({ do: 'enter', room });
    },
    say: (room, text) => send({ do: 'say', room, text }),
    leave: (room) => send({ do: 'leave', room }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
