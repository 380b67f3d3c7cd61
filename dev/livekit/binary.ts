import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildLiveKitServer, USUAL_GO_FOLDERS } from './build.ts';
import { downloadLiveKitServer, LIVEKIT_RELEASES } from './download.ts';
import { holdLock } from './lock.ts';

/** The LiveKit server that the stack runs. */
export const LIVEKIT_VERSION = '1.13.4';

/** Where a server that this machine does not have may come from. */
export interface LiveKitSources {
  readonly releases: string;
  readonly goFolders: readonly string[];
}

/**
 * Path of a LiveKit server of {@link LIVEKIT_VERSION}: the one on PATH, else the one in the cache,
 * else downloaded from its release, else built from its pinned sources. The last two take their
 * time and tell stderr; of several processes that miss it one does the work.
 * @throws with what to install when nothing worked.
 */
export async function findLiveKitServer(
  sources: LiveKitSources = { releases: LIVEKIT_RELEASES, goFolders: USUAL_GO_FOLDERS },
): Promise<string> {
  if (await isRightVersion('livekit-server')) return 'livekit-server';
  const path = join(cacheFolder(), `livekit-server-${LIVEKIT_VERSION}-${PLATFORM}`);
  if (await exists(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  await using _lock = await holdLock(`${path}.lock`, 'another process to fetch the LiveKit server');
  if (!(await exists(path))) await fetchServer(path, sources);
  return path;
}

const PLATFORM = `${process.platform}-${process.arch}`;
const run = promisify(execFile);

async function fetchServer(path: string, { releases, goFolders }: LiveKitSources): Promise<void> {
  const report = (line: string): void => console.error(`livekit-server: ${line}`);
  const whyNoDownload = await failureOf(
    downloadLiveKitServer(path, LIVEKIT_VERSION, releases, report),
  );
  if (whyNoDownload === undefined) return;
  report(`no download: ${whyNoDownload}`);
  const whyNoBuild = await failureOf(buildLiveKitServer(path, goFolders, report));
  if (whyNoBuild === undefined) return;
  throw new Error(
    `LiveKit server ${LIVEKIT_VERSION} is missing. Its download failed: ${whyNoDownload}. ` +
      `Its build failed: ${whyNoBuild}. Put livekit-server ${LIVEKIT_VERSION} on PATH ` +
      `(https://github.com/livekit/livekit/releases) or install Go 1.26 or newer (https://go.dev/dl).`,
  );
}

async function failureOf(attempt: Promise<void>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'troupe');
}

async function isRightVersion(command: string): Promise<boolean> {
  try {
    const { stdout } = await run(command, ['--version'], { timeout: 5_000 });
    return stdout.includes(`version ${LIVEKIT_VERSION}`);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
