import { expect, it, vi } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';

const NEVER = { graceful: new AbortController().signal, forced: new AbortController().signal };

it.each([
  ['dance', 2],
  ['toString', 2],
  ['constructor', 2],
  ['help', 0],
])('explains itself to who asks for %s', async (name, code) => {
  const told = vi.spyOn(console, 'error').mockReturnValue();
  expect(await runCommand([name], {}, NEVER)).toBe(code);
  expect(told).toHaveBeenCalledWith(expect.stringContaining('usage: troupe [command]'));
  told.mockRestore();
});
