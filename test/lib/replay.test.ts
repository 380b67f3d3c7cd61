import { expect, it } from 'vitest';
import { openChannel } from '../../src/lib/channel.ts';
import { openReplay } from '../../src/lib/replay.ts';
import { settled } from '../support/hand-clock.ts';

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  return await Array.fromAsync(items);
}

it('is read again from the beginning, also the piece that a left reader waited for', async () => {
  const source = openChannel<string>();
  const replay = openReplay(source);
  source.put('one ');
  const left = replay.read();
  expect(await left.next()).toEqual({ done: false, value: 'one ' });
  void left.next();
  await settled();
  source.put('two ');
  source.put('three');
  source.end();
  expect(await all(replay.read())).toEqual(['one ', 'two ', 'three']);
  expect(await all(replay.read())).toEqual(['one ', 'two ', 'three']);
});

it('keeps nothing once it is forgotten, and goes on for who reads', async () => {
  const source = openChannel<string>();
  const replay = openReplay(source);
  source.put('one ');
  source.put('two ');
  const reader = replay.read();
  await reader.next();
  replay.forget();
  source.put('three');
  source.end();
  expect(await all(reader)).toEqual(['two ', 'three']);
  expect(await all(replay.read())).toEqual([]);
});

it('fails for every reader where its source fails', async () => {
  const source = openChannel<string>();
  const replay = openReplay(source);
  source.put('one');
  source.fail(new Error('no more ideas'));
  await expect(all(replay.read())).rejects.toThrow('no more ideas');
  await expect(all(replay.read())).rejects.toThrow('no more ideas');
});

it('leaves its source when it is closed', async () => {
  const left = Promise.withResolvers<string>();
  async function* source(): AsyncGenerator<string> {
    try {
      yield 'one';
      yield 'two';
    } finally {
      left.resolve('left');
    }
  }
  const replay = openReplay(source());
  await replay.read().next();
  replay.close();
  expect(await left.promise).toBe('left');
});
