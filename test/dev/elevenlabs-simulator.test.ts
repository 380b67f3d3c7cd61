import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openElevenLabsSimulator } from '../../dev/simulators/elevenlabs/server.ts';
import type { VoiceSimulator } from '../../dev/simulators/voice/server.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import type { RawSocket } from '../support/raw-socket.ts';

let simulator: VoiceSimulator;

beforeEach(async () => {
  simulator = await openElevenLabsSimulator({ latency: { firstSoundMs: 0 }, speed: 100 });
});

afterEach(() => simulator[Symbol.asyncDispose]());

const PATH = '/v1/text-to-speech/a-voice/multi-stream-input';
const QUERY = '?model_id=eleven_flash_v2_5&output_format=pcm_24000&auto_mode=true';

const open = (address = PATH + QUERY, key = simulator.apiKey): Promise<RawSocket> =>
  openRawSocket(simulator.url + address, { 'xi-api-key': key });

const begin = (id: string) => ({ text: ' ', context_id: id });
const final = (socket: RawSocket) => () => socket.messages.find(({ isFinal }) => isFinal === true);
const error = (socket: RawSocket) => () => socket.messages.find(({ error }) => error !== undefined);

it.each([
  ['with a wrong key', PATH + QUERY, 'wrong', 401],
  ['with an unknown model', `${PATH}?model_id=eleven_v9&output_format=pcm_24000`, undefined, 422],
  ['without a format', `${PATH}?model_id=eleven_flash_v2_5`, undefined, 422],
  ['for one stream only', `/v1/text-to-speech/a-voice/stream-input${QUERY}`, undefined, 404],
])('a handshake %s is refused', async (_what, address, key, status) => {
  await expect(open(address, key)).rejects.toThrow(`response: ${status}`);
});

describe('a context', () => {
  it('sounds, with characters’ times that begin anew in each message, and ends when closed', async () => {
    const socket = await open();
    socket.send(begin('c'));
    socket.send({ text: 'Hello there, friend. ', context_id: 'c', flush: true });
    socket.send({ context_id: 'c', close_context: true });
    await socket.until('the end', final(socket));
    const chars = socket.messages.flatMap(
      ({ alignment }) => (alignment as Aligned | null)?.chars ?? [],
    );
    expect(chars.join('')).toBe('Hello there, friend. ');
    const starts = socket.messages.flatMap(
      ({ alignment }) => (alignment as Aligned | null)?.charStartTimesMs ?? [],
    );
    expect(Math.max(...starts)).toBeLessThan(100);
    expect(socket.messages.every(({ contextId }) => contextId === 'c')).toBe(true);
  });

  it('speaks whole sentences at once in auto mode, all else after 120 characters or a flush', async () => {
    const socket = await open();
    socket.send(begin('a'));
    socket.send({ text: 'Whole.', context_id: 'a' });
    await socket.until('sound', () => socket.messages.some(({ contextId }) => contextId === 'a'));
    socket.send(begin('b'));
    socket.send({ text: 'Not yet whole', context_id: 'b' });
    socket.send({ context_id: 'a', close_context: true });
    await socket.until('the end', final(socket));
    expect(simulator.speeches()[1]?.soundMs).toBe(0);
    socket.send({ text: '', context_id: 'b', flush: true });
    await socket.until('sound', () => socket.messages.some(({ contextId }) => contextId === 'b'));
  });

  it('is one too many after five, which ends the socket', async () => {
    const socket = await open();
    for (const id of ['1', '2', '3', '4', '5', '6']) socket.send(begin(id));
    expect(await socket.until('an error', error(socket))).toMatchObject({
      error: 'max_active_conversations',
      code: 1_008,
    });
    expect(await socket.until('the close', socket.closed)).toBe(1_008);
    await expect
      .poll(() => simulator.speeches().map(({ outcome }) => outcome))
      .toEqual(Array(5).fill('lost'));
  });

  it.each([
    ['that was not begun', [{ text: 'Hi. ', context_id: 'c' }]],
    [
      'of which the voice is set later',
      [begin('c'), { ...begin('c'), voice_settings: { speed: 1 } }],
    ],
    ['with an unknown field', [{ ...begin('c'), language: 'en' }]],
    ['in bytes that are no JSON', ['{']],
  ])('%s ends the socket', async (_what, messages) => {
    const socket = await open();
    for (const message of messages) socket.send(message);
    expect(await socket.until('the close', socket.closed)).toBe(1_008);
    expect(error(socket)()).toMatchObject({ error: 'invalid_message' });
  });

  it('that was forgotten ends the socket after its inactivity timeout', async () => {
    simulator.configure({ idleMs: 20 });
    const socket = await open();
    await socket.until('the close', socket.closed);
    expect(error(socket)()).toMatchObject({ error: 'input_timeout_exceeded', code: 1_008 });
  });

  it('can be made slow: all of the sound comes, at that pace', async () => {
    simulator.arm({ kind: 'slow', speed: 4, times: 1 });
    const socket = await open();
    socket.send(begin('c'));
    socket.send({ text: 'Hello there. ', context_id: 'c', flush: true });
    socket.send({ context_id: 'c', close_context: true });
    await socket.until('the end', final(socket));
    const [slow] = simulator.speeches();
    expect(slow).toMatchObject({ fault: 'slow', outcome: 'done', soundMs: expect.closeTo(960) });
    expect(slow!.endedAt! - slow!.openedAt).toBeGreaterThanOrEqual(960 / 4 - 10);
  });

  it('ends without a sound when there is no credit', async () => {
    simulator.arm({ kind: 'no-sound', times: 1 });
    const socket = await open();
    socket.send(begin('c'));
    socket.send({ text: 'Hello. ', context_id: 'c', flush: true });
    socket.send({ context_id: 'c', close_context: true });
    await socket.until('the end', final(socket));
    expect(socket.messages).toEqual([{ audio: null, isFinal: true, contextId: 'c' }]);
  });
});

interface Aligned {
  readonly chars: readonly string[];
  readonly charStartTimesMs: readonly number[];
}
