import { expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { openSttWorld, words } from './stt-world.ts';

const PLENTY = { providers: ['one'] };

it('a room has four streams: the idlest gives its own up to who speaks, and gets one by speaking', () => {
  const { clock, speaker, streams } = openSttWorld(PLENTY);
  const others = [speaker(), speaker(), speaker(), speaker()];
  for (const [at, other] of others.entries()) {
    other.hears(100);
    streams('one')[at]!.tell(words('final', 'Hi.', 100));
  }
  clock.pass(2_000);
  const ann = speaker();
  ann.hears(1_000, '.');
  expect(streams('one')).toHaveLength(4);
  ann.hears(100);
  expect(streams('one')[4]!.loudMs).toBe(100);
  expect(streams('one').map(({ closed }) => closed)).toEqual([true, false, false, false, false]);
  expect(others[0]!.types()).toEqual(['final']);

  others[0]!.hears(50);
  expect(streams('one')[1]!.closed).toBe(true);
  expect(streams('one')[5]!.loudMs).toBe(50);
  streams('one')[5]!.tell(words('final', 'Me again.', 50));
  expect(others[0]!.told.at(-1)).toEqual(words('final', 'Me again.', 150));
});

it('who has been understood needs no seat, though speech is told longer than its last word', () => {
  const { clock, speaker, streams } = openSttWorld({ ...PLENTY, seats: 1 });
  const [ann, ben] = [speaker(), speaker()];
  ann.hears(500);
  // The ears notice its end by the silence behind it.
  streams('one')[0]!.tell(words('final', 'Hi.', 350));
  clock.pass(2_000);
  ben.hears(100);
  expect(streams('one')[0]!.closed).toBe(true);
  ann.hears(1_000, '.');
  clock.pass(1_000);
  expect(streams('one')).toHaveLength(2);
  expect(streams('one')[1]!.closed).toBe(false);
});

it('who speaks where all others do too waits, and is heard from the beginning', () => {
  const { clock, speaker, streams } = openSttWorld(PLENTY);
  const others = [speaker(), speaker(), speaker(), speaker()];
  others.forEach((other) => other.hears(100));
  streams('one').forEach((stream) => (stream.idle = false));
  const ann = speaker();
  ann.hears(3_000);
  ann.stream.flush();
  expect(streams('one')).toHaveLength(4);
  expect(ann.told).toEqual([]);
  streams('one')[2]!.idle = true;
  clock.pass(100);
  expect([streams('one')[4]!.loudMs, streams('one')[4]!.flushes]).toEqual([3_000, 1]);
  expect(streams('one')[2]!.closed).toBe(true);
});

it('a pause within a sentence does not cost a seat', () => {
  const { clock, speaker, streams } = openSttWorld({ ...PLENTY, seats: 1 });
  const [ann, ben] = [speaker(), speaker()];
  ann.hears(500);
  streams('one')[0]!.tell(words('interim', 'I think', 500));
  ben.hears(500);
  expect(streams('one')).toHaveLength(1);
  clock.pass(600);
  expect(streams('one')[0]!.closed).toBe(true);
  expect(streams('one')[1]!.loudMs).toBe(500);
});

it('the seats of a provider are those of all rooms; where they are taken the second serves', () => {
  const { openRoom, speaker, streams, observed } = openSttWorld({ seats: 1 });
  const ann = speaker();
  ann.hears(100);
  const ben = speaker(openRoom());
  ben.hears(100);
  expect(streams('one')).toHaveLength(1);
  expect(streams('two')[0]!.loudMs).toBe(100);
  expect(observed).toEqual([]);
});

it('a seat comes free where a stream is closed', async () => {
  const { openRoom, speaker, streams, clock } = openSttWorld({ ...PLENTY, seats: 1 });
  const ann = speaker();
  const ben = speaker(openRoom());
  streams('one')[0]!.idle = false;
  ben.hears(200);
  ann.stream[Symbol.dispose]();
  await settled();
  clock.pass(100);
  expect(streams('one')[1]!.loudMs).toBe(200);
});

it('who leaves while waiting for a seat waits no longer', async () => {
  const { clock, speaker, streams } = openSttWorld({ ...PLENTY, seats: 1 });
  const ann = speaker();
  streams('one')[0]!.idle = false;
  const ben = speaker();
  ben.hears(200);
  ben.stream[Symbol.dispose]();
  ann.stream[Symbol.dispose]();
  await settled();
  expect([clock.timers(), streams('one').length, ben.types()]).toEqual([0, 1, ['ended']]);
});

it('who has no seat and says nothing is idle, and flushed at once', async () => {
  const { speaker, streams } = openSttWorld({ ...PLENTY, seats: 1 });
  speaker();
  const ben = speaker();
  ben.hears(500, '.');
  ben.stream.flush();
  expect(ben.told).toEqual([]);
  await settled();
  expect([ben.types(), ben.stream.isIdle(), streams('one').length]).toEqual([['flushed'], true, 1]);
});
