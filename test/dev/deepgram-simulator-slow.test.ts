import { once } from 'node:events';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openDeepgramSimulator } from '../../dev/simulators/deepgram/server.ts';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { holds } from '../support/holds.ts';
import { silence } from '../support/sound-path.ts';

it('says its finals so much later when it is made slow', async () => {
  await using simulator = await openDeepgramSimulator({ latency: { partialMs: 0, finalMs: 100 } });
  simulator.arm({ kind: 'slow', byMs: 300, times: 1 });
  const query = 'model=nova-3&encoding=linear16&sample_rate=16000';
  const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/v1/listen?${query}`, {
    headers: { authorization: `Token ${simulator.apiKey}` },
  });
  const told: string[] = [];
  socket.on('message', (data: Buffer) => told.push(data.toString()));
  await once(socket, 'open');
  for (const pcm of [readSamples(recordingOf('stop-emma')), silence(300)]) {
    socket.send(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  }
  await holds(() => expect(told).toEqual([expect.stringContaining('"transcript":"stop"')]));
  const [final] = simulator.streams()[0]?.finals ?? [];
  expect((final?.sentAt ?? 0) - (final?.spokenAt ?? 0)).toBeGreaterThanOrEqual(390);
});
