import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a campaign's workers find what they run, compiled. */
export const COMPILE_CACHE = join(tmpdir(), 'troupe-campaign-compiled');

const LIMIT_MS = 60_000;

/** Compiles what workers run, as the image does when it is built. @throws where that fails. */
export function fillCompileCache(): void {
  const modules = join(import.meta.dirname, '../../src/{cli,app}/*.ts');
  const load = `import { globSync } from 'node:fs';
    for (const file of globSync(${JSON.stringify(modules)})) await import(file);
    process.exit(0);`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', load], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    timeout: LIMIT_MS,
  });
}
