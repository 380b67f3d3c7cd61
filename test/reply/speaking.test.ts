import { expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { audio, makeManualTts, openSpeakingWorld, time } from './speaking-world.ts';

it('speaks sentences as one, and gives each word back once it was heard', async () => {
  const { clock, model, says, given, texts, told, fake } = openSpeakingWorld();
  says('**Hi** you.', ' Bye.');
  model.end();
  await settled();
  expect(told).toEqual(['audible at 0']);
  expect(fake.speeches.map(({ text }) => text())).toEqual(['Hi you. Bye.']);
  // `Hi` sounds until 120 ms, `you.` from 180 to 420 ms, `Bye.` from 480 to 720 ms; the path takes 80.
  await clock.live(100);
  expect(texts()).toEqual([]);
  await clock.live(100);
  expect(texts()).toEqual(['Hi ']);
  await clock.live(300);
  expect(texts()).toEqual(['Hi ', 'you.']);
  await clock.live(1_000);
  expect(told).toEqual(['audible at 0', 'ended']);
  expect(given()).toMatchObject([
    { text: 'Hi ', original: '**Hi** ', sentence: 0, last: false },
    { text: 'you.', original: 'you.', sentence: 0, last: true },
    { text: 'Bye.', original: ' Bye.', sentence: 1, last: true },
  ]);
  expect(clock.timers()).toBe(0);
});

it('begins with the first sentence, and ends when all has sounded', async () => {
  const { clock, model, says, texts, told } = openSpeakingWorld();
  says('One.');
  await settled();
  expect(told).toEqual(['audible at 0']);
  await clock.live(3_000);
  expect(texts()).toEqual(['One.']);
  says(' Two.');
  await settled();
  model.end();
  await clock.live(300);
  expect(told).toEqual(['audible at 0']);
  await clock.live(100);
  expect(texts()).toEqual(['One.', 'Two.']);
  expect(told).toEqual(['audible at 0', 'ended']);
});

it('puts no space between Japanese sentences', async () => {
  const { clock, model, says, fake, given } = openSpeakingWorld();
  says('はい。', '猫です。', 'Yes.', ' No.');
  model.end();
  await clock.live(10_000);
  expect(fake.speeches[0]!.text()).toBe('はい。猫です。Yes. No.');
  expect(
    given()
      .map(({ original }) => original)
      .join(''),
  ).toBe('はい。猫です。Yes. No.');
});

it('gives back what is not spoken with what was before it', async () => {
  const { clock, model, says, given, fake } = openSpeakingWorld();
  says('```\na\n```\n', 'Hi.', '```\nb\n```\n', '…', ' Bye.');
  model.end();
  await clock.live(80);
  expect(given()).toEqual([]);
  await clock.live(220);
  const hi = ['```\na\n```\n', 'Hi.', '```\nb\n```\n', '…'];
  expect(given().map(({ original }) => original)).toEqual(hi);
  await clock.live(1_000);
  expect(given().map(({ sentence, last }) => [sentence, last])).toEqual(
    [0, 1, 2, 3, 4].map((sentence) => [sentence, true]),
  );
  expect(fake.speeches[0]!.text()).toBe('Hi. Bye.');
});

it('asks no provider where there is nothing to say', async () => {
  const { clock, model, says, texts, told, fake } = openSpeakingWorld();
  says('```\na\n```\n');
  model.end();
  await clock.live(100);
  expect(texts()).toEqual(['']);
  expect(told).toEqual(['ended']);
  expect(fake.speeches).toEqual([]);
});

it('cut it tells the rest at once, and lets the provider go', async () => {
  const { clock, model, says, texts, rest, owner, track, fake, told } = openSpeakingWorld();
  says('Hi you. Bye now.');
  model.end();
  await clock.live(290);
  expect(texts()).toEqual(['Hi ']);
  // 310 ms have sounded: `you.` is past its middle, though nobody has looked.
  await clock.live(99);
  expect(rest()).toEqual(['you. ']);
  owner.abort(new Error('cut'));
  const { length } = track.heard();
  await clock.live(5_000);
  expect(track.heard().length).toBeLessThanOrEqual(length + 480);
  expect(texts()).toEqual(['Hi ']);
  expect(told).toEqual(['audible at 0', 'ended']);
  expect(fake.speeches[0]!.isClosed()).toBe(true);
  expect(rest()).toEqual(['you. ']);
  expect(clock.timers()).toBe(0);
});

it('cut before it began it was not heard', () => {
  const { rest } = openSpeakingWorld();
  expect(rest()).toEqual([]);
});

it('held it is silent and looks for nothing, and goes on where it was', async () => {
  const { clock, model, says, texts, stage, track, told } = openSpeakingWorld();
  says('Hi you. Bye now.');
  model.end();
  await clock.live(300);
  stage.hold();
  await clock.live(100);
  const { length } = track.heard();
  expect(clock.timers()).toBe(0);
  await clock.live(60_000);
  expect(track.heard()).toHaveLength(length);
  stage.resume();
  await clock.live(2_000);
  expect(texts().join('')).toBe('Hi you. Bye now.');
  expect(told).toEqual(['audible at 0', 'ended']);
});

it('held from the beginning it is made, and not begun', async () => {
  const { clock, model, says, stage, track, told, fake } = openSpeakingWorld();
  stage.hold();
  says('Hi.');
  model.end();
  await clock.live(5_000);
  expect(fake.speeches[0]!.isClosed()).toBe(true);
  expect(track.frames()).toEqual([]);
  expect(told).toEqual([]);
  stage.resume();
  await clock.live(1_000);
  expect(told).toEqual(['audible at 5000', 'ended']);
});

it('ends when another speech takes the voice', async () => {
  const { clock, says, texts, told, playout, fake } = openSpeakingWorld();
  says('Hi you. Bye now.');
  await clock.live(290);
  playout.play(new AbortController().signal);
  await clock.live(100);
  expect(texts()).toEqual(['Hi ']);
  expect(told).toEqual(['audible at 0', 'ended']);
  expect(fake.speeches[0]!.isClosed()).toBe(true);
});

it('counts by characters where times do not come, and by times that come late', async () => {
  const { tts, speeches } = makeManualTts();
  const { clock, model, says, texts } = openSpeakingWorld(tts);
  says('abcd efgh ijkl mnop');
  model.end();
  await settled();
  const { events } = speeches[0]!;
  events.put(audio(2_000));
  await clock.live(600);
  expect(texts()).toEqual(['abcd ']);
  events.put(time('abcd', 0, 100));
  events.put(time('efgh', 100, 200));
  await settled();
  expect(texts()).toEqual(['abcd ', 'efgh ']);
  events.end();
  await clock.live(2_000);
  expect(texts()).toEqual(['abcd ', 'efgh ', 'ijkl ', 'mnop']);
});

it('a provider slower than speech only leaves gaps', async () => {
  const { tts, speeches } = makeManualTts();
  const { clock, model, says, texts, told } = openSpeakingWorld(tts);
  says('One two.');
  model.end();
  await settled();
  for (let sent = 0; sent < 5; sent += 1) {
    speeches[0]!.events.put(audio(100));
    await clock.live(1_000);
  }
  expect(told).toEqual(['audible at 0']);
  speeches[0]!.events.end();
  await clock.live(100);
  expect(texts().join('')).toBe('One two.');
  expect(told).toEqual(['audible at 0', 'ended']);
});
