import { existsSync } from 'node:fs';

/**
 * Loaded into a worker before anything else: at SIGUSR2 its event loop stands still, as by a defect of
 * ours, for as long as the file that BLOCK_FILE names is there.
 */
process.on('SIGUSR2', () => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(process.env['BLOCK_FILE'] ?? '')) Atomics.wait(never, 0, 0, 20);
});
