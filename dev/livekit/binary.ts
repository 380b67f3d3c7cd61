import { join } from 'node:path';
import { findBinary } from '../tools/binary.ts';
import { buildWithGo, USUAL_GO_FOLDERS } from '../tools/go-build.ts';
import { downloadLiveKitServer, LIVEKIT_RELEASES } from './download.ts';

/** The LiveKit server that the stack runs. */
export const LIVEKIT_VERSION = '1.13.4';

/** Where a server that this machine does not have may come from. */
export interface LiveKitSources {
  readonly releases: string;
  readonly goFolders: readonly string[];
}

/**
 * Path of a LiveKit server of {@link LIVEKIT_VERSION}: the one on PATH, else the one in the cache,
 * else downloaded from its release, else built from its pinned sources in some minutes.
 * @throws with what to install when nothing worked.
 */
export async function findLiveKitServer(
  { releases, goFolders }: LiveKitSources = {
    releases: LIVEKIT_RELEASES,
    goFolders: USUAL_GO_FOLDERS,
  },
): Promise<string> {
  return await findBinary({
    title: 'LiveKit server',
    command: 'livekit-server',
    version: LIVEKIT_VERSION,
    tells: {
      args: ['--version'],
      version: new RegExp(`version ${RegExp.escape(LIVEKIT_VERSION)}`),
    },
    sources: [
      {
        way: 'download',
        get: (target, report) => downloadLiveKitServer(target, LIVEKIT_VERSION, releases, report),
      },
      buildWithGo({ package: PACKAGE, sources: join(import.meta.dirname, 'build') }, goFolders),
    ],
    remedy:
      `Put livekit-server ${LIVEKIT_VERSION} on PATH (https://github.com/livekit/livekit/releases) ` +
      `or install Go 1.26 or newer (https://go.dev/dl).`,
  });
}

const PACKAGE = 'github.com/livekit/livekit-server/cmd/server';
