import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How long npm may take, in ms; offline it gives up at once. */
const LIMIT_MS = 120_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Runs npm in the checkout; what it prints, also where it ends with an error. */
export function runNpm(args: readonly string[]): Promise<string> {
  const options = { cwd: ROOT, timeout: LIMIT_MS, maxBuffer: MOST_BYTES };
  return new Promise((resolve, reject) => {
    execFile('npm', args, options, (error, stdout, stderr) => {
      if (stdout.trim() !== '') resolve(stdout);
      else reject(new Error(`npm ${args[0]} printed nothing: ${stderr}`, { cause: error }));
    });
  });
}

const ROOT = join(import.meta.dirname, '../..');
