import { expect, it } from 'vitest';
import { sttError } from '../support/fake-speech-to-text.ts';
import { settled } from '../support/hand-clock.ts';
import { openSttWorld, words } from './stt-world.ts';

it('hears with the first provider, and tells what it tells', () => {
  const { room, speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  const [one] = streams('one');
  one!.tell({ type: 'acknowledged', audioToMs: 500 });
  one!.tell(words('interim', 'Hel', 400));
  one!.tell(words('final', 'Hello.', 500));
  expect(ann.types()).toEqual(['acknowledged', 'interim', 'final']);
  expect(ann.told[2]).toEqual(words('final', 'Hello.', 500));
  expect([room.name, room.finalP99Ms, one!.options.language]).toEqual(['one', 300, 'en']);
  expect(streams('two')).toEqual([]);
});

it.each(['unavailable', 'quota', 'rejected', 'malformed', 'auth'] as const)(
  'hands over to the second where the first fails: %s',
  (kind) => {
    const { speaker, streams, observed } = openSttWorld();
    const ann = speaker();
    ann.hears(500);
    streams('one')[0]!.fail(sttError(kind));
    expect(streams('two')[0]!.pushedMs).toBe(500);
    ann.hears(100);
    expect(streams('two')[0]!.pushedMs).toBe(600);
    expect(ann.told).toEqual([]);
    expect(observed).toEqual([kind === 'auth' ? 'provider-off one' : 'provider-failed one']);
  },
);

it('gives the second only what has not become words, and shifts its times', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(2_000);
  streams('one')[0]!.tell(words('final', 'Hello.', 1_500));
  ann.hears(10_000, '.');
  ann.hears(1_000);
  streams('one')[0]!.tell(words('interim', 'How', 12_500));
  streams('one')[0]!.fail(sttError('unavailable'));
  const [two] = streams('two');
  // What is still to come of the first sentence's end is heard again too.
  expect(two!.pushedMs).toBe(13_000 - 1_500);
  two!.tell(words('final', 'How are you?', 11_400));
  expect(ann.told.at(-1)).toEqual(words('final', 'How are you?', 12_900));
});

it('hears nothing more of the one that was left', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  const [one] = streams('one');
  one!.fail(sttError('unavailable'));
  one!.tell(words('final', 'Late.', 500));
  one!.fail(sttError('unavailable'));
  expect(one!.closed).toBe(true);
  expect(ann.told).toEqual([]);
  expect(streams('two')).toHaveLength(1);
});

it('hands over where 1 s of sound brings no sign of life in 2 s', () => {
  const { clock, speaker, streams, observed } = openSttWorld();
  const ann = speaker();
  ann.hears(1_000);
  clock.pass(1_000);
  expect(streams('two')).toEqual([]);
  clock.pass(50);
  expect(streams('two')[0]!.loudMs).toBe(1_000);
  expect(streams('one')[0]!.closed).toBe(true);
  expect(observed).toEqual(['provider-failed one']);
});

it('a second one that says nothing of what it is given again is left too', async () => {
  const { clock, speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(1_000);
  clock.pass(1_050);
  clock.pass(1_950);
  expect(streams('two')[0]!.closed).toBe(false);
  clock.pass(50);
  expect(streams('two')[0]!.closed).toBe(true);
  await settled();
  expect(ann.told).toMatchObject([{ type: 'ended', error: { kind: 'timeout' } }]);
});

it.each(['interim', 'final', 'acknowledged'] as const)('but not where a sign comes: %s', (sign) => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  for (let second = 1; second <= 10; second += 1) {
    ann.hears(1_000);
    const at = second * 1_000;
    streams('one')[0]!.tell(
      sign === 'acknowledged' ? { type: sign, audioToMs: at } : words(sign, 'so', at),
    );
  }
  expect(streams('two')).toEqual([]);
});

it('nor in silence, nor for a click, nor after a long rest', () => {
  const { clock, speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(60_000, '.');
  ann.hears(100);
  ann.hears(60_000, '.');
  streams('one')[0]!.tell({ type: 'acknowledged', audioToMs: 120_000 });
  clock.pass(600_000);
  ann.hears(1_500);
  expect(streams('two')).toEqual([]);
});

it('keeps 30 s at most', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  for (let second = 1; second <= 40; second += 1) {
    ann.hears(1_000);
    streams('one')[0]!.tell({ type: 'acknowledged', audioToMs: second * 1_000 });
  }
  streams('one')[0]!.fail(sttError('unavailable'));
  expect(streams('two')[0]!.pushedMs).toBe(30_000);
  streams('two')[0]!.tell(words('final', 'and so on', 30_000));
  expect(ann.told.at(-1)).toEqual(words('final', 'and so on', 40_000));
});

it('a flush goes on at the second', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  ann.stream.flush();
  streams('one')[0]!.fail(sttError('unavailable'));
  const [two] = streams('two');
  expect([two!.pushedMs, two!.flushes]).toEqual([500, 1]);
  two!.tell(words('final', 'Yes.', 500));
  two!.tell({ type: 'flushed' });
  expect(ann.types()).toEqual(['final', 'flushed']);
});

it('a provider that calls flushed what it never answered has not heard it', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  ann.stream.flush();
  streams('one')[0]!.tell({ type: 'flushed' });
  expect(ann.types()).toEqual([]);
  expect(streams('two')[0]!.flushes).toBe(1);
});

it('ends where both fail in a row, with the error of the last', async () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  streams('one')[0]!.fail(sttError('unavailable'));
  streams('two')[0]!.fail(sttError('quota'));
  expect(ann.told).toEqual([]);
  await settled();
  expect(ann.told).toEqual([{ type: 'ended', error: sttError('quota') }]);
  ann.hears(500);
  ann.stream.flush();
  ann.stream[Symbol.dispose]();
  await settled();
  expect(ann.told).toHaveLength(1);
});

it('comes back to the first where the second fails later', () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  streams('one')[0]!.fail(sttError('unavailable'));
  ann.hears(500);
  streams('two')[0]!.tell({ type: 'acknowledged', audioToMs: 900 });
  streams('two')[0]!.fail(sttError('unavailable'));
  expect(streams('one')[1]!.pushedMs).toBe(1_000);
});

it('does not go round and round where all break at the same sound, whatever they say of it first', async () => {
  const { speaker, streams } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  // The first one heard it first, so the second is not the last.
  for (const name of ['one', 'two', 'one']) {
    streams(name)
      .at(-1)!
      .tell(words('interim', 'Hel', 400));
    streams(name).at(-1)!.fail(sttError('malformed'));
  }
  await settled();
  expect(ann.types().at(-1)).toBe('ended');
  expect([streams('one').length, streams('two').length]).toEqual([2, 1]);
});

it('the only provider is tried once more', async () => {
  const { speaker, streams } = openSttWorld({ providers: ['one'] });
  const ann = speaker();
  ann.hears(500);
  streams('one')[0]!.fail(sttError('unavailable'));
  expect(streams('one')[1]!.pushedMs).toBe(500);
  streams('one')[1]!.fail(sttError('unavailable'));
  await settled();
  expect(ann.types()).toEqual(['ended']);
});

it('new streams pass over one that failed three times, until its pause is over', () => {
  const { clock, openRoom, streams, health, ...world } = openSttWorld();
  const speaker = () => world.speaker(openRoom());
  for (let time = 0; time < 3; time += 1) {
    speaker();
    streams('one')[time]!.fail(sttError('unavailable'));
  }
  speaker();
  expect([streams('one').length, streams('two').length]).toEqual([3, 4]);
  clock.pass(15_000);
  const ann = speaker();
  expect(streams('one')).toHaveLength(4);
  ann.hears(100);
  streams('one')[3]!.tell({ type: 'acknowledged', audioToMs: 100 });
  expect(health('one').isWell()).toBe(true);
});

it('a stream that its provider closes because nobody speaks is opened again by speech', () => {
  const { speaker, streams, observed } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  streams('one')[0]!.tell(words('final', 'Hello.', 500));
  ann.hears(1_000, '.');
  streams('one')[0]!.fail(sttError('unavailable'));
  ann.hears(1_000, '.');
  expect(ann.stream.isIdle()).toBe(true);
  expect([streams('one').length, observed.length]).toEqual([1, 0]);
  ann.hears(50);
  expect(streams('one')[1]!.loudMs).toBe(50);
  expect(streams('one')[1]!.pushedMs).toBe(650);
});

it('closed by us ends once, without an error, at the provider too', async () => {
  const { speaker, streams, clock } = openSttWorld();
  const ann = speaker();
  ann.hears(500);
  ann.stream[Symbol.dispose]();
  ann.stream[Symbol.dispose]();
  expect(ann.told).toEqual([]);
  await settled();
  expect(ann.told).toEqual([{ type: 'ended', error: undefined }]);
  expect(streams('one')[0]!.closed).toBe(true);
  expect(clock.timers()).toBe(0);
});
