import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openGladiaSimulator } from '../../dev/simulators/gladia/server.ts';
import type { SpeechSimulator } from '../../dev/simulators/speech/server.ts';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { silence } from '../support/sound-path.ts';
import { holds } from '../support/holds.ts';

let simulator: SpeechSimulator;
beforeEach(async () => {
  simulator = await openGladiaSimulator({ latency: { partialMs: 0, finalMs: 100 } });
});
afterEach(() => simulator[Symbol.asyncDispose]());

function ask(body: object, key = simulator.apiKey): Promise<Response> {
  return fetch(`${simulator.url}/v2/live`, {
    method: 'POST',
    headers: { 'x-gladia-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

interface Session {
  readonly id: string;
  readonly url: string;
}

async function openSession(body: object = {}): Promise<Session> {
  const response = await ask(body);
  expect(response.status).toBe(201);
  return (await response.json()) as Session;
}

interface Told {
  readonly type: string;
  readonly session_id: string;
  readonly data: {
    readonly byte_range?: readonly number[];
    readonly is_final?: boolean;
    readonly utterance?: { readonly text: string; readonly start: number; readonly end: number };
  };
}

async function connect({ url }: Session) {
  const socket = new WebSocket(url);
  const told: Told[] = [];
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Told));
  const closed = once(socket, 'close') as Promise<[number, Buffer]>;
  await once(socket, 'open');
  return { socket, told, closed };
}

const bytesOf = (pcm: Int16Array): Buffer =>
  Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);

describe('a session is refused', () => {
  it('without the key', async () => {
    const response = await ask({}, 'other');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      statusCode: 401,
      request_id: expect.any(String),
    });
  });

  it.each([
    [{ sample_rate: 24_000 }, 'sample_rate'],
    [{ endpointing: 0 }, 'endpointing'],
    [{ channels: 9 }, 'channels'],
    [{ model: 'solaria-9' }, 'model'],
    [{ language_config: { languages: ['en-US'] } }, 'language_config.languages.0'],
    [{ messages_config: { receive_everything: true } }, 'messages_config'],
    [{ unheard_of: 1 }, ''],
  ])('with %o in its body', async (body, path) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    const { validation_errors } = (await response.json()) as {
      readonly validation_errors: readonly string[];
    };
    expect(validation_errors[0]).toContain(path);
  });

  it('beyond the limit of sessions, until one ends', async () => {
    simulator.configure({ concurrency: 1 });
    const { socket } = await connect(await openSession());
    expect((await ask({})).status).toBe(429);
    socket.close(1_000);
    await holds(() => expect(simulator.streams()[0]?.outcome).toBe('closed'));
    expect((await ask({})).status).toBe(201);
  });
});

it('acknowledges bytes of the whole session, over connections, and loses nothing', async () => {
  const session = await openSession();
  const first = await connect(session);
  const sound = bytesOf(readSamples(recordingOf('green-sam')));
  first.socket.send(sound.subarray(0, 16_001));
  await holds(() => expect(first.told[0]?.data.byte_range).toEqual([0, 16_001]));
  first.socket.terminate();
  const second = await connect(session);
  second.socket.send(sound.subarray(16_001));
  second.socket.send(bytesOf(silence(400)));
  await holds(() => expect(second.told.at(-1)?.data.is_final).toBe(true));
  const acknowledged = second.told.filter(({ type }) => type === 'audio_chunk');
  expect(acknowledged[0]?.data.byte_range).toEqual([16_001, sound.length]);
  expect(second.told.at(-1)?.data.utterance?.text).toBe('My favorite color is green.');
  expect(second.told.at(-1)?.session_id).toBe(session.id);
});

it('sends what was asked for, and takes sound in JSON too', async () => {
  const quiet = { receive_acknowledgments: false, receive_speech_events: false };
  const { socket, told, closed } = await connect(
    await openSession({
      messages_config: {
        ...quiet,
        receive_partial_transcripts: true,
        receive_lifecycle_events: true,
      },
    }),
  );
  const chunk = bytesOf(readSamples(recordingOf('stop-emma'))).toString('base64');
  socket.send(JSON.stringify({ type: 'audio_chunk', data: { chunk } }));
  socket.send(JSON.stringify({ type: 'stop_recording' }));
  expect((await closed)[0]).toBe(1_000);
  expect(told.map(({ type }) => type)).toEqual([
    'start_recording',
    'transcript',
    'transcript',
    'end_recording',
    'end_session',
  ]);
  expect(told.map(({ data }) => data?.is_final).slice(1, 3)).toEqual([false, true]);
});

it('takes the handshake of a session that is over, then closes it', async () => {
  const session = await openSession();
  const { socket, closed } = await connect(session);
  socket.close(1_000);
  await closed;
  const again = await connect(session);
  expect((await again.closed)[0]).toBe(4_403);
  const unknown = new WebSocket(session.url.replace(/token=.*/u, 'token=other'));
  const [error] = (await once(unknown, 'error')) as [Error];
  expect(error.message).toContain('401');
});

it('says a final no sooner than its latency after the last word', async () => {
  simulator.configure({ latency: { finalMs: 400 }, confidence: 0.6 });
  const { socket, told } = await connect(await openSession());
  socket.send(bytesOf(readSamples(recordingOf('stop-emma'))));
  socket.send(bytesOf(silence(300)));
  await holds(() => expect(told.at(-1)?.data.is_final).toBe(true));
  expect(told.at(-1)?.data.utterance).toMatchObject({ confidence: 0.6, language: 'en' });
  const [final] = simulator.streams()[0]?.finals ?? [];
  expect((final?.sentAt ?? 0) - (final?.spokenAt ?? 0)).toBeGreaterThanOrEqual(390);
});

it('can be made slow from some moment on', async () => {
  simulator.arm({ kind: 'slow', byMs: 300, times: 1 });
  const { socket, told } = await connect(await openSession());
  socket.send(bytesOf(readSamples(recordingOf('stop-emma'))));
  socket.send(bytesOf(silence(300)));
  await holds(() => expect(told.at(-1)?.data.is_final).toBe(true));
  const [final] = simulator.streams()[0]?.finals ?? [];
  expect((final?.sentAt ?? 0) - (final?.spokenAt ?? 0)).toBeGreaterThanOrEqual(390);
});

describe('goes wrong on command, over HTTP too', () => {
  async function arm(fault: object): Promise<Response> {
    return fetch(`${simulator.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) });
  }

  it.each([
    ['server-error', 1_011],
    ['cut', 1_006],
    ['idle', 4_408],
  ])('%s closes the connection with %i', async (kind, code) => {
    expect((await arm({ kind, afterMs: 100, times: 1 })).status).toBe(200);
    const { socket, told, closed } = await connect(await openSession());
    socket.send(bytesOf(silence(50)));
    await holds(() => expect(told).toHaveLength(1));
    socket.send(bytesOf(silence(100)));
    expect((await closed)[0]).toBe(code);
    expect(told).toHaveLength(1);
  });

  it('closes a session that gets no sound', async () => {
    simulator.configure({ idleMs: 20 });
    const { closed } = await connect(await openSession());
    expect((await closed)[0]).toBe(4_408);
  });

  it('refuses a fault that it does not know', async () => {
    const response = await arm({ kind: 'explode' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining('kind') });
  });
});
