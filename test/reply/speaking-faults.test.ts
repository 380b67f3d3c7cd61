import { expect, it } from 'vitest';
import { llmError } from '../support/fake-llm.ts';
import { ttsError } from '../support/fake-text-to-speech.ts';
import { settled } from '../support/hand-clock.ts';
import { audio, makeManualTts, openSpeakingWorld } from './speaking-world.ts';

it('a provider that fails before its first sound is asked once more, with all of the text', async () => {
  const { clock, model, says, texts, told, fake } = openSpeakingWorld();
  fake.befall({ failsAfter: 0, error: ttsError('unavailable') });
  says('Hi.', ' Bye.');
  model.end();
  await clock.live(2_000);
  expect(fake.speeches).toHaveLength(2);
  expect(fake.speeches[1]!.text()).toBe('Hi. Bye.');
  expect(texts()).toEqual(['Hi.', 'Bye.']);
  expect(told).toEqual(['audible at 0', 'ended']);
});

it('but not a third time, nor where that is no use', async () => {
  const { tts, speeches } = makeManualTts();
  const { says, told, clock } = openSpeakingWorld(tts);
  says('Hi.');
  await settled();
  speeches[0]!.events.fail(ttsError('unavailable'));
  await settled();
  speeches[1]!.events.fail(ttsError('unavailable'));
  await settled();
  expect(told).toEqual(['TroupeError: the voice says unavailable']);
  expect(clock.timers()).toBe(0);

  const refused = openSpeakingWorld();
  refused.fake.befall({ failsAfter: 0, error: ttsError('forbidden') });
  refused.says('Hi.');
  await settled();
  expect(refused.told).toEqual(['TroupeError: the voice says forbidden']);
  expect(refused.fake.speeches).toHaveLength(1);
});

it('a provider that fails in the middle fails the reply, once what came has sounded', async () => {
  const { clock, says, texts, rest, told, fake } = openSpeakingWorld();
  fake.befall({ failsAfter: 2, error: ttsError('unavailable') });
  says('Hi you. Bye now.');
  await clock.live(300);
  expect(told).toEqual(['audible at 0']);
  await clock.live(1_000);
  expect(told).toEqual(['audible at 0', 'TroupeError: the voice says unavailable']);
  expect([...texts(), ...rest()]).toEqual(['Hi ', 'you. ']);
  expect(fake.speeches).toHaveLength(1);
});

it('a provider that says nothing for 4 s is asked once more, and then given up', async () => {
  const { tts, speeches } = makeManualTts();
  const { clock, says, told } = openSpeakingWorld(tts);
  says('Hi.');
  await clock.live(3_999);
  expect(speeches).toHaveLength(1);
  await clock.live(1);
  expect(speeches).toHaveLength(2);
  expect(speeches[0]!.signal.aborted).toBe(true);
  await clock.live(4_000);
  expect(told).toEqual(['TroupeError: the voice was silent for 4000 ms']);
  expect(clock.timers()).toBe(0);
});

it('a provider that stalls in the middle is given up after 4 s', async () => {
  const { tts, speeches } = makeManualTts();
  const { clock, model, says, told, texts } = openSpeakingWorld(tts);
  says('Hi you.');
  model.end();
  await settled();
  speeches[0]!.events.put(audio(300));
  await clock.live(3_999);
  expect(told).toEqual(['audible at 0']);
  await clock.live(1);
  expect(told).toEqual(['audible at 0', 'TroupeError: the voice was silent for 4000 ms']);
  expect(texts()).toEqual(['Hi ']);
});

it('a provider may be silent while the model is, and owes sound from the next sentence on', async () => {
  const { tts, speeches } = makeManualTts();
  const { clock, says, told } = openSpeakingWorld(tts);
  says('Hi you.');
  await settled();
  speeches[0]!.events.put(audio(600));
  await clock.live(30_000);
  expect(told).toEqual(['audible at 0']);
  says(' And now for something much longer than that.');
  await clock.live(3_999);
  expect(told).toEqual(['audible at 0']);
  await clock.live(4_001);
  expect(told).toEqual(['audible at 0', 'TroupeError: the voice was silent for 4000 ms']);
});

it('a model that fails in the middle fails the reply, once what it said has sounded', async () => {
  const { clock, model, says, texts, told } = openSpeakingWorld();
  says('Hi you.');
  model.fail(llmError('unavailable'));
  await clock.live(300);
  expect(told).toEqual(['audible at 0']);
  await clock.live(500);
  expect(texts()).toEqual(['Hi ', 'you.']);
  expect(told).toEqual(['audible at 0', 'TroupeError: the model says unavailable']);
});

it('a model that fails at once fails the reply at once', async () => {
  const { model, told, fake } = openSpeakingWorld();
  model.fail(llmError('unavailable'));
  await settled();
  expect(told).toEqual(['TroupeError: the model says unavailable']);
  expect(fake.speeches).toEqual([]);
});

it('a room that takes no sound fails the reply with what was heard', async () => {
  const { clock, says, texts, rest, told, track, fake } = openSpeakingWorld();
  says('Hi you. Bye now.');
  await clock.live(350);
  track.fault = 'hang';
  await clock.live(3_000);
  expect(told).toEqual(['audible at 0', 'TroupeError: LiveKit: the voice took no sound']);
  expect([...texts(), ...rest()]).toEqual(['Hi ', 'you. ']);
  expect(fake.speeches[0]!.isClosed()).toBe(true);
  expect(clock.timers()).toBe(0);
});
