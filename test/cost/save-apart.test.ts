import { expect, it } from 'vitest';
import { saveApart } from '../../src/cost/save-apart.ts';
import { TroupeError } from '../../src/errors.ts';

it('halves no further when nobody waits any more', async () => {
  const tried: (readonly number[])[] = [];
  const batch = {
    save(records: readonly number[]) {
      tried.push(records);
      const about = { kind: 'rejected', fault: 'fleet', service: 'database' } as const;
      return Promise.reject(new TroupeError('no', about));
    },
    saved: (records: readonly number[]) => expect(records).toEqual([]),
    refused: (records: readonly number[]) => expect(records).toEqual([1]),
    isOver: () => tried.length >= 3,
  };
  await saveApart(batch, [1, 2, 3, 4]);
  expect(tried).toEqual([[1, 2, 3, 4], [1, 2], [1]]);
});
