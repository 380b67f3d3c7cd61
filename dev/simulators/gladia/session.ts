import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { openMishap } from '../speech/mishap.ts';
import type { Mishap } from '../speech/mishap.ts';
import { openSampleReader } from '../speech/samples.ts';
import type { WireDeps } from '../speech/server.ts';
import { openTranscriber } from '../speech/transcriber.ts';
import type { Transcribed } from '../speech/transcriber.ts';
import * as say from './messages.ts';
import type { Message } from './messages.ts';
import { readClientMessage } from './client-message.ts';
import type { LiveRequest } from './request.ts';

/** One live session: it outlives its connections. */
export interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly token: string;
  /** Takes over a connection that came with the session's token. */
  attach(socket: WebSocket): void;
}

/** Opens a session; without a connection for long it is lost. `ended` is called once. */
export function openSession(deps: WireDeps, request: LiveRequest, ended: () => void): Session {
  const id = randomUUID();
  const createdAt = new Date().toISOString();
  const bytesPerSecond = (request.sample_rate * request.bit_depth * request.channels) / 8;
  const stream = deps.ledger.open(id, request);
  const transcriber = openTranscriber(
    { settings: deps.settings, stream },
    { endpointingMs: request.endpointing * 1_000 },
    told,
  );
  const toSamples = openSampleReader();
  /** What it could not say for want of a connection. */
  const unsaid: string[] = [];
  let socket: WebSocket | undefined;
  let mishap: Mishap | undefined;
  let bytes = 0;
  let utteranceId = randomUUID();
  let watch = setTimeout(lose, GRACE_MS).unref();

  function told(event: Transcribed): void {
    if (event.type === 'speech-started') return send(say.speechEvent('speech_start', event.atMs));
    const isFinal = event.type === 'final';
    if (isFinal) send(say.speechEvent('speech_end', event.utterance.toMs));
    send(say.transcript(utteranceId, event.utterance, isFinal));
    if (isFinal) utteranceId = randomUUID();
  }

  function send({ by, ...message }: Message): void {
    if (!request.messages_config[by] || mishap?.isStalled() === true) return;
    const text = JSON.stringify({
      session_id: id,
      created_at: new Date().toISOString(),
      ...message,
    });
    if (socket === undefined) unsaid.push(text);
    else socket.send(text);
  }

  function take(audio: Buffer): void {
    mishap?.count(audio.length);
    if (mishap?.isStalled() === true) return;
    restartWatch(deps.settings().idleMs, () => end(IDLE, 'failed'));
    send(say.audioAcknowledged(bytes, bytes + audio.length, bytesPerSecond));
    bytes += audio.length;
    stream.audioMs = (bytes / bytesPerSecond) * 1_000;
    if (isUnderstood(request)) transcriber.push(toSamples(audio));
  }

  async function stop(): Promise<void> {
    stream.said['stop_recording'] = 1;
    const seconds = bytes / bytesPerSecond;
    send(say.stopAcknowledged(seconds));
    transcriber.finish();
    await transcriber.settled();
    send(say.endRecording(seconds));
    send(say.lifecycle('end_session'));
    end({ code: 1_000, reason: '' }, 'closed');
  }

  function end({ code, reason }: typeof IDLE, outcome: 'closed' | 'failed'): void {
    const last = socket;
    finish(outcome);
    last?.close(code, reason);
  }

  function finish(outcome: 'closed' | 'failed' | 'lost'): void {
    clearTimeout(watch);
    transcriber[Symbol.dispose]();
    deps.ledger.close(stream, outcome);
    socket = undefined;
    ended();
  }

  function lose(): void {
    finish('lost');
  }

  function restartWatch(ms: number, run: () => void): void {
    clearTimeout(watch);
    watch = setTimeout(run, ms).unref();
  }

  function read(data: RawData, isBinary: boolean): void {
    const message = readClientMessage(data as Buffer, isBinary);
    if (message === undefined) return end({ code: 4_400, reason: 'Invalid message' }, 'failed');
    if (message === 'stop') void stop();
    else take(message);
  }

  return {
    id,
    createdAt,
    token: randomUUID(),
    attach(attached) {
      attached.on('error', () => attached.terminate());
      socket?.terminate();
      socket = attached;
      stream.connections += 1;
      mishap = openMishap(deps.faults.takeForConnection(), {
        socket: attached,
        bytesPerSecond,
        garbage: '{"type":"transcript","data":',
        slowDown: (byMs) => transcriber.slowDown(byMs),
        idle: () => end(IDLE, 'failed'),
      });
      restartWatch(deps.settings().idleMs, () => end(IDLE, 'failed'));
      if (bytes === 0) send(say.lifecycle('start_recording'));
      for (const text of unsaid.splice(0)) attached.send(text);
      attached.on('message', (data, isBinary) => {
        if (socket === attached) read(data, isBinary);
      });
      attached.on('close', (code) => {
        if (socket !== attached) return;
        socket = undefined;
        // A client that closes in order ends its session; a broken line may come back.
        if (code === 1_000 || code === 1_001) finish('closed');
        else restartWatch(GRACE_MS, lose);
      });
    },
  };
}

/** Other formats are taken and acknowledged; the recognizer's ears are for this one. */
function isUnderstood(request: LiveRequest): boolean {
  const { encoding, bit_depth, sample_rate, channels } = request;
  return encoding === 'wav/pcm' && bit_depth === 16 && sample_rate === 16_000 && channels === 1;
}

const GRACE_MS = 30_000;
const IDLE = { code: 4_408, reason: 'No audio received' };
