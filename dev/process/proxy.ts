import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.ts';

/** What is behind a proxy; it may come and go. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * How a path is cut. `reset`: every connection breaks at once and new ones break as they come.
 * `hang`: nobody learns anything; connections stay open, new ones are taken, no byte passes.
 */
export type Cut = 'reset' | 'hang';

/** A path to a part of the stack that can be cut, slowed down and healed. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  cut(how?: Cut): void;
  /** Bytes pass again; those that waited in a hanging connection arrive now, in order. */
  heal(): void;
  /** Every byte takes this much longer from now on, each way, in ms. */
  delay(ms: number): void;
  /** How many connections were made to this port so far. */
  dials(): number;
}

/** Opens a TCP path on 127.0.0.1 to `target` for clients whose path is to fail alone. */
export async function openProxy(target: ProxyTarget): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const path: Path = { delayMs: 0, hangs: undefined };
  let broken = false;
  let dials = 0;

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever reads or writes hears of it too.
    socket.on('error', () => undefined);
    return socket.setNoDelay(true);
  }
  async function serve(client: Socket): Promise<void> {
    dials += 1;
    keep(client);
    if (broken) return void client.resetAndDestroy();
    await path.hangs?.promise;
    if (client.destroyed) return;
    const there = keep(connect({ ...target, allowHalfOpen: true }));
    await Promise.all([pass(client, there, path), pass(there, client, path)]);
  }
  function heal(): void {
    broken = false;
    path.hangs?.resolve();
    path.hangs = undefined;
  }
  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const server = createServer({ allowHalfOpen: true }, (client) => void serve(client));
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    cut(how = 'reset') {
      broken = how === 'reset';
      if (broken) reset();
      else path.hangs ??= Promise.withResolvers();
    },
    heal,
    delay(ms) {
      path.delayMs = ms;
    },
    dials: () => dials,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      reset();
      heal();
      await closed;
    },
  };
}

interface Path {
  delayMs: number;
  /** Pending while no byte passes. */
  hangs: PromiseWithResolvers<void> | undefined;
}

/** Carries one direction to its end; what breaks one side breaks the other. */
async function pass(from: Socket, to: Socket, path: Path): Promise<void> {
  let written = Promise.resolve();
  const write = async (chunk: Buffer, after: Promise<unknown>): Promise<void> => {
    await after;
    await path.hangs?.promise;
    if (!to.destroyed) to.write(chunk);
  };
  try {
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      const slow = path.delayMs > 0 ? sleep(path.delayMs) : undefined;
      written = write(chunk as Buffer, Promise.all([written, slow]));
      // While it hangs nothing more is read, so that the sender feels it too.
      await path.hangs?.promise;
    }
    await written;
    await path.hangs?.promise;
    to.end();
  } catch {
    await path.hangs?.promise;
    to.destroy();
  }
}
