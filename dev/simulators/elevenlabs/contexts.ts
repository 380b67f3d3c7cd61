import { watchIdle } from '../voice/idle.ts';
import type { Connection } from '../voice/server.ts';
import { readAddress, voiceOf } from './address.ts';
import { openContext } from './context.ts';
import type { Context } from './context.ts';
import { failure, readMessage } from './messages.ts';

/** Contexts that one socket may have; one that was closed counts until its last sound is out. */
const CONTEXTS_PER_SOCKET = 5;

/** Serves one connection: one voice, in up to five contexts side by side. */
export function serveContexts(connection: Connection): void {
  const { socket, url, settings, faults, ledger } = connection;
  const query = readAddress(url)?.data;
  if (query === undefined) return socket.terminate();
  const { inactivity_timeout: timeout, output_format: sampleRate } = query;
  const contexts = new Map<string, Context>();
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));

  /** Every failure is the whole socket's. */
  function fail(code: number, error: string, message: string): void {
    send(failure(code, error, message));
    socket.close(code, message.slice(0, 120));
  }

  function open(id: string): void {
    if (contexts.size >= CONTEXTS_PER_SOCKET) {
      return fail(
        1_008,
        'max_active_conversations',
        `Maximum simultaneous contexts (${contexts.size}) exceeded`,
      );
    }
    const speech = ledger.open({
      id,
      connection: connection.number,
      voice: voiceOf(url) ?? '',
      language: query?.language_code,
      text: '',
    });
    const input = {
      speech,
      settings: settings(),
      sampleRate,
      autoMode: query?.auto_mode === 'true',
    };
    const context = openContext(input, {
      send,
      cut: () => socket.terminate(),
      fail,
      takeFault: (text) => faults.takeForSpeech(text),
      isCrowded: () => ledger.active() > settings().concurrency,
      ended(outcome) {
        ledger.close(speech, outcome);
        contexts.delete(id);
      },
    });
    contexts.set(id, context);
  }

  const idleMs = (): number => Math.min(settings().idleMs, timeout * 1_000);
  watchIdle(socket, idleMs, () =>
    fail(
      1_008,
      'input_timeout_exceeded',
      `Have not received a new text input within the timeout of ${timeout}.0 seconds`,
    ),
  );
  socket.on('message', (data, isBinary) => {
    const message = readMessage(isBinary ? '' : (data as Buffer).toString(), (id) =>
      contexts.has(id),
    );
    if (message === undefined) {
      return fail(
        1_008,
        'invalid_message',
        'The message does not fit, or voice_settings field must be provided in the first message only',
      );
    }
    if (message.type === 'close-socket') return socket.close(1_000);
    if (message.type === 'close-context') return contexts.get(message.id)?.close();
    if (message.begins) open(message.id);
    else contexts.get(message.id)?.say(message.text, message.flush);
  });
  socket.on('close', () => {
    for (const context of contexts.values()) context.lose();
  });
}
