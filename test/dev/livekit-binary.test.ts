import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { findLiveKitServer, LIVEKIT_VERSION } from '../../dev/livekit/binary.ts';
import { freePort } from '../../dev/process/ports.ts';

const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;
const ARCHIVE = `livekit_${LIVEKIT_VERSION}_linux_${ARCH}.tar.gz`;
const SERVER = '#!/bin/sh\necho a LiveKit server\n';

let cache = '';

beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  await putOnPath('1.2.3');
  vi.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A release as LiveKit publishes it, unless `change` alters the archive after its sum was taken. */
async function publishRelease(change: (archive: Buffer) => Buffer = (archive) => archive) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'livekit-server'), SERVER, { mode: 0o755 });
  await promisify(execFile)('tar', ['-czf', ARCHIVE, 'livekit-server'], { cwd: folder });
  const archive = await readFile(join(folder, ARCHIVE));
  const sum = createHash('sha256').update(archive).digest('hex');
  const files: Readonly<Record<string, Buffer | string>> = {
    [`/v${LIVEKIT_VERSION}/checksums.txt`]: `${'0'.repeat(64)}  other.tar.gz\n${sum}  ${ARCHIVE}\n`,
    [`/v${LIVEKIT_VERSION}/${ARCHIVE}`]: change(archive),
  };
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    response.writeHead(url in files ? 200 : 404).end(files[url]);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { requests, sources: { releases: `http://127.0.0.1:${port}`, goFolders: [] } };
}

async function folderWith(command: string, script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, command), script);
  await chmod(join(folder, command), 0o755);
  return folder;
}

/** Lets PATH lead to a LiveKit server that says it has this version. */
async function putOnPath(version: string): Promise<void> {
  const script = `#!/bin/sh\necho livekit-server version ${version}\n`;
  const folder = await folderWith('livekit-server', script);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

it('says what to install where there is neither a server, a release nor Go', async () => {
  vi.stubEnv('PATH', '');
  const releases = `http://127.0.0.1:${await freePort()}`;
  await expect(findLiveKitServer({ releases, goFolders: [cache] })).rejects.toThrow(
    new RegExp(
      `^LiveKit server ${LIVEKIT_VERSION} is missing\\..*ECONNREFUSED.*no Go toolchain.*` +
        `Put livekit-server ${LIVEKIT_VERSION} on PATH .* or install Go 1\\.26 or newer`,
    ),
  );
});

it('downloads the release once, for however many ask, and keeps it', async () => {
  const { requests, sources } = await publishRelease();
  const found = await Promise.all([findLiveKitServer(sources), findLiveKitServer(sources)]);
  found.push(await findLiveKitServer(sources));
  expect(new Set(found).size).toBe(1);
  expect(await promisify(execFile)(found[0])).toMatchObject({ stdout: 'a LiveKit server\n' });
  expect(requests).toHaveLength(2);
});

it('installs nothing that does not match its checksum', async () => {
  const { sources } = await publishRelease((archive) => Buffer.concat([archive, Buffer.from('!')]));
  vi.stubEnv('PATH', '');
  await expect(findLiveKitServer(sources)).rejects.toThrow('does not match its checksum');
  expect(await readdir(join(cache, 'troupe'))).toEqual([]);
});

it('builds with a Go toolchain that is not on PATH where no release is to be had', async () => {
  const go = await folderWith(
    'go',
    `#!/bin/sh\nif [ "$1" = build ]; then while [ "$1" != -o ]; do shift; done; echo built >"$2"; fi\n`,
  );
  vi.stubEnv('PATH', '');
  const releases = `http://127.0.0.1:${await freePort()}`;
  const path = await findLiveKitServer({ releases, goFolders: [go] });
  expect(await readFile(path, 'utf8')).toBe('built\n');
});

it('says what Go said last when the build fails', async () => {
  const go = await folderWith(
    'go',
    '#!/bin/sh\nif [ "$1" = build ]; then echo go is too old >&2; exit 1; fi\n',
  );
  vi.stubEnv('PATH', '');
  const releases = `http://127.0.0.1:${await freePort()}`;
  const finding = findLiveKitServer({ releases, goFolders: [go] });
  await expect(finding).rejects.toThrow('go build ended with 1: go is too old');
});

it('takes the server on PATH if it has the right version', async () => {
  const { requests, sources } = await publishRelease();
  await putOnPath(LIVEKIT_VERSION);
  expect(await findLiveKitServer(sources)).toBe('livekit-server');
  expect(requests).toEqual([]);
});
