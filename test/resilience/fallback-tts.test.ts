import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { openChannel } from '../../src/lib/channel.ts';
import { makeSlots } from '../../src/lib/slots.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { withFallbackTts } from '../../src/resilience/fallback-tts.ts';
import type { GuardedTts } from '../../src/resilience/fallback-tts.ts';
import { watchHealth } from '../../src/resilience/health.ts';
import { hear, textOf } from '../contract/text-to-speech-hearing.ts';
import { speechContract } from '../contract/text-to-speech.ts';
import { makeFakeTextToSpeech, ttsError } from '../support/fake-text-to-speech.ts';
import type { FakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

const GEORGE = { voice: 'george', language: 'en' };
const NEVER = new AbortController().signal;
const DOWN = { failsAfter: 0, error: ttsError('unavailable') };

/** Two providers, `one` and `two`, and the voice that is made of both. */
function openWorld(slots = 10) {
  const clock = openHandClock();
  const observed: Observation[] = [];
  const deps = { clock, observe: (seen: Observation): void => void observed.push(seen) };
  const guard = (name: string): GuardedTts & { readonly tts: FakeTextToSpeech } => ({
    tts: { ...makeFakeTextToSpeech(), name },
    health: watchHealth(deps, name),
    slots: makeSlots(clock, slots),
  });
  const [one, two] = [guard('one'), guard('two')];
  const tts = withFallbackTts(clock, [one, two], 'one');
  const speak = (...pieces: readonly string[]) => hear(tts.speak(GEORGE, textOf(...pieces), NEVER));
  return {
    clock,
    one,
    two,
    tts,
    speak,
    told: () => observed.map((seen) => `${seen.type} ${'provider' in seen ? seen.provider : ''}`),
    asked: () => [one, two].map((each) => each.tts.speeches.length),
  };
}

describe('a voice of two providers', () => {
  it('speaks with the first, and with its voice', async () => {
    const { speak, one, asked, told } = openWorld();
    expect(await speak('Hello ', 'you.')).toMatchObject({ said: 'Helloyou.', error: undefined });
    expect(one.tts.speeches[0]?.request).toEqual(GEORGE);
    expect(asked()).toEqual([1, 0]);
    expect(told()).toEqual([]);
  });

  it.each(['unavailable', 'quota', 'timeout', 'malformed', 'forbidden', 'rejected'] as const)(
    'begins anew with the second where the first fails before a sound: %s',
    async (kind) => {
      const { speak, one, two, told } = openWorld();
      one.tts.befall({ failsAfter: 0, error: ttsError(kind) });
      expect(await speak('Hello ', 'you.')).toMatchObject({ said: 'Helloyou.', error: undefined });
      expect(two.tts.speeches[0]?.text()).toBe('Hello you.');
      expect(two.tts.speeches[0]?.request).toEqual({ voice: undefined, language: 'en' });
      expect(told()).toEqual(['provider-failed one', 'provider-fallback two']);
    },
  );

  it('begins anew with the second where the first makes no sound for 1.9 s', async () => {
    const { clock, speak, one, two, asked } = openWorld();
    one.tts.befall({ stallsAfter: 0 });
    const heard = speak('Hello ', 'you.');
    await clock.live(1_899);
    expect(asked()).toEqual([1, 0]);
    await clock.live(1);
    expect(await heard).toMatchObject({ said: 'Helloyou.', error: undefined });
    expect(one.tts.speeches[0]?.isClosed()).toBe(true);
    expect(two.tts.speeches).toHaveLength(1);
    expect(clock.timers()).toBe(0);
  });

  it('does not blame a provider for a text that is slow to come', async () => {
    const { clock, tts, asked, told } = openWorld();
    const text = openChannel<string>();
    const heard = hear(tts.speak(GEORGE, text, NEVER));
    await clock.live(60_000);
    text.put('Hello.');
    text.end();
    expect(await heard).toMatchObject({ said: 'Hello.', error: undefined });
    expect(asked()).toEqual([1, 0]);
    expect(told()).toEqual([]);
  });

  it('fails in the middle without a second try: half a sentence is not said twice', async () => {
    const { speak, one, asked } = openWorld();
    one.tts.befall({ failsAfter: 1, error: ttsError('unavailable') });
    expect(await speak('Hello you.')).toMatchObject({ said: 'Hello', error: DOWN.error });
    expect(asked()).toEqual([1, 0]);
  });

  it('fails with the last one’s error where neither speaks', async () => {
    const { speak, one, two } = openWorld();
    one.tts.befall(DOWN);
    two.tts.befall({ failsAfter: 0, error: ttsError('quota') });
    expect(await speak('Hello.')).toMatchObject({ events: [], error: { kind: 'quota' } });
  });

  it('passes over a provider that failed three times, and comes back after a pause', async () => {
    const { clock, speak, one, tts, two, asked } = openWorld();
    for (let time = 0; time < 3; time += 1) {
      one.tts.befall(DOWN);
      await speak('Hello.');
    }
    expect(asked()).toEqual([3, 3]);
    await speak('Hello.');
    expect(asked()).toEqual([3, 4]);
    await tts.warmUp();
    expect([one.tts.warmUps(), two.tts.warmUps()]).toEqual([0, 1]);
    clock.pass(15_000);
    await speak('Hello.');
    await speak('Hello.');
    expect(asked()).toEqual([5, 4]);
    await tts.warmUp();
    expect(one.tts.warmUps()).toBe(1);
  });

  it('counts a provider that its listener gives up in the middle', async () => {
    const { tts, one, told } = openWorld();
    one.tts.befall({ stallsAfter: 1 });
    const listener = new AbortController();
    const heard = hear(tts.speak(GEORGE, textOf('Hello you.'), listener.signal));
    await settled();
    listener.abort(ttsError('timeout'));
    expect(await heard).toMatchObject({ said: 'Hello', error: undefined });
    expect(told()).toEqual(['provider-failed one']);
  });

  it('counts neither an interruption nor a character’s own fault against it', async () => {
    const { speak, tts, one, asked } = openWorld();
    for (let time = 0; time < 4; time += 1) {
      one.tts.befall({ failsAfter: 0, error: roomFault() });
      await speak('Hello.');
      one.tts.befall({ stallsAfter: 0 });
      const listener = new AbortController();
      const heard = hear(tts.speak(GEORGE, textOf('Hello.'), listener.signal));
      await settled();
      listener.abort(new Error('barge-in'));
      expect(await heard).toMatchObject({ events: [], error: undefined });
    }
    expect(asked()).toEqual([8, 4]);
  });

  it('asks one that refused the key never again, and raises one alarm', async () => {
    const { clock, speak, one, asked, told } = openWorld();
    one.tts.befall({ failsAfter: 0, error: ttsError('auth') });
    await speak('Hello.');
    clock.pass(3_600_000);
    expect(await speak('Hello.')).toMatchObject({ said: 'Hello.' });
    expect(asked()).toEqual([1, 2]);
    expect(one.health.isOff()).toBe(true);
    const fallback = 'provider-fallback two';
    expect(told()).toEqual(['provider-off one', fallback, fallback]);
  });

  it('waits 1.5 s for a slot of the first, then takes the second', async () => {
    const { clock, tts, speak, one, asked, told } = openWorld(1);
    one.tts.befall({ stallsAfter: 1 });
    const owner = new AbortController();
    const long = hear(tts.speak(GEORGE, textOf('Hello you.'), owner.signal));
    await settled();
    const second = speak('Me too.');
    await clock.live(1_499);
    expect(asked()).toEqual([1, 0]);
    await clock.live(1);
    expect(await second).toMatchObject({ said: 'Metoo.', error: undefined });
    const third = speak('And me.');
    await settled();
    owner.abort(new Error('over'));
    expect(await third).toMatchObject({ said: 'Andme.' });
    await long;
    expect(asked()).toEqual([2, 1]);
    expect(told()).toEqual(['provider-fallback two']);
  });
});

describe('a voice of one provider is a voice as any other', () => {
  const tts = makeFakeTextToSpeech();
  const clock = openHandClock();
  const well = { provider: 'fake', mayAsk: () => true, isWell: () => true, isOff: () => false };
  const nothing = (): void => undefined;
  const health = { ...well, worked: nothing, failed: nothing, servesInsteadOf: nothing };
  const only = { tts, health, slots: makeSlots(clock, 10) };
  speechContract(() => ({
    tts: withFallbackTts(clock, [only], tts.name),
    decide(fate, afterMs = 0) {
      if (fate === 'no-sound') return tts.befall({ silent: true });
      if (fate === 'stall') return tts.befall({ stallsAfter: afterMs / 200 });
      tts.befall({ failsAfter: afterMs / 200, error: ttsError(KINDS[fate]) });
    },
    runs: () => tts.speeches.map(({ text, isClosed }) => ({ text: text(), isOver: isClosed() })),
    pause: () => Promise.resolve(),
  }));
});

const KINDS = {
  'refused-key': 'auth',
  'rate-limited': 'quota',
  'server-error': 'unavailable',
  cut: 'unavailable',
  garbage: 'malformed',
} as const;

function roomFault(): TroupeError {
  return new TroupeError('no such voice', { kind: 'rejected', fault: 'room', service: 'tts' });
}
