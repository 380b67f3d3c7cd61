import { randomUUID } from 'node:crypto';
import type { LocalParticipant, LocalTrackPublication } from '@livekit/rtc-node';
import { expect, it, onTestFinished } from 'vitest';
import { openPath } from '../../../src/adapters/livekit/path.ts';
import { makePublisher } from '../../../src/adapters/livekit/publisher.ts';
import { openVoice } from '../../../src/adapters/livekit/voice.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import { enterAsBot } from '../../support/livekit-link.ts';
import { livekitServer } from '../../support/livekit-server.ts';
import { openVisitor } from '../../support/livekit-visitor.ts';
import { makeTone } from '../../support/tones.ts';

const NEVER = new AbortController().signal;

it('takes a track back that is published after it was given up', async () => {
  const { room } = await enterAsBot(livekitServer(), `late ${randomUUID()}`);
  const path = openPath();
  const clock = openHandClock();
  const publisher = makePublisher(room, path, clock, 5_000);
  const ourselves = room.localParticipant as LocalParticipant;
  const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<string>();
  const publish = ourselves.publishTrack.bind(ourselves);
  const unpublish = ourselves.unpublishTrack.bind(ourselves);
  ourselves.publishTrack = async (...args): Promise<LocalTrackPublication> => {
    await going;
    return await publish(...args);
  };
  ourselves.unpublishTrack = async (...args): Promise<void> => {
    await unpublish(...args);
    taken.resolve(args[0]);
  };
  const opening = openVoice({ room, path, publisher, clock });
  clock.pass(5_000);
  await expect(opening).rejects.toMatchObject({ kind: 'timeout', service: 'livekit' });
  goOn();
  expect(await taken.promise).toMatch(/^TR_/);
  expect([...ourselves.trackPublications.keys()]).toEqual([]);
});

it('plays what it was given, whatever becomes of the array, and wherever in a buffer it lies', async () => {
  const name = `copies ${randomUUID()}`;
  const { link } = await enterAsBot(livekitServer(), name);
  const anna = await openVisitor({ server: livekitServer(), room: name, identity: 'anna' });
  onTestFinished(() => anna[Symbol.asyncDispose]());
  anna.turnLoudspeakerOn();
  const voice = await link.openVoice();
  await voice.untilHeard(5_000, NEVER);
  const [wrong, right] = [makeTone(1_200, 20, 24_000), makeTone(400, 20, 24_000)];
  const both = new Int16Array([...wrong, ...right]);
  for (let at = 0; at < 30; at += 1) {
    const piece = both.slice().subarray(wrong.length);
    const pushing = voice.push(piece);
    piece.fill(0);
    await pushing;
  }
  await anna.hears(400, 400);
  // A codec's onset may pass for anything for a frame or two; the wrong bytes would be 600 ms.
  expect(anna.heardMs(1_200)).toBeLessThan(100);
});
