import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findTool } from '../../dev/tools/tools.ts';
import { CHART } from './render.ts';

it('has alert rules that Prometheus takes', async () => {
  const promtool = await findTool('promtool');
  const files = await Array.fromAsync(glob(`${CHART}/alerts/*.yaml`));
  expect(files).not.toEqual([]);
  const { stdout } = await promisify(execFile)(promtool, [
    'check',
    'rules',
    '--lint=all',
    ...files,
  ]);
  expect(stdout.match(/SUCCESS: [1-9]\d* rules found/g)).toHaveLength(files.length);
}, 1_200_000);
