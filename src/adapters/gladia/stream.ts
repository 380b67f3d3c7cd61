import type { LiveV2Session } from '@gladiaio/sdk';
import type { TroupeError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SttEvent, SttOptions, SttStream } from '../../ports/speech-to-text.ts';
import { makeError, toTroupeError } from './errors.ts';
import { readMessage } from './messages.ts';
import type { GladiaMessage } from './messages.ts';
import { containBadMessages } from './sdk.ts';
import { toSessionRequest } from './session-request.ts';
import { makeSilenceFeed } from './silence-feed.ts';
import { makeSoundAccount } from './sound-account.ts';

/** What a stream needs. */
export interface StreamDeps {
  readonly client: { startSession(request: ReturnType<typeof toSessionRequest>): LiveV2Session };
  readonly clock: Clock;
}

/**
 * Opens one speaker's session. What is pushed before it is connected waits in the SDK, as does what
 * the provider has not acknowledged, for a connection that breaks: more than 30 s of it end the stream.
 */
export function openStream(
  { client, clock }: StreamDeps,
  options: SttOptions,
  listen: (event: SttEvent) => void,
): SttStream {
  const sound = makeSoundAccount();
  const silence = makeSilenceFeed(clock, fill, tellFlushed);
  const session = client.startSession(toSessionRequest(options));
  /** Something was pushed since the last flush. */
  let unflushed = false;
  /** Words are on their way: an interim has come, or speech was noticed. */
  let open = false;
  let ended = false;
  let lastError: unknown;

  containBadMessages(session, () => end(makeError('malformed')));
  session.on('message', take);
  session.on('error', (error) => (lastError = error));
  session.on('ended', ({ code }) => end(toTroupeError(lastError, code)));

  function take(message: object): void {
    const read = readMessage(message);
    if (read === 'unreadable') return end(makeError('malformed'));
    if (read === 'ignored') return;
    if (read.type === 'speech_start') open = true;
    else if (read.type === 'transcript') takeTranscript(read);
    else if (read.type === 'audio_chunk' && read.data && read.acknowledged) {
      sound.acknowledged(read.data.byte_range[1]);
      listen({ type: 'acknowledged', audioToMs: sound.takenMs() });
    }
  }

  function takeTranscript({ data }: GladiaMessage & { readonly type: 'transcript' }): void {
    const { text, start, end: until, confidence, language } = data.utterance;
    const times = {
      audioFromMs: sound.toPushedMs(start * 1_000),
      audioToMs: sound.toPushedMs(until * 1_000),
    };
    open = !data.is_final;
    if (text.trim() === '') return;
    if (!data.is_final) return listen({ type: 'interim', text, ...times });
    listen({ type: 'final', text, confidence, language: language ?? undefined, ...times });
    if (silence.isRunning() && !open && sound.waitingMs() <= NEARLY_ALL_MS) tellFlushed();
  }

  function send(pcm: Int16Array): void {
    // The SDK would make one byte of each sample of an Int16Array. It copies what it keeps.
    session.sendAudio(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
    if (sound.waitingMs() > WAITING_LIMIT_MS) end(makeError('unavailable', new Error(UNTAKEN)));
  }

  function fill(pcm: Int16Array): void {
    sound.filled(pcm.length);
    options.padded?.(pcm.length);
    send(pcm);
  }

  function tellFlushed(): void {
    silence.stop();
    listen({ type: 'flushed' });
  }

  function end(error: TroupeError | undefined): void {
    if (ended) return;
    ended = true;
    silence.stop();
    // Its own `ended` comes within the call, ours never within the caller's.
    session.endSession();
    queueMicrotask(() => listen({ type: 'ended', error }));
  }

  return {
    push(pcm) {
      if (ended || pcm.length === 0) return;
      // Whoever speaks again needs no silence; what is flushed is still waited for.
      silence.pause();
      unflushed = true;
      sound.pushed(pcm.length);
      send(pcm);
    },
    flush() {
      if (ended) return;
      if (unflushed) silence.start();
      else if (!silence.isRunning()) queueMicrotask(() => !ended && listen({ type: 'flushed' }));
      unflushed = false;
    },
    isIdle: () =>
      !silence.isRunning() && (!unflushed || (!open && sound.waitingMs() <= NEARLY_ALL_MS)),
    [Symbol.dispose]: () => end(undefined),
  };
}

const WAITING_LIMIT_MS = 30_000;
/** What may be on its way when all is taken that matters. */
const NEARLY_ALL_MS = 200;
const UNTAKEN = `over ${WAITING_LIMIT_MS / 1_000} s of sound were not acknowledged`;
