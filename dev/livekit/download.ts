import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Where LiveKit publishes its server, one folder a version. */
export const LIVEKIT_RELEASES = 'https://github.com/livekit/livekit/releases/download';

/**
 * Downloads the server's release into `target` and checks it against the release's checksums file.
 * @throws when the release is not reachable within 5 s, or stalls, or does not match.
 */
export async function downloadLiveKitServer(
  target: string,
  version: string,
  releases: string,
  report: (line: string) => void,
): Promise<void> {
  const archive = `livekit_${version}_${osName()}_${archName()}.tar.gz`;
  const checksums = await get(`${releases}/v${version}/checksums.txt`, REACH_MS);
  const expected = checksumOf(archive, checksums.toString('utf8'));
  report(`downloading ${archive}`);
  const bytes = await get(`${releases}/v${version}/${archive}`, DOWNLOAD_MS);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw new Error(`${archive} does not match its checksum`);
  await unpack(bytes, target);
  report('downloaded');
}

const REACH_MS = 5_000;
const DOWNLOAD_MS = 180_000;

async function get(url: string, limitMs: number): Promise<Buffer> {
  const signal = AbortSignal.timeout(limitMs);
  const response = await fetch(url, { signal }).catch((error: Error) => {
    throw new Error(`${url} is not reachable (${causeOf(error)})`);
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The line `<sha256>  <file>` of a checksums file as goreleaser writes it. */
function checksumOf(file: string, checksums: string): string {
  const line = checksums.split('\n').find((one) => one.trim().endsWith(` ${file}`));
  const sum = /^[0-9a-f]{64}/.exec(line ?? '')?.[0];
  if (sum === undefined) throw new Error(`the release's checksums do not name ${file}`);
  return sum;
}

async function unpack(archive: Buffer, target: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(target), 'unpacking-'));
  try {
    await writeFile(join(folder, 'archive.tar.gz'), archive);
    const tar = ['-xzf', 'archive.tar.gz', 'livekit-server'];
    await promisify(execFile)('tar', tar, { cwd: folder, timeout: 60_000 });
    await rename(join(folder, 'livekit-server'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function osName(): string {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function archName(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
