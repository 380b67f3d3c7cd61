import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NODE_FLAGS } from '../../dev/worker-process.ts';
import { readDockerfile } from '../image/dockerfile.ts';

it('a worker runs under the same flags from the image, from a checkout and in tests', () => {
  const steps = readDockerfile('Dockerfile').stages.flatMap((stage) => stage.steps);
  const entry = steps.flatMap((step) => (step.kind === 'entrypoint' ? step.command : []));
  expect(entry).toEqual(['node', ...NODE_FLAGS, '/app/src/main.ts']);
  const [shebang] = readFileSync('src/main.ts', 'utf8').split('\n');
  expect(shebang).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
});
