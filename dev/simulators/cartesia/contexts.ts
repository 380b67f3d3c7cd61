import { watchIdle } from '../voice/idle.ts';
import type { Connection } from '../voice/server.ts';
import { openContext } from './context.ts';
import type { Context } from './context.ts';
import { failure } from './messages.ts';
import { readMessage } from './request.ts';
import type { Generation } from './request.ts';

/** Serves one connection: every context that its client opens, side by side. */
export function serveContexts(connection: Connection): void {
  const { socket, settings, faults, ledger } = connection;
  const contexts = new Map<string, Context>();
  const ended = new Set<string>();
  watchIdle(
    socket,
    () => settings().idleMs,
    () => socket.close(1_000, 'idle'),
  );
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const refuse = (status: number, code: string, message: string, contextId?: string): void =>
    send(failure(status, code, message, contextId));

  function open(request: Generation): void {
    const { context_id: id, transcript } = request;
    if (transcript.trim() === '' && request.continue !== true) {
      return refuse(400, 'invalid_transcript', 'No valid transcripts passed', id);
    }
    const fault = faults.takeForSpeech(transcript);
    const speech = ledger.open({
      id,
      connection: connection.number,
      voice: typeof request.voice === 'string' ? request.voice : request.voice.id,
      language: request.language ?? request.locale ?? undefined,
      text: '',
    });
    if (fault !== undefined) speech.fault = fault.kind;
    if (ledger.active() > settings().concurrency || fault?.kind === 'rate-limited') {
      ledger.close(speech, 'refused');
      return refuse(429, 'concurrency_limited', 'Too many concurrent contexts', id);
    }
    const context = openContext(
      { speech, fault, settings: settings(), request },
      {
        send,
        cut: () => socket.terminate(),
        ended(outcome) {
          ledger.close(speech, outcome);
          contexts.delete(id);
          ended.add(id);
        },
      },
    );
    contexts.set(id, context);
  }

  socket.on('message', (data, isBinary) => {
    const message = readMessage(isBinary ? '' : (data as Buffer).toString());
    if ('why' in message) return refuse(400, 'invalid_request', message.why, message.contextId);
    const id = message.context_id;
    if ('cancel' in message) return contexts.get(id)?.cancel();
    if (ended.has(id)) return refuse(400, 'context_closed', 'The context has ended', id);
    if (!contexts.has(id)) open(message);
    contexts.get(id)?.request(message);
  });
  socket.on('close', () => {
    for (const context of contexts.values()) context.lose();
  });
}
