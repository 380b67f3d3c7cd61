import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startDemo } from '../support/demo-process.ts';
import { processesOf } from '../support/processes.ts';

vi.setConfig({ testTimeout: 90_000 });

it('--voice --once talks aloud, is interrupted, and leaves sound and picture of it', async () => {
  const demo = startDemo(['--voice', '--once']);
  const code = await demo.exitCode();
  expect(demo.printed()).toMatch(TALK);
  expect(code).toBe(0);
  expect(processesOf(demo.owner)).toEqual([]);
  const [wav, svg] = [...demo.printed().matchAll(/kept \| (\S+)/g)].map(([, path]) => path!);
  onTestFinished(() => rmSync(dirname(wav!), { recursive: true }));

  const [annas, miras] = loudSeconds(readFileSync(wav!));
  expect(annas).toBeGreaterThan(2);
  expect(miras).toBeGreaterThan(6);

  const picture = readFileSync(svg!, 'utf8');
  for (const words of ['That is not what I asked.', 'Then I stop here.', 'speaking'])
    expect(picture).toContain(words);
  // Four answers, and how long the interrupted one went on; then six stages of each answer.
  expect(picture.match(/>-?\d+ ms</g)).toHaveLength(5 + 4 * 6);
  expect(picture.match(/>voice out after \d+ ms/g)).toHaveLength(4);
});

/** What the demo shows, in this order. */
const TALK = new RegExp(
  [
    'Anna \\| \\(aloud\\) Hello, what can you do\\?',
    'heard \\| Hello, what can you do\\?',
    'Mira \\| What is your name\\?',
    'Anna \\| \\(aloud\\) That is not what I asked\\.',
    'Mira \\| Then I stop here\\.',
    'Mira \\| Your name is Anna\\.',
    'User idle - Disconnecting',
    'assistant: Nice to meet you, Anna\\. I know a long story\\.(?! .*came from)',
    'assistant: Your name is Anna\\.',
  ].join('[^]*'),
);

/** How much of each side of the file sounds. */
function loudSeconds(wav: Buffer): readonly [left: number, right: number] {
  const sides = new Int16Array(new Uint8Array(wav.subarray(44)).buffer);
  const loud = (side: number): number =>
    sides.filter((sample, at) => at % 2 === side && Math.abs(sample) > 500).length;
  const rate = wav.readUInt32LE(24);
  return [loud(0) / rate, loud(1) / rate];
}
