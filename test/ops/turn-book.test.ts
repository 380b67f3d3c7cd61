import { expect, it } from 'vitest';
import { openTurnBook } from '../../src/ops/turn-book.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { EACH } from './each-observation.ts';

const TURN = { room: 'lobby', session: 'talk', turnId: 'ann/1' } as const;
const CALL = { ...EACH.usage, ...TURN };
const ENDED = { ...EACH['reply-finished'], ...TURN };
const HEARD = { ...ENDED, end: 'finished', firstSegmentMs: 20 } as const;
/** Cut before the room had a word of it. */
const CUT = { ...ENDED, end: 'interrupted' } as const;

/** The turns that are told, by their root spans, each with how many calls it took. */
async function told(...observations: readonly Observation[]): Promise<readonly string[]> {
  const roots: string[] = [];
  const book = openTurnBook(
    () => 0,
    ({ spans: [root, ...stages] }) => {
      const { 'troupe.turn.id': id, 'troupe.turn.outcome': outcome } = root.attributes;
      const calls = stages.filter(({ kind }) => kind === 'client').length;
      roots.push(`${String(id)} ${String(outcome)} ${calls}`);
    },
  );
  for (const one of observations) {
    book(one);
    await Promise.resolve();
  }
  return roots;
}

it('gives a turn one root, though its first reply was cut before anybody had it', async () => {
  expect(await told(CALL, CUT, CALL, HEARD)).toEqual(['ann/1 finished 2']);
});

it('tells of a cut one when a later turn is answered with it', async () => {
  const later = { ...HEARD, turnId: 'bob/1' };
  expect(await told(CALL, CUT, { ...CALL, turnId: 'bob/1' }, later)).toEqual([
    'ann/1 interrupted 1',
    'bob/1 finished 1',
  ]);
});

it('tells nothing of a turn that still waits for its answer, nor of another talk’s', async () => {
  expect(await told(CALL, CUT, { ...HEARD, session: 'other' })).toEqual(['ann/1 finished 0']);
});

it('tells of a reply that was cut after its first words at once', async () => {
  expect(await told(CALL, { ...CUT, firstSegmentMs: 20 })).toEqual(['ann/1 interrupted 1']);
});
