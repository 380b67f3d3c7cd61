import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeCartesia } from '../../src/adapters/cartesia/text-to-speech.ts';
import { makeElevenLabs } from '../../src/adapters/elevenlabs/text-to-speech.ts';
import { isTroupeError } from '../../src/errors.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { anyJson, hostileText, mutated } from './hostile.ts';

let server: WebSocketServer | undefined;
afterEach(() => {
  server?.clients.forEach((client) => client.terminate());
  server?.close();
});

/** A provider that answers the first message of a connection with these, and then hangs up. */
async function openHostile(answers: readonly (readonly string[])[]): Promise<string> {
  let connections = 0;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    const all = answers[connections] ?? [];
    connections += 1;
    socket.once('message', (data) => {
      const { context_id } = JSON.parse((data as Buffer).toString()) as { context_id: string };
      for (const one of all) socket.send(one.replaceAll('CONTEXT', context_id));
      socket.close(1_011);
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function* hello(): AsyncGenerator<string> {
  yield 'Hello there.';
}

/** How a speech ends: by itself, or by what it throws. */
async function endOf(tts: TextToSpeech): Promise<unknown> {
  const request = { voice: 'v', language: 'en' };
  try {
    const signal = AbortSignal.timeout(5_000);
    for await (const event of tts.speak(request, hello(), signal)) {
      expect(['audio', 'words']).toContain(event.type);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

const SOUND = Buffer.from(new Int16Array(500).fill(900).buffer).toString('base64');
const TIMES = { words: ['Hello'], start: [0], end: [0.2] };
const CARTESIA = [
  { type: 'chunk', data: SOUND, done: false, status_code: 206, context_id: 'CONTEXT' },
  { type: 'timestamps', word_timestamps: TIMES, status_code: 206, context_id: 'CONTEXT' },
  { type: 'done', done: true, status_code: 200, context_id: 'CONTEXT' },
  { type: 'error', title: 't', message: 'm', status_code: 500, context_id: 'CONTEXT' },
];
const ALIGNMENT = { chars: ['H', 'i'], charStartTimesMs: [0, 50], charsDurationsMs: [50, 50] };
const ELEVENLABS = [
  { audio: SOUND, contextId: 'CONTEXT', alignment: ALIGNMENT },
  { isFinal: true, contextId: 'CONTEXT' },
  { error: 'e', message: 'm', code: 1_008 },
];

it.each([
  ['cartesia', makeCartesia, CARTESIA],
  ['elevenlabs', makeElevenLabs, ELEVENLABS],
] as const)(
  '%s: whatever comes, a speech ends, by itself or with an error of ours',
  async (_name, make, valid) => {
    const message = fc.oneof(
      { weight: 4, arbitrary: mutated(...valid).map((one) => JSON.stringify(one)) },
      anyJson.map((one) => JSON.stringify(one)),
      hostileText,
    );
    const answers = [
      // What once ended the process, and what is no object at all.
      ...['{"type":"chunk","context_id":"CONTEXT"}', 'null', '7', '[]', ''].map((one) => [one]),
      ['{"type":"timestamps","context_id":"CONTEXT","word_timestamps":{}}'],
      ...fc.sample(fc.array(message, { minLength: 1, maxLength: 4 }), { numRuns: 40, seed: 7 }),
    ];
    const baseUrl = await openHostile(answers);
    for (const all of answers) {
      // A connection each.
      const error = await endOf(make({ apiKey: 'k', baseUrl, clock: systemClock }));
      const isOurs = error === undefined || isTroupeError(error);
      expect([all, isOurs ? 'ended' : error]).toEqual([all, 'ended']);
    }
  },
);
