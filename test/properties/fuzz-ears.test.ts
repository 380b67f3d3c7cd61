import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeDeepgram } from '../../src/adapters/deepgram/speech-to-text.ts';
import { makeGladia } from '../../src/adapters/gladia/speech-to-text.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { SpeechToText, SttEvent } from '../../src/ports/speech-to-text.ts';
import { anyJson, hostileText, mutated } from './hostile.ts';

let server: Server | undefined;
let sockets: WebSocketServer | undefined;
afterEach(() => {
  sockets?.clients.forEach((client) => client.terminate());
  server?.close();
  server?.closeAllConnections();
});

/** A provider that says these on each connection, and then hangs up for good. */
async function openHostile(answers: readonly (readonly string[])[]): Promise<string> {
  let connections = 0;
  const opened = createServer((request, response) => {
    request.resume();
    const { port } = opened.address() as AddressInfo;
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ id: 'i', url: `ws://127.0.0.1:${port}/live`, created_at: 'now' }),
    );
  });
  server = opened;
  sockets = new WebSocketServer({ server: opened });
  sockets.on('connection', (socket) => {
    for (const one of answers[connections] ?? []) socket.send(one);
    connections += 1;
    socket.close(4_401);
  });
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
}

/** Everything that one stream tells, to its end. */
function eventsOf(stt: SpeechToText): Promise<readonly SttEvent[]> {
  return new Promise((resolve) => {
    const told: SttEvent[] = [];
    const stream = stt.open({ language: 'en' }, (event) => {
      told.push(event);
      if (event.type === 'ended') resolve(told);
    });
    stream.push(new Int16Array(1_600));
  });
}

const WORD = { word: 'yes', start: 0, end: 0.1, confidence: 0.9 };
const DEEPGRAM = {
  type: 'Results',
  start: 0,
  duration: 0.1,
  is_final: true,
  channel: { alternatives: [{ transcript: 'Yes.', confidence: 0.9, words: [WORD] }] },
};
/** What once ended the process. */
const UNSAID = '{"type": "audio_chunk", "acknowledged": true, "data": {}}';
const UTTERANCE = { text: 'Yes.', start: 0, end: 0.1, confidence: 0.9, language: 'en' };
const GLADIA = [
  { type: 'transcript', data: { is_final: true, utterance: UTTERANCE } },
  { type: 'audio_chunk', acknowledged: true, data: { byte_range: [0, 3_200] } },
];

it.each([
  ['deepgram', makeDeepgram, [DEEPGRAM]],
  ['gladia', makeGladia, GLADIA],
] as const)(
  '%s: whatever comes, a stream ends, and its times can be counted with',
  async (_name, make, valid) => {
    const message = fc.oneof(
      { weight: 4, arbitrary: mutated(...valid).map((one) => JSON.stringify(one)) },
      anyJson.map((one) => JSON.stringify(one)),
      hostileText,
    );
    const random = fc.sample(fc.array(message, { minLength: 1, maxLength: 4 }), {
      numRuns: 20,
      seed: 11,
    });
    const answers = [
      ...['null', '7', '[]', '', '{"type": null}', UNSAID].map((one) => [one]),
      ...random,
    ];
    const baseUrl = await openHostile(answers);
    for (const all of answers) {
      const told = await eventsOf(make({ apiKey: 'k', baseUrl, clock: systemClock }));
      expect(told.filter(({ type }) => type === 'ended')).toHaveLength(1);
      for (const event of told) {
        if (!('audioToMs' in event)) continue;
        expect([all, Number.isFinite(event.audioToMs)]).toEqual([all, true]);
        if (!('text' in event)) continue;
        expect([all, typeof event.text, Number.isFinite(event.audioFromMs)]).toEqual([
          all,
          'string',
          true,
        ]);
      }
    }
  },
);
