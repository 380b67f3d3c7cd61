import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeUnfinishedSound } from '../../../src/adapters/deepgram/unfinished-sound.ts';

const LIMIT_MS = 100;

it('keeps exactly what is not final, whatever the pieces, and never more than the limit', () => {
  const step = fc.record({ samples: fc.nat(1_000), finishMs: fc.option(fc.nat(400)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const sound = makeUnfinishedSound(LIMIT_MS);
      const all: number[] = [];
      let finished = 0;
      for (const { samples, finishMs } of steps) {
        const pcm = Int16Array.from({ length: samples }, (_, at) => all.length + at);
        all.push(...pcm);
        sound.push(pcm);
        pcm.fill(0);
        finished = Math.max(finished, all.length - LIMIT_MS * 16);
        if (finishMs !== null) {
          sound.finish(finishMs);
          finished = Math.max(finished, Math.min(all.length, finishMs * 16));
        }
        const kept = Buffer.concat([...sound.pieces()]);
        expect([...new Int16Array(new Uint8Array(kept).buffer)]).toEqual(all.slice(finished));
        expect(sound.fromMs()).toBe(finished / 16);
        expect(sound.pushedMs()).toBe(all.length / 16);
      }
    }),
    { numRuns: 50 },
  );
});
