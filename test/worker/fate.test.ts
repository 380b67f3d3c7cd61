import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { Refusal } from '../../src/ports/lease-table.ts';
import type { Tried } from '../../src/worker/failure.ts';
import { fateOf, fateOfRefused } from '../../src/worker/fate.ts';
import type { BotEnd, Fate, RefusedFate } from '../../src/worker/fate.ts';

const error = new TroupeError('no prompt', {
  kind: 'rejected',
  fault: 'room',
  service: 'database',
});
const done = (value: BotEnd): Tried<BotEnd> => ({ kind: 'done', value });
const givenUp = (atOnce: boolean): Tried<BotEnd> => ({ kind: 'given-up', error, atOnce });
const free = (pauseMs: number): Fate => ({ kind: 'handed-back', pauseMs });

describe('the fate of a message', () => {
  it.each<[string, Tried<BotEnd>, Fate, Fate?]>([
    ['left', done({ kind: 'left', reason: 'idle' }), { kind: 'closed' }],
    ['handed over', done({ kind: 'handed-over' }), free(0)],
    ['lost', done({ kind: 'lost' }), { kind: 'untouched' }],
    ['hopeless', { kind: 'hopeless', error }, { kind: 'buried', reason: 'no prompt' }],
    ['given up here', givenUp(false), free(5_000), free(0)],
    ['given up at once', givenUp(true), free(0)],
  ])('whose bot %s', (_how, ended, fate, whileDraining = fate) => {
    expect(fateOf(ended, false)).toEqual(fate);
    expect(fateOf(ended, true)).toEqual(whileDraining);
  });

  const fates: Readonly<Record<Refusal, RefusedFate>> = {
    ended: { kind: 'deleted' },
    duplicate: { kind: 'deleted' },
    stale: { kind: 'deleted' },
    expired: { kind: 'deleted' },
    stalled: { kind: 'untouched' },
    occupied: { kind: 'put-behind' },
    poisoned: { kind: 'dead-lettered', reason: 'room lobby crashed its workers too often' },
  };
  it.each(Object.entries(fates))('that was refused as %s', (refusal, fate) => {
    expect(fateOfRefused(refusal as Refusal, 'lobby')).toEqual(fate);
  });
});
