import type { LocalParticipant, Transcription } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import type { Publisher } from '../../../src/adapters/livekit/publisher.ts';
import { openSegment } from '../../../src/adapters/livekit/segments.ts';
import { makeTranscriptSender } from '../../../src/adapters/livekit/transcripts.ts';
import type { ObservationBody } from '../../../src/ports/observe.ts';
import { settled } from '../../support/hand-clock.ts';

const BENS = { speaker: 'ben', trackId: 'TR_ben' };

it('skips what a newer one has overtaken on its way, per segment', async () => {
  const { publisher, streams, goOn } = openWire();
  const show = makeTranscriptSender(publisher, () => true, never);
  for (const text of ['a', 'a b', 'a b c'])
    show({ ...BENS, segmentId: 'SG_1', text, final: false });
  show({ ...BENS, segmentId: 'SG_2', text: 'else', final: false });
  await settled();
  expect(streams()).toEqual(['a', 'else']);
  show({ ...BENS, segmentId: 'SG_1', text: 'A, B, C.', final: true });
  goOn();
  await settled();
  expect(streams()).toEqual(['a', 'else', 'A, B, C.']);
});

it('tells older front ends the same, in the speaker’s name', async () => {
  const { publisher, packets, goOn } = openWire();
  goOn();
  const show = makeTranscriptSender(publisher, () => true, never);
  show({ ...BENS, segmentId: 'SG_1', text: 'Good day.', final: true });
  await settled();
  expect(packets).toEqual([packet('ben', 'TR_ben', 'SG_1', 'Good day.', true)]);
});

it('tells older front ends a spoken reply as a whole, piece by piece', async () => {
  const { publisher, packets, goOn } = openWire();
  goOn();
  const spoken = openSegment(publisher, 'SG_1', 'TR_voice');
  await spoken.write('Good ');
  await spoken.write('day.');
  await spoken.end('Good');
  await openSegment(publisher, 'SG_2').end('Written.');
  expect(packets).toEqual([
    packet('bot', 'TR_voice', 'SG_1', 'Good ', false),
    packet('bot', 'TR_voice', 'SG_1', 'Good day.', false),
    packet('bot', 'TR_voice', 'SG_1', 'Good', true),
  ]);
});

it('drops what is not sent, and goes on', async () => {
  const failure = new Error('no');
  const observed: ObservationBody[] = [];
  let [isUp, fails] = [true, true];
  const { publisher, streams, goOn } = openWire();
  goOn();
  const show = makeTranscriptSender(
    { publish: (what, send) => (fails ? Promise.reject(failure) : publisher.publish(what, send)) },
    () => isUp,
    (one) => void observed.push(one),
  );
  const shows = async (text: string): Promise<void> => {
    show({ ...BENS, segmentId: 'SG_1', text, final: false });
    await settled();
  };
  await shows('fails');
  [isUp, fails] = [false, false];
  await shows('cut');
  isUp = true;
  await shows('goes');
  expect(streams()).toEqual(['goes']);
  expect(observed).toEqual([{ type: 'publish-failed', what: 'transcript', error: failure }]);
});

function packet(speaker: string, trackSid: string, id: string, text: string, final: boolean) {
  const segment = { id, text, final, startTime: 0n, endTime: 0n, language: '' };
  return { participantIdentity: speaker, trackSid, segments: [segment] };
}

function never(): never {
  throw new Error('nothing was to be observed');
}

/** A participant whose streams are taken but not done until the wire goes on. */
function openWire() {
  const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
  const sent: string[] = [];
  const packets: Transcription[] = [];
  const ourselves = {
    identity: 'bot',
    streamText: () =>
      Promise.resolve({
        async write(text: string) {
          sent.push(text);
          await going;
        },
        close: () => Promise.resolve(),
      }),
    sendText: () => Promise.resolve(),
    async publishTranscription(transcription: Transcription) {
      await Promise.resolve();
      packets.push(transcription);
    },
  };
  const publisher: Publisher = {
    publish: (_what, send) =>
      send(ourselves as unknown as LocalParticipant, new AbortController().signal),
  };
  return { publisher, packets, streams: () => sent, goOn };
}
