import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/adapters/silero/model.ts';
import { recordingSamples } from '../../support/speech-windows.ts';

const HOME = new URL('../../../src/adapters/silero/', import.meta.url);
const speech = recordingSamples('hello-emma');

/** The `at`th window of the speech. */
function windowAt(at: number): Int16Array {
  return speech.slice(at * 512, (at + 1) * 512);
}

describe('the model', () => {
  it('is the one whose licence stands beside it', () => {
    const bytes = readFileSync(new URL('silero-vad-v6.onnx', HOME));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
    );
    expect(readFileSync(new URL('silero-vad-v6.LICENSE', HOME), 'utf8')).toContain('Silero Team');
  });

  it('judges a row of a batch as it judges it alone, and keeps each stream’s own memory', async () => {
    const alone = await loadModel();
    const batched = await loadModel();
    const others = [2, 3, 4].map(() => recordingSamples('music'));
    for (let at = 0; at < 30; at += 1) {
      const [single = Number.NaN] = await alone.judge([1], windowAt(at));
      const rows = [
        windowAt(at),
        ...others.map((pcm, no) => pcm.slice((at + no) * 512).slice(0, 512)),
      ];
      const all = await batched.judge(
        [1, 2, 3, 4],
        Int16Array.from(rows.flatMap((row) => [...row])),
      );
      expect(all).toHaveLength(4);
      expect(all[0]).toBeCloseTo(single, 4);
    }
  });

  it('remembers the windows before: without them it judges otherwise', async () => {
    const model = await loadModel();
    const sure = { kept: [] as number[], forgotten: [] as number[] };
    for (let at = 0; at < 45; at += 1) {
      const [kept = Number.NaN] = await model.judge([1], windowAt(at));
      const [forgotten = Number.NaN] = await model.judge([2], windowAt(at));
      model.forget(2);
      sure.kept.push(kept);
      sure.forgotten.push(forgotten);
    }
    const apart = sure.kept.map((kept, at) => Math.abs(kept - (sure.forgotten[at] ?? 0)));
    const mostly = (values: readonly number[]): number =>
      values.filter((one) => one > 0.5).length / values.length;
    expect(mostly(sure.kept)).toBeGreaterThan(0.7);
    expect(mostly(apart)).toBeGreaterThan(0.1);
  });

  it('knows a forgotten stream no more', async () => {
    const model = await loadModel();
    const [first] = await model.judge([1], windowAt(4));
    const [second] = await model.judge([1], windowAt(4));
    model.forget(1);
    const [again] = await model.judge([1], windowAt(4));
    expect(again).toBe(first);
    expect(second).not.toBe(first);
  });
});
