import { WebSocket } from 'ws';
import type { TroupeError } from '../../errors.ts';
import { makeError, toSaidError, toSocketError } from './errors.ts';
import type { ElevenLabsOptions } from './options.ts';
import { readMessage } from './wire.ts';
import type { ServerMessage } from './wire.ts';

/** One context's side of a socket. */
export interface ContextListener {
  message(message: ServerMessage): void;
  /** The socket is gone; nothing comes any more. */
  lost(error: TroupeError): void;
}

/** A socket that is or was open; it speaks with one voice in one language. */
export interface Socket {
  isOpen(): boolean;
  /** When it last gave anything, by the clock's monotonic time. */
  heardAtMs(): number;
  /** Routes what names this context until the listener is disposed of. */
  listen(contextId: string, listener: ContextListener): Disposable;
  /** Never throws: on a socket that broke, `lost` tells. */
  send(message: object): void;
  /** Closes it at once; every context is lost. */
  drop(error: TroupeError): void;
}

/** What a socket's address fixes. */
export interface SocketVoice {
  readonly voice: string;
  /** Two letters. */
  readonly language: string;
}

/** Fast, multilingual, and it takes the language. */
const MODEL = 'eleven_flash_v2_5';

/** Longest wait for an open socket. */
const CONNECT_LIMIT_MS = 5_000;

/** How long the provider keeps a socket without text, in seconds: the longest it allows. */
const IDLE_SECONDS = 180;

/** Connects. @throws TroupeError of service `tts`. */
export async function openSocket(options: ElevenLabsOptions, voice: SocketVoice): Promise<Socket> {
  const { apiKey, clock } = options;
  const listeners = new Map<string, ContextListener>();
  const opened = Promise.withResolvers<void>();
  const socket = new WebSocket(addressOf(options.baseUrl, voice), {
    headers: { 'xi-api-key': apiKey },
    handshakeTimeout: CONNECT_LIMIT_MS,
    perMessageDeflate: false,
  });
  let heardAt = clock.monotonicMs();
  let failure: TroupeError | undefined;

  function lose(error: TroupeError): void {
    failure ??= error;
    const lost = [...listeners.values()];
    listeners.clear();
    for (const listener of lost) listener.lost(failure);
    opened.reject(failure);
    socket.terminate();
  }

  socket.on('open', opened.resolve);
  socket.on('error', (error) => lose(toSocketError(error)));
  // What was wrong may stand in a message before, in the reason, or nowhere.
  socket.on('close', (_code, reason) => lose(toSaidError(reason.toString(), undefined)));
  socket.on('message', (data) => {
    heardAt = clock.monotonicMs();
    const message = readMessage((data as Buffer).toString());
    if (message === undefined) lose(makeError('malformed'));
    else if (message.error !== undefined) lose(toSaidError(message.error, message));
    else if (message.contextId !== undefined) listeners.get(message.contextId)?.message(message);
  });

  await opened.promise;
  return {
    isOpen: () => failure === undefined && socket.readyState === socket.OPEN,
    heardAtMs: () => heardAt,
    listen(contextId, listener) {
      listeners.set(contextId, listener);
      return { [Symbol.dispose]: () => void listeners.delete(contextId) };
    },
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    drop: lose,
  };
}

function addressOf(baseUrl: string, { voice, language }: SocketVoice): URL {
  const url = new URL(
    `/v1/text-to-speech/${encodeURIComponent(voice)}/multi-stream-input`,
    baseUrl,
  );
  url.search = new URLSearchParams({
    model_id: MODEL,
    output_format: 'pcm_24000',
    language_code: language,
    inactivity_timeout: String(IDLE_SECONDS),
    sync_alignment: 'true',
    auto_mode: 'true',
  }).toString();
  return url;
}
