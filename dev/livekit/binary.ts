import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../lib/places.ts';
import { downloadRelease } from './download.ts';

export const LIVEKIT_VERSION = '1.13.4';

const run = promisify(execFile);

/**
 * Where the LiveKit server's program is: on PATH, in the cache, downloaded, or built, in this order.
 * @throws Error saying what to install when none of it is possible.
 */
export async function findLiveKitServer(say: (line: string) => void): Promise<string> {
  const onPath = await findOnPath();
  if (onPath !== undefined) return onPath;
  const cached = join(
    cacheDirectory(),
    `livekit-server-${LIVEKIT_VERSION}-${platform()}-${arch()}`,
  );
  if (existsSync(cached)) return cached;
  await obtain(cached, say);
  return cached;
}

async function findOnPath(): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(directory, 'livekit-server');
    if (!existsSync(program)) continue;
    const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }));
    if (stdout.includes(LIVEKIT_VERSION)) return program;
  }
  return undefined;
}

/** Makes the program beside its place and moves it there at once: two who build do not collide. */
async function obtain(place: string, say: (line: string) => void): Promise<void> {
  const workshop = mkdtempSync(join(cacheDirectory(), 'livekit-'));
  const made = join(workshop, 'livekit-server');
  try {
    say(`LiveKit server ${LIVEKIT_VERSION} is not here yet; trying to download it`);
    const failure = await downloadRelease(LIVEKIT_VERSION, workshop).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure !== undefined) {
      say(`no download (${failure}); building it with Go, once, in two to five minutes`);
      await build(workshop, say);
    }
    chmodSync(made, 0o755);
    renameSync(made, place);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function build(workshop: string, say: (line: string) => void): Promise<void> {
  const go = findGo();
  if (go === undefined) {
    throw new Error(
      `LiveKit server ${LIVEKIT_VERSION} could not be downloaded and there is no Go to build it.\n` +
        'Install Go 1.26 or newer, or put livekit-server on PATH, and start again.',
    );
  }
  for (const file of ['go.mod', 'go.sum']) {
    copyFileSync(join(import.meta.dirname, 'build', file), join(workshop, file));
  }
  const args = ['build', '-v', '-mod=readonly', '-trimpath', '-ldflags', '-s -w'];
  const target = 'github.com/livekit/livekit-server/cmd/server';
  await new Promise<void>((resolve, reject) => {
    const child = spawn(go, [...args, '-o', 'livekit-server', target], {
      cwd: workshop,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let packages = 0;
    let last = '';
    child.stderr.on('data', (chunk: Buffer) => {
      last = chunk.toString().trim().split('\n').at(-1) ?? last;
      const before = Math.floor(packages / 200);
      packages += chunk.toString().split('\n').length - 1;
      if (Math.floor(packages / 200) > before) say(`built ${packages} packages`);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`go build ended with ${code}: ${last}`)),
    );
  });
}

function findGo(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((one) => join(one, 'go'));
  const usual = ['/usr/local/go/bin/go', '/usr/lib/go/bin/go', '/opt/homebrew/bin/go'];
  return [...onPath, ...usual, join(homedir(), 'go', 'bin', 'go')].find((path) => existsSync(path));
}
