import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openDeepgramSimulator } from '../../dev/simulators/deepgram/server.ts';
import type { SpeechSimulator } from '../../dev/simulators/speech/server.ts';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { holds } from '../support/holds.ts';
import { silence } from '../support/sound-path.ts';

let simulator: SpeechSimulator;
beforeEach(async () => {
  simulator = await openDeepgramSimulator({ latency: { partialMs: 0, finalMs: 100 } });
});
afterEach(() => simulator[Symbol.asyncDispose]());

const PLAIN = 'model=nova-3&encoding=linear16&sample_rate=16000';

function ask(
  query = PLAIN,
  headers: Record<string, string> = { authorization: `Token ${simulator.apiKey}` },
): WebSocket {
  return new WebSocket(`${simulator.url.replace('http', 'ws')}/v1/listen?${query}`, { headers });
}

async function refusalOf(socket: WebSocket) {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = (await json(response)) as { readonly err_code: string; readonly err_msg: string };
  expect(response.headers['dg-request-id']).toEqual(expect.any(String));
  expect(response.headers['dg-error']).toEqual(expect.any(String));
  return { status: response.statusCode, ...body };
}

interface Told {
  readonly type: string;
  readonly start: number;
  readonly duration: number;
  readonly is_final: boolean;
  readonly from_finalize: boolean;
  readonly channel: {
    readonly alternatives: readonly {
      readonly transcript: string;
      readonly confidence: number;
      readonly languages?: readonly string[];
      readonly words: readonly object[];
    }[];
  };
}

async function connect(query = PLAIN) {
  const socket = ask(query);
  const told: Told[] = [];
  const raw: string[] = [];
  socket.on('message', (data: Buffer) => {
    raw.push(data.toString());
    if (data.toString().endsWith('}')) told.push(JSON.parse(data.toString()) as Told);
  });
  const closed = once(socket, 'close') as Promise<[number, Buffer]>;
  await once(socket, 'open');
  return {
    socket,
    told,
    raw,
    closed,
    finals: () => told.filter(({ is_final }) => is_final),
    say: (type: string) => socket.send(JSON.stringify({ type })),
    play: (pcm: Int16Array) => socket.send(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
  };
}

const speech = (id: string): Int16Array => readSamples(recordingOf(id));
const textOf = (told: Told | undefined): string | undefined =>
  told?.channel.alternatives[0]?.transcript;

describe('a stream is refused', () => {
  it.each([[{}], [{ authorization: 'Token other' }], [{ authorization: 'Basic x' }]])(
    'with %o for a key',
    async (headers) => {
      expect(await refusalOf(ask(PLAIN, headers))).toMatchObject({
        status: 401,
        err_code: 'INVALID_AUTH',
      });
    },
  );

  it.each([
    ['encoding=linear16&sample_rate=16000', 'model'],
    ['model=nova-9&encoding=linear16&sample_rate=16000', 'model'],
    ['model=nova-3&encoding=linear16', 'sample_rate'],
    ['model=nova-3&encoding=opus&sample_rate=16000', 'encoding'],
    [`${PLAIN}&language=English`, 'language'],
    [`${PLAIN}&interim_results=yes`, 'interim_results'],
    [`${PLAIN}&endpointing=-1`, 'endpointing'],
    [`${PLAIN}&punctuate=true&punctuate=true`, 'punctuate'],
    [`${PLAIN}&keywords=Acme`, 'keywords'],
    [`${PLAIN.replace('nova-3', 'nova-2')}&keyterm=Acme`, 'keyterm'],
    [`${PLAIN}&unheard_of=1`, 'unheard_of'],
  ])('that asks for %s', async (query, name) => {
    const refusal = await refusalOf(ask(query));
    expect(refusal).toMatchObject({ status: 400, err_code: 'INVALID_QUERY_PARAMETER' });
    expect(refusal.err_msg).toContain(name);
  });

  it('beyond the limit of streams, until one ends', async () => {
    simulator.configure({ concurrency: 1 });
    const { say, closed } = await connect();
    expect(await refusalOf(ask())).toMatchObject({ status: 429, err_code: 'TOO_MANY_REQUESTS' });
    say('CloseStream');
    await closed;
    await connect();
  });
});

it('takes the key as browsers give it, too', async () => {
  const address = `${simulator.url.replace('http', 'ws')}/v1/listen?${PLAIN}`;
  const socket = new WebSocket(address, ['token', simulator.apiKey]);
  await once(socket, 'open');
  expect(socket.protocol).toBe('token');
});

it('cuts the sound into stretches without a gap, with words or without', async () => {
  const { play, told, finals } = await connect(`${PLAIN}&interim_results=true&punctuate=true`);
  for (const pcm of [silence(3_200), speech('green-sam'), silence(3_300)]) play(pcm);
  await holds(() => expect(finals()).toHaveLength(3));
  expect(finals().map(textOf)).toEqual(['', 'My favorite color is green.', '']);
  let fromS = 0;
  for (const { start, duration, is_final } of told) {
    expect(start).toBeCloseTo(fromS, 6);
    expect(duration).toBeGreaterThan(0);
    if (is_final) fromS += duration;
  }
  const [, { channel } = {}] = finals();
  const words = channel?.alternatives[0]?.words;
  expect(words?.at(-1)).toMatchObject({ word: 'green', punctuated_word: 'green.' });
  expect(told.some((one) => !one.is_final && textOf(one) === 'My favorite')).toBe(true);
});

it('writes barely, says finals only, and no language, where nothing else is asked for', async () => {
  const { play, told } = await connect();
  play(speech('weather-emma'));
  play(silence(300));
  await holds(() => expect(told).toHaveLength(1));
  expect(told[0]?.is_final).toBe(true);
  expect(told[0]?.channel.alternatives[0]).toMatchObject({
    transcript: 'what is the weather like today',
    words: expect.arrayContaining([expect.not.objectContaining({ punctuated_word: 'What' })]),
  });
  expect(told[0]?.channel.alternatives[0]?.languages).toBeUndefined();
});

it('tells the language that it heard, and when speech began, if asked', async () => {
  simulator.configure({ confidence: 0.6 });
  const { play, told } = await connect(`${PLAIN}&language=multi&vad_events=true`);
  play(speech('osusume-yuki'));
  play(silence(300));
  await holds(() => expect(told).toHaveLength(2));
  expect(told[0]).toMatchObject({ type: 'SpeechStarted', timestamp: expect.any(Number) });
  expect(told[1]?.channel.alternatives[0]).toMatchObject({ languages: ['ja'], confidence: 0.6 });
});

it('answers Finalize with what was said so far, and not for too little sound', async () => {
  const { play, say, told } = await connect(`${PLAIN}&punctuate=true`);
  play(speech('weather-oliver').subarray(0, 16_000));
  say('Finalize');
  await holds(() => expect(told).toHaveLength(1));
  expect(told[0]).toMatchObject({ is_final: true, from_finalize: true, start: 0, duration: 1 });
  expect(textOf(told[0])).toBe('What is the weather');
  play(silence(50));
  say('Finalize');
  play(silence(150));
  say('Finalize');
  await holds(() => expect(told).toHaveLength(2));
  expect(told[1]).toMatchObject({ from_finalize: true, start: 1, duration: 0.2 });
  expect(simulator.streams()[0]?.said).toEqual({ Finalize: 3 });
});

it.each([
  ['CloseStream', JSON.stringify({ type: 'CloseStream' })],
  ['an empty frame', Buffer.alloc(0)],
])('ends in order after %s: the last words, the account, the close', async (_what, goodbye) => {
  const { socket, play, told, closed } = await connect();
  play(speech('stop-emma').subarray(0, 7_000));
  socket.send(goodbye);
  expect((await closed)[0]).toBe(1_000);
  expect(told.map(({ type }) => type)).toEqual(['Results', 'Metadata']);
  expect(textOf(told[0])).toBe('stop');
  expect(told[1]?.duration).toBeCloseTo(7 / 16, 6);
  expect(simulator.streams()[0]?.outcome).toBe('closed');
});

it('whose client just goes is lost', async () => {
  const { socket } = await connect();
  socket.close(1_000);
  await holds(() => expect(simulator.streams()[0]?.outcome).toBe('lost'));
});

it.each([['hello'], ['{"type":"Hello"}'], ['{"type":"KeepAlive","now":true}']])(
  'is closed at once after %s',
  async (text) => {
    const { socket, closed } = await connect();
    socket.send(text);
    const [code, reason] = await closed;
    expect(code).toBe(1_008);
    expect(reason.toString()).toContain('DATA-0000');
  },
);

describe('is closed for idleness', () => {
  it('without a sign of life', async () => {
    simulator.configure({ idleMs: 20 });
    const { closed } = await connect();
    const [code, reason] = await closed;
    expect(code).toBe(1_011);
    expect(reason.toString()).toContain('net0001');
  });

  it.each(['KeepAlive', 'sound'])('counted from the last %s on', async (sign) => {
    const { say, play, closed } = await connect();
    simulator.configure({ idleMs: 20 });
    if (sign === 'sound') play(silence(10));
    else say(sign);
    expect((await closed)[0]).toBe(1_011);
  });
});

describe('goes wrong on command', () => {
  it.each([
    ['server-error', 1_011],
    ['cut', 1_006],
    ['idle', 1_011],
  ] as const)('%s closes the connection with %i', async (kind, code) => {
    simulator.arm({ kind, afterMs: 1_100, times: 1 });
    const { play, told, closed } = await connect(`${PLAIN}&interim_results=true`);
    play(silence(1_050));
    await holds(() => expect(told).toHaveLength(1));
    play(silence(1_000));
    expect((await closed)[0]).toBe(code);
    expect(told).toHaveLength(1);
  });

  it('garbage is sent once', async () => {
    simulator.arm({ kind: 'garbage', times: 1 });
    const { play, raw, told } = await connect(`${PLAIN}&interim_results=true`);
    play(silence(1_050));
    await holds(() => expect(told).toHaveLength(1));
    expect(raw).toEqual(['{"type":"Results","channel":', expect.any(String)]);
  });
});
