import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/adapters/silero/model.ts';
import { recordingSamples } from '../../support/speech-windows.ts';

const HOME = new URL('../../../src/adapters/silero/', import.meta.url);
const speech = recordingSamples('hello-emma');

/** The `at`th window of the speech. */
function windowAt(at: number): Int16Array {
  return speech.slice(at * 512, (at + 1) * 512);
}

/** How many are sure of speech, 0 to 1. */
function mostly(values: readonly number[]): number {
  return values.filter((one) => one > 0.5).length / values.length;
}

/** The same windows straight through the runtime, each behind so many samples of the one before. */
async function judgeByHand(context: number): Promise<readonly number[]> {
  const session = await InferenceSession.create(fileURLToPath(new URL('silero-vad-v6.onnx', HOME)));
  const sound = Float32Array.from([...new Int16Array(context), ...speech], (one) => one / 32_768);
  const sr = new Tensor('int64', BigInt64Array.of(16_000n), []);
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
  const sure: number[] = [];
  for (let at = 0; at < 45; at += 1) {
    const pcm = sound.slice(at * 512, (at + 1) * 512 + context);
    const input = new Tensor('float32', pcm, [1, pcm.length]);
    const { output, stateN } = await session.run({ input, state, sr });
    state = stateN as typeof state;
    sure.push(Number(output!.data[0]));
  }
  return sure;
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

  it('gets the end of the window before: without it speech is none', async () => {
    const model = await loadModel();
    const judged: number[] = [];
    for (let at = 0; at < 45; at += 1) judged.push(...(await model.judge([1], windowAt(at))));
    const asMeant = await judgeByHand(64);
    expect(judged.map((one, at) => Math.abs(one - asMeant[at]!) < 1e-4)).not.toContain(false);
    expect(mostly(judged)).toBeGreaterThan(0.7);
    expect(mostly(await judgeByHand(0))).toBeLessThan(0.1);
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
