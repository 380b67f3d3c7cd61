import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCartesiaSimulator } from '../../dev/simulators/cartesia/server.ts';
import type { VoiceSimulator } from '../../dev/simulators/voice/server.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import type { RawSocket } from '../support/raw-socket.ts';

let simulator: VoiceSimulator;

beforeEach(async () => {
  simulator = await openCartesiaSimulator({ latency: { firstSoundMs: 0 }, speed: 100 });
});

afterEach(() => simulator[Symbol.asyncDispose]());

const VERSION = { 'cartesia-version': '2026-08-14' };
const auth = () => ({ authorization: `Bearer ${simulator.apiKey}` });
const open = (): Promise<RawSocket> =>
  openRawSocket(`${simulator.url}/tts/websocket`, { ...VERSION, ...auth() });

const SPEECH = {
  model_id: 'sonic-3.5',
  voice: 'a-voice',
  output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
  context_id: 'c',
  language: 'en',
  add_timestamps: true,
  max_buffer_delay_ms: 0,
  transcript: 'Hello there. ',
  continue: true,
};

const last = (socket: RawSocket, type: string) => () =>
  socket.messages.findLast((message) => message['type'] === type);

describe('a handshake', () => {
  it.each([
    ['without a version', '/tts/websocket', {}, true, 400],
    ['of another version', '/tts/websocket', { 'cartesia-version': '2024-06-10' }, true, 400],
    ['without a key', '/tts/websocket', VERSION, false, 401],
    ['elsewhere', '/tts', VERSION, true, 404],
  ])('%s is refused', async (_what, path, headers, withKey, status) => {
    const opening = openRawSocket(simulator.url + path, { ...headers, ...(withKey && auth()) });
    await expect(opening).rejects.toThrow(`response: ${status}`);
  });

  it('may carry key and version in the query', async () => {
    const query = `?api_key=${simulator.apiKey}&cartesia_version=2026-08-14`;
    const socket = await openRawSocket(`${simulator.url}/tts/websocket${query}`, {});
    expect(socket.closed()).toBeUndefined();
  });
});

describe('a context', () => {
  it('sounds, tells its words and flushes, and is done', async () => {
    const socket = await open();
    socket.send(SPEECH);
    socket.send({ ...SPEECH, transcript: '', flush: true });
    socket.send({ ...SPEECH, transcript: 'Bye.', continue: false });
    await socket.until('the end', last(socket, 'done'));
    const types = socket.messages.map(({ type }) => type);
    expect(types.filter((type) => type === 'flush_done')).toHaveLength(1);
    expect(last(socket, 'timestamps')()).toMatchObject({
      flush_id: 2,
      word_timestamps: { words: ['Bye.'], start: [0.96], end: [1.14] },
    });
    const bytes = socket.messages.map(
      ({ data }) => Buffer.from((data ?? '') as string, 'base64').length,
    );
    expect(bytes.reduce((sum, length) => sum + length)).toBe(1_440 * 48);
    expect(simulator.speeches()).toMatchObject([
      { text: 'Hello there. Bye.', soundMs: expect.closeTo(1_440), outcome: 'done' },
    ]);
  });

  it.each([
    ['without a voice', { voice: undefined }],
    ['with a voice of earlier versions', { voice: { mode: 'id', id: 'x' } }],
    ['with a discontinued model', { model_id: 'sonic-2' }],
    [
      'with a rate that there is not',
      { output_format: { ...SPEECH.output_format, sample_rate: 32_000 } },
    ],
    ['with language and locale', { locale: 'en-GB' }],
    ['with a longer buffer', { max_buffer_delay_ms: 6_000 }],
    ['with an unknown field', { speaker: 'x' }],
    ['with nothing to say', { transcript: ' ', continue: false }],
  ])('%s is refused', async (_what, change) => {
    const socket = await open();
    socket.send({ ...SPEECH, ...change });
    const error = await socket.until('an error', last(socket, 'error'));
    expect(error).toMatchObject({ status_code: 400, done: true, context_id: 'c' });
    expect(socket.closed()).toBeUndefined();
  });

  it('is refused when what must stay the same changes, and after its end', async () => {
    const socket = await open();
    socket.send(SPEECH);
    socket.send({ ...SPEECH, language: 'de' });
    const changed = await socket.until('an error', last(socket, 'error'));
    expect(changed).toMatchObject({ error_code: 'context_changed' });
    socket.send(SPEECH);
    await socket.until(
      'another',
      () => last(socket, 'error')()?.['error_code'] === 'context_closed',
    );
    expect(simulator.speeches().map(({ outcome }) => outcome)).toEqual(['failed']);
  });

  it('waits for the rest of its sentence as long as its buffer delay', async () => {
    const socket = await open();
    socket.send({ ...SPEECH, transcript: 'Hello ', max_buffer_delay_ms: 5_000 });
    socket.send({ ...SPEECH, context_id: 'other', transcript: 'Bye', continue: false });
    await socket.until('the other', last(socket, 'done'));
    expect(simulator.speeches()[0]?.soundMs).toBe(0);
    socket.send({ ...SPEECH, transcript: 'there.', max_buffer_delay_ms: 5_000 });
    await socket.until('sound', () => (simulator.speeches()[0]?.soundMs ?? 0) > 0);
  });

  it('that is cancelled gives two chunks more at most', async () => {
    const socket = await open();
    socket.send({ ...SPEECH, transcript: 'word '.repeat(200) });
    await socket.until('sound', last(socket, 'chunk'));
    socket.send({ cancel: true, context_id: 'c' });
    socket.send({ ...SPEECH, context_id: 'next', transcript: 'Hi.', continue: false });
    await socket.until('the next', last(socket, 'done'));
    const [cancelled] = simulator.speeches();
    expect(cancelled?.outcome).toBe('cancelled');
    expect(cancelled?.soundMs).toBeLessThan(30_000);
  });

  it('expires a second after its last sound', async () => {
    const socket = await open();
    socket.send(SPEECH);
    await socket.until('the end', last(socket, 'done'));
    expect(simulator.speeches()[0]?.outcome).toBe('expired');
  });

  it('is one too many over the limit', async () => {
    simulator.configure({ concurrency: 1 });
    const socket = await open();
    socket.send(SPEECH);
    socket.send({ ...SPEECH, context_id: 'second' });
    const error = await socket.until('an error', last(socket, 'error'));
    expect(error).toMatchObject({ status_code: 429, context_id: 'second' });
  });
});

it('closes a connection that idles, and loses one that is cut', async () => {
  simulator.configure({ idleMs: 20 });
  const idle = await open();
  expect(await idle.until('the close', idle.closed)).toBe(1_000);
  simulator.configure({ idleMs: 60_000 });
  simulator.arm({ kind: 'cut', afterMs: 100, times: 1 });
  const cut = await open();
  cut.send(SPEECH);
  expect(await cut.until('the close', cut.closed)).toBe(1_006);
});

it('can be made slow: all of the sound comes, at that pace', async () => {
  simulator.arm({ kind: 'slow', speed: 4, times: 1 });
  const socket = await open();
  socket.send({ ...SPEECH, continue: false });
  await socket.until('the end', last(socket, 'done'));
  const [slow] = simulator.speeches();
  expect(slow).toMatchObject({ fault: 'slow', outcome: 'done', soundMs: expect.closeTo(960) });
  expect(slow!.endedAt! - slow!.openedAt).toBeGreaterThanOrEqual(960 / 4 - 10);
});

it('is steered over HTTP', async () => {
  const call = (path: string, method = 'GET', body?: object) =>
    fetch(`${simulator.controlUrl}/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
  await call('settings', 'PATCH', { latency: { firstSoundMs: 7 }, speed: 3 });
  expect(simulator.settings()).toMatchObject({
    latency: { connectMs: 0, firstSoundMs: 7 },
    speed: 3,
  });
  expect((await call('faults', 'POST', { kind: 'explode' })).status).toBe(400);
  const armed = (await (
    await call('faults', 'POST', { kind: 'stall', times: 2 })
  ).json()) as object;
  expect(armed).toMatchObject({ kind: 'stall', afterMs: 0, times: 2, id: 'fault-1' });
  expect(await (await call('faults')).json()).toEqual([armed]);
  expect((await call('faults/fault-1', 'DELETE')).status).toBe(204);
  expect(simulator.faults()).toEqual([]);
  expect(await (await call('speeches')).json()).toEqual({ connections: 0, speeches: [] });
});
