import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CONNECT_LIMIT_MS = 5_000;
const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * Downloads the release's archive, checks it against the release's own list of checksums and unpacks
 * `livekit-server` into `directory`.
 * @throws Error when the network, the platform or the checksum does not fit.
 */
export async function downloadRelease(version: string, directory: string): Promise<void> {
  const release = `https://github.com/livekit/livekit/releases/download/v${version}`;
  const cpu = arch() === 'x64' ? 'amd64' : arch();
  const name = `livekit_${version}_${platform()}_${cpu}.tar.gz`;
  const sums = Buffer.from(await get(`${release}/checksums.txt`, CONNECT_LIMIT_MS)).toString();
  const expected = sums
    .split('\n')
    .find((line) => line.trim().endsWith(name))
    ?.split(/\s+/)[0];
  if (expected === undefined) throw new Error(`the release has no ${name}`);
  const archive = await get(`${release}/${name}`, DOWNLOAD_LIMIT_MS);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`${name} does not match its checksum`);
  writeFileSync(join(directory, name), archive);
  await promisify(execFile)('tar', ['-xzf', name, 'livekit-server'], { cwd: directory });
}

async function get(url: string, limitMs: number): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
