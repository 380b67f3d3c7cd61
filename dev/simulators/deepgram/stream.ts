import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { openMishap } from '../speech/mishap.ts';
import type { Utterance } from '../speech/recognizer.ts';
import { openSampleReader } from '../speech/samples.ts';
import type { WireDeps } from '../speech/server.ts';
import { openTranscriber } from '../speech/transcriber.ts';
import type { Transcribed } from '../speech/transcriber.ts';
import { readClientMessage } from './client-message.ts';
import * as say from './messages.ts';
import type { Query } from './query.ts';

/**
 * Serves one live stream: it lives as long as its connection. Its sound is cut into stretches, each
 * of which begins where the one before became final; every second says how far it has come.
 */
export function serveStream(deps: WireDeps, query: Query, socket: WebSocket): void {
  const requestId = randomUUID();
  const bytesPerSecond = query.sample_rate * 2;
  const stream = deps.ledger.open(requestId, query);
  stream.connections = 1;
  const toSamples = openSampleReader();
  const transcriber = openTranscriber(
    { settings: deps.settings, stream },
    { endpointingMs: query.endpointing },
    told,
  );
  const mishap = openMishap(deps.faults.takeForConnection(), {
    socket,
    bytesPerSecond,
    garbage: '{"type":"Results","channel":',
    slowDown: (byMs) => transcriber.slowDown(byMs),
    idle: endIdle,
  });
  /** The wishes for a final that were not met yet, and the sound that each is about. */
  const wishes: { readonly toMs: number; met: boolean }[] = [];
  let nextReportMs = REPORT_MS;
  let shown: Utterance | undefined;
  let finalToMs = 0;
  let closing = false;
  let watch = setTimeout(endIdle, deps.settings().idleMs).unref();

  function told(event: Transcribed): void {
    if (event.type === 'speech-started') {
      if (query.vad_events) send(say.speechStarted(event.atMs));
    } else if (event.type === 'partial') {
      shown = event.utterance;
      tellInterim(event.utterance.toMs);
    } else {
      const wish = event.asked ? wishes[0] : undefined;
      if (wish !== undefined) wish.met = true;
      const bySilenceMs = Math.min(stream.audioMs, event.utterance.toMs + query.endpointing);
      const toMs = event.asked ? (wish?.toMs ?? stream.audioMs) : bySilenceMs;
      tellFinal(event.utterance, toMs, true, wish !== undefined);
    }
  }

  function tellInterim(toMs: number): void {
    if (!query.interim_results) return;
    const marks = { isFinal: false, speechFinal: false, fromFinalize: false };
    send(say.results(requestId, query, { utterance: shown, fromMs: finalToMs, toMs, ...marks }));
  }

  function tellFinal(
    utterance: Utterance | undefined,
    toMs: number,
    speechFinal: boolean,
    fromFinalize: boolean,
  ): void {
    const marks = { isFinal: true, speechFinal, fromFinalize };
    send(say.results(requestId, query, { utterance, fromMs: finalToMs, toMs, ...marks }));
    finalToMs = toMs;
    shown = undefined;
  }

  function report(toMs: number): void {
    if (toMs <= finalToMs) return;
    const isLong = toMs - finalToMs >= EMPTY_LIMIT_MS;
    // A word may have begun that is not understood yet.
    if (shown === undefined && isLong) tellFinal(undefined, toMs - HELD_BACK_MS, false, false);
    else tellInterim(toMs);
  }

  function send(message: object): void {
    if (!mishap.isStalled()) socket.send(JSON.stringify(message));
  }

  function take(audio: Buffer): void {
    mishap.count(audio.length);
    if (mishap.isStalled()) return;
    stream.audioMs += (audio.length / bytesPerSecond) * 1_000;
    // Other rates are taken and counted; the recognizer's ears are for this one.
    if (query.sample_rate === 16_000) transcriber.push(toSamples(audio));
    for (; nextReportMs <= stream.audioMs; nextReportMs += REPORT_MS) {
      const toMs = nextReportMs;
      transcriber.inOrder(() => report(toMs));
    }
  }

  function finalize(): void {
    const wish = { toMs: stream.audioMs, met: false };
    wishes.push(wish);
    transcriber.finish();
    transcriber.inOrder(() => {
      wishes.shift();
      // As documented: too little sound is not answered.
      const isWorthIt = wish.toMs - finalToMs >= WORTH_MS;
      if (!wish.met && isWorthIt) tellFinal(undefined, wish.toMs, true, true);
    });
  }

  async function closeStream(): Promise<void> {
    closing = true;
    transcriber.finish();
    await transcriber.settled();
    send(say.metadata(requestId, query, stream.audioMs));
    if (!mishap.isStalled()) end(1_000, '', 'closed');
  }

  function read(data: RawData, isBinary: boolean): void {
    const message = readClientMessage(data as Buffer, isBinary);
    if (message === undefined) return end(1_008, UNDECODABLE, 'failed');
    clearTimeout(watch);
    watch = setTimeout(endIdle, deps.settings().idleMs).unref();
    if (typeof message !== 'string') return take(message);
    stream.said[message] = (stream.said[message] ?? 0) + 1;
    if (message === 'CloseStream') void closeStream();
    else if (message === 'Finalize') finalize();
  }

  function endIdle(): void {
    end(1_011, IDLE, 'failed');
  }

  function end(code: number, reason: string, outcome: 'closed' | 'failed'): void {
    finish(outcome);
    socket.close(code, reason);
  }

  function finish(outcome: 'closed' | 'failed' | 'lost'): void {
    clearTimeout(watch);
    transcriber[Symbol.dispose]();
    deps.ledger.close(stream, outcome);
  }

  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    if (!closing && stream.outcome === 'open') read(data, isBinary);
  });
  socket.on('close', () => finish(closing ? 'closed' : 'lost'));
}

const REPORT_MS = 1_000;
/** Sound without words becomes final after this, less the last bit. */
const EMPTY_LIMIT_MS = 3_000;
const HELD_BACK_MS = 500;
/** Least sound that a Finalize is answered for. */
const WORTH_MS = 100;
const UNDECODABLE =
  'DATA-0000: The payload cannot be decoded as audio. It is either not audio data or is a codec unsupported by Deepgram.';
const IDLE =
  'Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001';
