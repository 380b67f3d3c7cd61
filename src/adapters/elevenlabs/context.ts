import { openChannel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { RunPart, SpeechRun } from '../../lib/speak-in-runs.ts';
import type { TimedText } from '../../lib/speech-sound.ts';
import { TTS_SAMPLE_RATE } from '../../ports/text-to-speech.ts';
import { makeError } from './errors.ts';
import type { Socket } from './socket.ts';
import type { ServerMessage } from './wire.ts';
import { openWords } from './words.ts';

/** A socket that gives nothing at all for so long is taken for dead when its context gives up. */
const DEAD_AFTER_MS = 2_000;

/**
 * Opens a context at the provider: one run of text. `release` is called when the provider counts it
 * no longer: a context that is closed in the middle still sounds there to its end.
 */
export function openContext(clock: Clock, socket: Socket, release: () => void): SpeechRun {
  const contextId = newId();
  const parts = openChannel<RunPart>();
  const readParts = openReader();
  const openedAt = clock.monotonicMs();
  let closed = false;

  function end(error?: Error): void {
    closed = true;
    listening[Symbol.dispose]();
    release();
    if (error !== undefined) parts.fail(error);
    else parts.end();
  }
  function close(): void {
    closed = true;
    socket.send({ context_id: contextId, close_context: true });
  }
  const listening = socket.listen(contextId, {
    message(message) {
      for (const part of readParts(message)) parts.put(part);
      if (message.final) end();
    },
    lost: end,
  });

  socket.send({ text: ' ', context_id: contextId });
  return {
    parts,
    say(text) {
      // Flushed, or it would wait for the rest of a sentence that may be whole already.
      if (!closed) socket.send({ text, context_id: contextId, flush: true });
      return !closed;
    },
    finish() {
      if (!closed) close();
    },
    cancel() {
      parts.end();
      if (!closed) close();
      const quiet = socket.heardAtMs() < openedAt;
      if (quiet && clock.monotonicMs() - openedAt >= DEAD_AFTER_MS) {
        socket.drop(makeError('timeout'));
      }
    },
  };
}

/** Makes parts of messages: their characters' times count from each message's own first sample. */
function openReader(): (message: ServerMessage) => readonly RunPart[] {
  const words = openWords();
  let soundMs = 0;
  return ({ audio, chars, final }) => {
    const fromMs = soundMs;
    const parts: RunPart[] = [];
    if (audio !== undefined && audio !== '') {
      const bytes = Buffer.from(audio, 'base64');
      soundMs += (bytes.length * 500) / TTS_SAMPLE_RATE;
      parts.push({ type: 'sound', bytes });
    }
    const told = [
      ...words.take(chars.map((char) => shifted(char, fromMs))),
      ...(final ? words.rest() : []),
    ];
    if (told.length > 0) parts.push({ type: 'words', words: told });
    return parts;
  };
}

function shifted({ text, fromMs, toMs }: TimedText, byMs: number): TimedText {
  return { text, fromMs: fromMs + byMs, toMs: toMs + byMs };
}
