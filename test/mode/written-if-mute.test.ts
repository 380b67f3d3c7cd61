import { expect, it } from 'vitest';
import { makeFakeLlm } from '../support/fake-llm.ts';
import { ttsError } from '../support/fake-text-to-speech.ts';
import { settled } from '../support/hand-clock.ts';
import { openVoiceWorld } from './voice-world.ts';

const ANSWER = '**Hi** you. Bye now.';
const REFUSED = { failsAfter: 0, error: ttsError('forbidden') };

it('a reply that no voice makes a sound of is written, and the next one spoken again', async () => {
  const { mode, clock, tts, answers, committed, posted, observed, soundedMs, lines, segments } =
    await openVoiceWorld();
  tts.befall(REFUSED);
  mode.startReply(1);
  await answers(ANSWER);
  expect(lines()).toEqual(['Hi you.', 'Bye now.']);
  expect(segments()).toEqual([{ text: 'Hi you. Bye now.', final: true, trackId: undefined }]);
  expect([committed(), soundedMs()]).toEqual([ANSWER, 0]);
  expect(posted.map(({ type }) => type).at(0)).toBe('reply-audible');
  expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'finished' });
  expect(observed).toContainEqual({
    type: 'provider-failed',
    provider: 'tts',
    error: REFUSED.error,
  });
  mode.startReply(2);
  await answers('Now aloud.');
  await clock.live(2_000);
  expect(soundedMs()).toBeGreaterThan(500);
  expect(lines().at(-1)).toBe('Now aloud.');
});

it('what goes on being said while it is written is written too', async () => {
  const llm = makeFakeLlm();
  const { mode, tts, lines, committed } = await openVoiceWorld({ llm });
  tts.befall(REFUSED);
  mode.startReply(1);
  await settled();
  llm.completions[0]!.say('Hi you. And ');
  await settled();
  expect(lines()).toEqual(['Hi you.']);
  llm.completions[0]!.say('bye now.');
  llm.completions[0]!.finish();
  await settled();
  expect(lines()).toEqual(['Hi you.', 'And bye now.']);
  expect(committed()).toBe('Hi you. And bye now.');
});

it('a draft that nobody could hear is not to be read before its release, or ever if it is void', async () => {
  const { mode, clock, tts, answers, posted, lines } = await openVoiceWorld();
  const turn = { id: 'u2', speaker: 'ann', name: 'Ann', text: 'Well?', at: 0, addressed: true };
  for (const replyId of [1, 2]) {
    tts.befall(REFUSED);
    mode.draftReply(replyId, turn);
    await answers(ANSWER);
    await clock.live(2_000);
    expect(lines()).toEqual([]);
    expect(posted.filter(({ type }) => type !== 'reply-ended')).toEqual([]);
    if (replyId === 1) mode.cancelReply(replyId, 'draft-void');
  }
  mode.releaseReply(2);
  await clock.live(100);
  expect(lines()).toEqual(['Hi you.', 'Bye now.']);
});

it('a reply of which something was heard is not written from its beginning', async () => {
  const { mode, clock, tts, answers, committed, posted, lines } = await openVoiceWorld();
  tts.befall({ failsAfter: 1, error: ttsError('unavailable') });
  mode.startReply(1);
  await answers(ANSWER);
  await clock.live(2_000);
  expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'failed' });
  expect([lines(), committed()]).toEqual([['Hi'], '**Hi** ']);
});
