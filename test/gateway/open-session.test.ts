import { expect, it } from 'vitest';
import { openSession } from '../../src/gateway/open-session.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { makeFakeDirectory } from '../support/fake-directory.ts';

it('tells of a row that it could not take back, and still says why there is no session', async () => {
  const directory = makeFakeDirectory();
  directory.putCharacter({ id: 'ada' });
  const observed: Observation[] = [];
  const [full, away] = [new Error('the queue is full'), new Error('the database is away')];
  const opening = openSession(
    {
      directory,
      sessions: { add: async () => 'the-session', remove: () => Promise.reject(away) },
      mintGuestPass: async () => ({ url: 'ws://lk', token: 't', expiresAt: 0 }),
      enqueue: () => Promise.reject(full),
      clock: systemClock,
      newId: () => 'new',
      observe: (one) => void observed.push(one),
    },
    { characterId: 'ada', name: 'Guest' },
    new AbortController().signal,
  );
  await expect(opening).rejects.toBe(full);
  expect(observed).toEqual([{ type: 'session-left-behind', session: 'the-session', error: away }]);
});
