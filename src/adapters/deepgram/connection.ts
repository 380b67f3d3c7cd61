import type { DeepgramClient } from '@deepgram/sdk';
import type { TroupeError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { makeError, toTroupeError } from './errors.ts';
import { readMessage } from './messages.ts';
import type { Results } from './messages.ts';
import type { Query } from './query.ts';

/** One connection, which opens on its own and is lost once. Disposing it closes it in order. */
export interface Connection extends Disposable {
  /** Only once it is open; what a broken one is sent is lost. */
  send(sound: Uint8Array): void;
  /** Asks for the finals of what was sent. */
  finalize(): void;
}

/** Who is told of a connection: nothing within a call, and nothing after its disposal. */
export interface ConnectionListener {
  opened(): void;
  understood(results: Results): void;
  lost(error: TroupeError): void;
}

export interface ConnectionDeps {
  readonly client: Pick<DeepgramClient, 'listen'>;
  readonly clock: Clock;
}

/**
 * Connects once. The SDK would come back by itself, but with all that was said to be said again by
 * nobody, not at all after a refusal, and to an empty stream after a close for idleness.
 */
export function connect(
  { client, clock }: ConnectionDeps,
  query: Query,
  listener: ConnectionListener,
): Connection {
  let socket: Socket | undefined;
  let failure: unknown;
  let over = false;
  let sentAt = 0;
  let timer = clock.after(CONNECT_LIMIT_MS, () => lose(makeError('timeout')));

  client.listen.v1
    .connect({ ...query, reconnectAttempts: 0, shouldReconnect: () => false })
    .then(begin, (error: unknown) => lose(toTroupeError(error, 0)));

  function begin(made: Socket): void {
    if (over) return;
    socket = made;
    // The SDK swallows what its handlers throw; ours run outside of it.
    made.on('open', () => queueMicrotask(onOpen));
    made.on('message', (message) => queueMicrotask(() => onMessage(message)));
    // A refusal is told as a close in order, and only then as the error that it is.
    made.on('close', ({ code }) => queueMicrotask(() => lose(toTroupeError(failure, code))));
    made.on('error', (error) => (failure = error));
    made.connect();
  }

  function onOpen(): void {
    if (over) return;
    timer[Symbol.dispose]();
    sentAt = clock.monotonicMs();
    keepAlive();
    listener.opened();
  }

  /** Without sound the provider hangs up after 10 s. */
  function keepAlive(): void {
    if (clock.monotonicMs() - sentAt >= KEEP_ALIVE_MS) {
      write((open) => open.sendKeepAlive({ type: 'KeepAlive' }));
    }
    timer = clock.after(KEEP_ALIVE_MS - (clock.monotonicMs() - sentAt), keepAlive);
  }

  function onMessage(message: unknown): void {
    if (over) return;
    const read = readMessage(message);
    if (read === 'unreadable') lose(makeError('malformed'));
    else if (read !== 'ignored') listener.understood(read);
  }

  function write(say: (open: Socket) => void): void {
    sentAt = clock.monotonicMs();
    if (socket?.readyState === OPEN) say(socket);
  }

  function lose(error: TroupeError): void {
    if (over) return;
    close();
    listener.lost(error);
  }

  function close(): void {
    over = true;
    timer[Symbol.dispose]();
    socket?.close();
  }

  return {
    send: (sound) => write((open) => open.sendMedia(sound)),
    finalize: () => write((open) => open.sendFinalize({ type: 'Finalize' })),
    [Symbol.dispose]() {
      if (over) return;
      write((open) => open.sendCloseStream({ type: 'CloseStream' }));
      close();
    },
  };
}

type Socket = Awaited<ReturnType<DeepgramClient['listen']['v1']['connect']>>;

const OPEN = 1;
const CONNECT_LIMIT_MS = 5_000;
const KEEP_ALIVE_MS = 4_000;
