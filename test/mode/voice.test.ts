import { describe, expect, it } from 'vitest';
import { GIVE_WAY_MS } from '../../src/lib/give-way.ts';
import type { Mode } from '../../src/mode/mouth.ts';
import { settled } from '../support/hand-clock.ts';
import { NEVER } from './mouth-world.ts';
import { openVoiceWorld } from './voice-world.ts';

/** `Hi` sounds until 120 ms, `you.` from 180 to 420, `Bye` from 480 to 660, `now.` from 720 to 960. */
const ANSWER = '**Hi** you. Bye now.';
const PATH_MS = 80;

describe('a spoken reply', () => {
  it('is shown word by word as it is heard, by its voice, and sentence by sentence in chat', async () => {
    const { mode, clock, answers, committed, posted, lines, segments } = await openVoiceWorld();
    mode.startReply(1);
    await answers(ANSWER);
    expect(posted).toEqual([{ type: 'reply-audible', replyId: 1 }]);
    expect([lines(), segments()]).toEqual([[], []]);
    await clock.live(200 + PATH_MS);
    expect(segments()).toEqual([{ text: 'Hi ', final: false, trackId: 'TR_voice' }]);
    await clock.live(300);
    expect(lines()).toEqual(['Hi you.']);
    await clock.live(1_000);
    expect(lines()).toEqual(['Hi you.', 'Bye now.']);
    expect(segments()).toEqual([{ text: 'Hi you. Bye now.', final: true, trackId: 'TR_voice' }]);
    expect(committed()).toBe(ANSWER);
    expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'finished' });
  });

  it('that was drafted makes no sound before its release, and is whole then', async () => {
    const { mode, clock, tts, answers, committed, posted, soundedMs, lines } =
      await openVoiceWorld();
    const turn = { id: 'u2', speaker: 'ann', name: 'Ann', text: 'Well?', at: 0, addressed: true };
    mode.draftReply(1, turn);
    await answers(ANSWER);
    await clock.live(2_000);
    // The voice is at work all the same: that is what a draft is for.
    expect(tts.speeches[0]!.text()).toBe('Hi you. Bye now.');
    expect([soundedMs(), lines(), posted]).toEqual([0, [], []]);
    mode.releaseReply(1);
    await clock.live(2_000);
    expect(lines()).toEqual(['Hi you.', 'Bye now.']);
    expect(committed()).toBe(ANSWER);
  });

  it('waits until it may speak, and the model does not', async () => {
    const safe = Promise.withResolvers<void>();
    const beforeSpeaking = (): Promise<void> => safe.promise;
    const { mode, clock, tts, answers, soundedMs, lines } = await openVoiceWorld({
      beforeSpeaking,
    });
    mode.startReply(1);
    await answers(ANSWER);
    await clock.live(2_000);
    expect([soundedMs(), tts.speeches]).toEqual([0, []]);
    safe.resolve();
    await clock.live(2_000);
    expect(lines()).toEqual(['Hi you.', 'Bye now.']);
  });

  it('held it is silent, and goes on without a word lost or told twice', async () => {
    const { mode, clock, answers, committed, soundedMs, segments } = await openVoiceWorld();
    mode.startReply(1);
    await answers(ANSWER);
    await clock.live(300);
    mode.holdReply(1);
    await clock.live(100);
    const before = soundedMs();
    await clock.live(1_000);
    expect(soundedMs()).toBe(before);
    mode.resumeReply(1);
    await clock.live(2_000);
    expect(segments()).toMatchObject([{ text: 'Hi you. Bye now.', final: true }]);
    expect(committed()).toBe(ANSWER);
  });
});

describe('a spoken reply that is cut', () => {
  it('is committed and shown as far as it was heard, though nobody had looked yet', async () => {
    const { mode, clock, answers, committed, posted, soundedMs, lines, segments } =
      await openVoiceWorld();
    mode.startReply(1);
    await answers(ANSWER);
    // `Bye` is past its middle since 570 ms of sound, and heard 80 ms later.
    await clock.live(590 + PATH_MS);
    mode.cancelReply(1, 'barge-in');
    expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'interrupted' });
    expect(committed()).toBe('**Hi** you. Bye ');
    const before = soundedMs();
    await clock.live(5_000);
    expect(segments()).toEqual([{ text: 'Hi you. Bye ', final: true, trackId: 'TR_voice' }]);
    expect(lines()).toEqual(['Hi you.', 'Bye']);
    // A short fade, and nothing behind it.
    expect(soundedMs()).toBeLessThanOrEqual(before + 20);
    expect(committed()).toBe('**Hi** you. Bye ');
    expect(clock.timers()).toBe(0);
  });

  it('before its first word leaves no trace', async () => {
    const { mode, clock, answers, posted, lines, segments } = await openVoiceWorld();
    mode.startReply(1);
    await answers(ANSWER);
    await clock.live(50);
    mode.cancelReply(1, 'new-turn');
    await clock.live(5_000);
    expect(posted).toEqual([
      { type: 'reply-audible', replyId: 1 },
      { type: 'reply-ended', replyId: 1, end: 'interrupted' },
    ]);
    expect([lines(), segments()]).toEqual([[], []]);
  });

  it('makes way for the next one, which is shown by itself', async () => {
    const { mode, clock, answers, lines, segments } = await openVoiceWorld();
    mode.startReply(1);
    await answers(ANSWER);
    await clock.live(300);
    mode.cancelReply(1, 'barge-in');
    mode.startReply(2);
    await answers('Yes.');
    await clock.live(2_000);
    expect(lines()).toEqual(['Hi', 'Yes.']);
    expect(segments()).toMatchObject([
      { text: 'Hi ', final: true },
      { text: 'Yes.', final: true },
    ]);
  });
});

describe('what a person says', () => {
  it('is shown by their microphone, and once it is certain as a chat line that is marked', async () => {
    const { mode, clock, ann, lines, segments } = await openVoiceWorld();
    const { trackId } = await ann.publishMicrophone();
    const turn = { turnId: 'v-1', speaker: 'ann' };
    mode.showTranscript({ ...turn, text: 'What', final: false });
    await clock.live(GIVE_WAY_MS - 1);
    expect(segments()).toEqual([]);
    await clock.live(1);
    expect(segments()).toEqual([{ text: 'What', final: false, trackId }]);
    expect(lines()).toEqual([]);
    mode.showTranscript({ ...turn, text: 'What time is it?', final: true });
    await clock.live(GIVE_WAY_MS);
    expect(segments()).toEqual([{ text: 'What time is it?', final: true, trackId }]);
    expect(lines()).toEqual(['[TRANSCRIPTION]: What time is it?']);
  });

  it('stands before what is written next, however soon', async () => {
    const { mode, ann, lines } = await openVoiceWorld();
    await ann.publishMicrophone();
    mode.showTranscript({ turnId: 'v-1', speaker: 'ann', text: 'Well?', final: true });
    mode.note('Good-bye!');
    await settled();
    expect(lines()).toEqual(['[TRANSCRIPTION]: Well?', 'Good-bye!']);
  });

  it.each<[string, (mode: Mode) => void]>([
    ['a draft is released', (mode) => mode.releaseReply(1)],
    ['a line is begun', (mode) => mode.startLine(1, 'Hello!')],
  ])('is shown at once where %s, which asks no model', async (_when, go) => {
    const { mode, ann, lines } = await openVoiceWorld();
    await ann.publishMicrophone();
    mode.showTranscript({ turnId: 'v-1', speaker: 'ann', text: 'Well?', final: true });
    go(mode);
    await settled();
    expect(lines()).toEqual(['[TRANSCRIPTION]: Well?']);
  });

  it('has no chat line where nothing was said after all, or the session wants none', async () => {
    const { mode, clock, ann, lines } = await openVoiceWorld();
    await ann.publishMicrophone();
    mode.showTranscript({ turnId: 'v-1', speaker: 'ann', text: '', final: true });
    const quiet = await openVoiceWorld({ chatLines: false });
    await quiet.ann.publishMicrophone();
    quiet.mode.showTranscript({ turnId: 'v-1', speaker: 'ann', text: 'Well?', final: true });
    await Promise.all([clock.live(GIVE_WAY_MS), quiet.clock.live(GIVE_WAY_MS)]);
    expect([lines(), quiet.lines()]).toEqual([[], []]);
    expect(quiet.segments()).toMatchObject([{ text: 'Well?', final: true }]);
  });

  it('has the voice connected before the answer is there', async () => {
    const { ann, tts, posted } = await openVoiceWorld();
    const microphone = await ann.publishMicrophone();
    await microphone.play(new Int16Array(512 * 4));
    expect(tts.warmUps()).toBe(0);
    await microphone.play(new Int16Array(512 * 4).fill(1_000));
    expect(posted).toMatchObject([{ type: 'speech-started', audioFrom: 128 }]);
    expect(tts.warmUps()).toBe(1);
  });
});

describe('closing a mode that speaks', () => {
  it('cuts the reply, hears nobody any more, writes to the end and takes the voice away', async () => {
    const { mode, clock, ann, answers, posted, lines, isTrackClosed } = await openVoiceWorld();
    const microphone = await ann.publishMicrophone();
    mode.startReply(1);
    await answers(ANSWER);
    await clock.live(300);
    mode.note('Good-bye!');
    const closing = mode[Symbol.asyncDispose]().then(() => 'closed');
    expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'interrupted' });
    await microphone.play(new Int16Array(512 * 4).fill(1_000));
    await clock.live(249);
    expect(lines().toSorted()).toEqual(['Good-bye!', 'Hi']);
    // What was written is on its way for a moment.
    expect(isTrackClosed()).toBe(false);
    await clock.live(1);
    expect([await closing, isTrackClosed()]).toEqual(['closed', true]);
    expect(posted.filter(({ type }) => type === 'speech-started')).toEqual([]);
  });

  it('waits no longer than one and a half seconds for a room that takes nothing', async () => {
    const { mode, clock, isTrackClosed } = await openVoiceWorld({}, (link) => ({
      ...link,
      sendChatLine: NEVER,
    }));
    mode.note('Good-bye!');
    const closing = mode[Symbol.asyncDispose]().then(() => 'closed');
    await clock.live(1_499);
    expect(isTrackClosed()).toBe(false);
    await clock.live(1);
    expect([await closing, isTrackClosed()]).toEqual(['closed', true]);
  });
});
