import { expect, it } from 'vitest';
import { openReplyTimes } from '../../src/mode/reply-times.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { openHandClock } from '../support/hand-clock.ts';

const ANN = { identity: 'ann', name: 'Ann', kind: 'human' } as const;
const SOUND = new Int16Array(480).fill(5_000);
const SILENCE = new Int16Array(480);

it('tells each stage of a reply to spoken words, from the last voiced sample on', () => {
  const { clock, times, out, told, speaks } = openWorld();
  const voiced = clock.wallMs();
  speaks('u1');
  const mark = times.begin(1, 'u1', 'reply');
  times.decide(1);
  makeReply(clock, mark);
  clock.pass(7);
  out(SOUND);
  clock.pass(50);
  times.end(1);
  expect(told).toEqual([
    {
      type: 'reply-timed',
      drafted: false,
      endpointMs: 260,
      finalMs: 240,
      llmMs: 200,
      chunkMs: 270,
      ttsMs: 90,
      frameMs: 7,
      // A moment before the model is asked, and before the voice is; and the frame's.
      ownMs: 2 + 3 + 7,
      wholeMs: 260 + 2 + 270 + 3 + 90 + 7,
      turnId: 'u1',
      moments: {
        voiced,
        final: voiced + 240,
        committed: voiced + 260,
        decided: voiced + 260,
        modelAsked: voiced + 260 + 2,
        voiceAsked: voiced + 260 + 2 + 270 + 3,
        audible: voiced + 260 + 2 + 270 + 3 + 90 + 7,
        ended: voiced + 260 + 2 + 270 + 3 + 90 + 7 + 50,
      },
    },
  ]);
});

it('of a draft the wait for its release is none of ours', () => {
  const { clock, times, out, told, speaks } = openWorld();
  const mark = times.begin(1, 'u1', 'draft');
  makeReply(clock, mark);
  const voiced = clock.wallMs();
  speaks('u1');
  times.decide(1);
  clock.pass(4);
  out(SOUND);
  times.end(1);
  expect(told).toMatchObject([{ drafted: true, frameMs: 4, wholeMs: 264, chunkMs: 270 }]);
  expect(told).toMatchObject([{ ownMs: undefined }]);
  const asked = { modelAsked: voiced - 270 - 3 - 90, voiceAsked: voiced - 90 };
  expect(told).toMatchObject([{ moments: { ...asked, voiced, decided: voiced + 260 } }]);
});

it('hears a reply only where its voice begins', () => {
  const { clock, times, out, told, speaks } = openWorld();
  speaks('u1');
  const mark = times.begin(1, 'u1', 'reply');
  times.decide(1);
  makeReply(clock, mark);
  out(SILENCE);
  clock.pass(20);
  out(SOUND);
  clock.pass(20);
  out(SOUND);
  times.end(1);
  expect(told).toMatchObject([{ frameMs: 0, wholeMs: 260 + 2 + 270 + 3 + 90 + 20 }]);
});

it('takes the end of the reply before for none of this one', () => {
  const { clock, times, out, told } = openWorld();
  const mark = times.begin(1, 'u1', 'reply');
  times.decide(1);
  out(SOUND);
  makeReply(clock, mark);
  clock.pass(5);
  out(SOUND);
  times.end(1);
  expect(told).toMatchObject([{ frameMs: 5 }]);
});

it('knows no speech of whoever wrote, though somebody spoke in vain before', () => {
  const { clock, times, out, told, speaks } = openWorld();
  speaks('dropped');
  const mark = times.begin(1, 'typed', 'reply');
  times.decide(1);
  makeReply(clock, mark);
  out(SOUND);
  times.end(1);
  expect(told).toMatchObject([{ endpointMs: undefined, finalMs: undefined, wholeMs: undefined }]);
  expect(told).toMatchObject([{ chunkMs: 270, ownMs: 5 }]);
});

it('tells nothing of a reply that was not heard', () => {
  const { clock, times, told } = openWorld();
  const mark = times.begin(1, 'u1', 'reply');
  times.decide(1);
  makeReply(clock, mark);
  times.end(1);
  times.end(2);
  expect(told).toEqual([]);
});

it('counts the first time of each stage: a second request is part of the wait', () => {
  const { clock, times, out, told } = openWorld();
  const mark = times.begin(1, 'u1', 'reply');
  times.decide(1);
  makeReply(clock, mark);
  makeReply(clock, mark);
  out(SOUND);
  times.end(1);
  expect(told).toMatchObject([{ llmMs: 200, chunkMs: 270, ttsMs: 90 }]);
});

/** A model of 200 ms and 70 more to the sentence's end, a voice of 90. */
function makeReply(
  clock: ReturnType<typeof openHandClock>,
  mark: ReturnType<ReturnType<typeof openReplyTimes>['begin']>,
): void {
  clock.pass(2);
  mark('model-asked');
  clock.pass(200);
  mark('first-token');
  clock.pass(70);
  mark('first-chunk');
  clock.pass(3);
  mark('voice-asked');
  clock.pass(90);
  mark('first-sound');
}

function openWorld() {
  const clock = openHandClock();
  const told: Observation[] = [];
  const times = openReplyTimes({ clock, observe: (one) => void told.push(one) });
  const track = times.watch(openFakeVoiceTrack(clock));
  return {
    clock,
    times,
    told,
    out: (pcm: Int16Array) => void track.push(pcm),
    /** Ann falls silent, her words come 240 ms later, and the turn is committed 20 ms after these. */
    speaks: (turnId: string): void => {
      times.voiced('ann', clock.monotonicMs());
      clock.pass(240);
      const words = { person: ANN, text: 'Well?', audioFrom: 0, audioTo: 500 };
      times.heard({ type: 'words-heard', final: false, ...words });
      times.heard({ type: 'words-heard', final: true, ...words });
      clock.pass(20);
      times.shown({ turnId, speaker: 'ann', text: 'Well?', final: true });
    },
  };
}
