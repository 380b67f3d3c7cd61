import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';

it('finds nothing to say about the Dockerfile', async () => {
  const hadolint = await findTool('hadolint');
  const { stdout } = await promisify(execFile)(hadolint, ['--no-fail', 'Dockerfile']);
  expect(stdout).toBe('');
}, 120_000);
