import { expect, it } from 'vitest';
import { sttError } from '../support/fake-speech-to-text.ts';
import { openSttWorld, words } from './stt-world.ts';
import type { ManualStream } from './stt-world.ts';

it('tells once that another one stands in, however often that one hears again what it was given', () => {
  const { speaker, streams, observed } = openSttWorld();
  const ann = speaker();
  ann.hears(1_000);
  streams('one')[0]!.fail(sttError('unavailable'));
  const [two] = streams('two');
  two!.tell(words('interim', 'Hel', 400));
  two!.tell({ type: 'acknowledged', audioToMs: 600 });
  two!.tell(words('interim', 'Hello', 800));
  expect(observed).toEqual(['provider-failed one', 'provider-fallback two']);
});

it('is waited for as long as the slowest that hears now', () => {
  const { room, speaker, streams } = openSttWorld({ providers: ['two', 'three'] });
  const ann = speaker();
  ann.hears(500);
  expect(room.finalP99Ms).toBe(300);
  streams('two')[0]!.fail(sttError('unavailable'));
  expect(room.finalP99Ms).toBe(500);
  const ben = speaker();
  ben.hears(500);
  expect(streams('two')).toHaveLength(2);
  expect(room.finalP99Ms).toBe(500);
  streams('three')[0]!.fail(sttError('quota'));
  expect(room.finalP99Ms).toBe(300);
});

it('hands over from a provider that fails while it is opened, and gives that no sound', () => {
  const fails = sttError('unavailable');
  const { speaker, streams, observed } = openSttWorld({
    atOpen: { one: ({ fail }) => fail(fails) },
  });
  const ann = speaker();
  ann.hears(500);
  expect(observed).toEqual(['provider-failed one']);
  expect(streams('one')).toMatchObject([{ pushedMs: 0, closed: true }]);
  expect(streams('two')).toMatchObject([{ pushedMs: 500, closed: false }]);
  streams('two')[0]!.tell(words('final', 'Hello.', 500));
  expect(ann.told).toEqual([words('final', 'Hello.', 500)]);
});

it('hears what a provider tells while it is opened', () => {
  const tells = ({ tell }: ManualStream): void => tell({ type: 'acknowledged', audioToMs: 0 });
  const { speaker } = openSttWorld({ atOpen: { one: tells } });
  expect(speaker().types()).toEqual(['acknowledged']);
});
