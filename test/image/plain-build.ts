import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readDockerfile } from './dockerfile.ts';
import type { Stage, Step } from './dockerfile.ts';

/** What the steps of the Dockerfile left, without a container engine. */
export interface PlainImage {
  /** Stands for `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Steps that were not run, since they change the machine. */
  readonly skipped: readonly string[];
  /** Who runs its programs: the image's user, or ourselves where we are not root. */
  readonly user: User;
}

/** A user by number. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** For which machine the native parts are. */
export type Arch = 'amd64' | 'arm64';

/**
 * Runs the Dockerfile's own steps as plain commands in `folder`: each stage gets a root folder of its
 * own, in which `/app` and `/usr/local` of the image lie, with the Node that runs us as the base
 * image's. `until` names the stage to end with; default: the last.
 */
export async function buildPlainly(
  folder: string,
  options: { readonly arch: Arch; readonly until?: string },
): Promise<PlainImage> {
  const builds = new Map<string, Build>();
  for (const [index, stage] of readDockerfile('Dockerfile').stages.entries()) {
    const name = stage.name ?? String(index);
    builds.set(name, await runStage(stage, join(folder, name), builds, options.arch));
    if (name === options.until) break;
  }
  const last = [...builds.values()].at(-1);
  if (last === undefined) throw new Error('the Dockerfile has no stage');
  return last;
}

type Build = { -readonly [Key in keyof PlainImage]: PlainImage[Key] };

async function runStage(
  stage: Stage,
  root: string,
  others: ReadonlyMap<string, Build>,
  arch: Arch,
): Promise<Build> {
  const self: User = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const build: Build = {
    root,
    workdir: root,
    env: { PATH: `${root}/usr/local/bin:/usr/local/bin:/usr/bin:/bin` },
    entrypoint: [],
    healthcheck: [],
    labels: {},
    skipped: [],
    user: self,
  };
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  await chmod(join(root, 'usr/local/bin/node'), 0o755);
  for (const step of stage.steps) await runStep(build, step, others, arch);
  return build;
}

async function runStep(
  build: Build,
  step: Step,
  others: ReadonlyMap<string, Build>,
  arch: Arch,
): Promise<void> {
  if (step.kind === 'run') return await run(build, step.command, arch);
  if (step.kind === 'copy') return await copy(build, step, others);
  if (step.kind === 'workdir') {
    build.workdir = within(build, step.value);
    await mkdir(build.workdir, { recursive: true });
    return;
  }
  note(build, step);
}

/** What a container engine writes into the image's configuration. */
function note(build: Build, step: Exclude<Step, { kind: 'run' | 'copy' | 'workdir' }>): void {
  if (step.kind === 'env') {
    for (const [name, value] of Object.entries(step.values))
      build.env = { ...build.env, [name]: within(build, value) };
  } else if (step.kind === 'label') build.labels = { ...build.labels, ...step.values };
  else if (step.kind === 'user') build.user = toUser(step.value) ?? build.user;
  else if (step.kind === 'entrypoint' || step.kind === 'healthcheck') {
    build[step.kind] = step.command.map((word) => within(build, word));
  }
}

/** Other numbers than our own are for root to take. */
function toUser(value: string): User | undefined {
  const [uid, gid] = value.split(':').map(Number);
  return process.getuid?.() === 0 ? { uid: uid ?? 0, gid: gid ?? 0 } : undefined;
}

async function run(build: Build, command: string, arch: Arch): Promise<void> {
  if (command.startsWith('apt-get')) {
    build.skipped = [...build.skipped, command];
    return;
  }
  const { uid = 0, gid = 0 } = { uid: process.getuid?.(), gid: process.getgid?.() };
  const owned = uid === 0 ? command : command.replace(/chown \S+/g, `chown ${uid}:${gid}`);
  await promisify(execFile)('sh', ['-ec', within(build, owned)], {
    cwd: build.workdir,
    // `npm_config_cpu` makes npm install what a machine of that kind would.
    env: {
      ...machineEnv(),
      ...build.env,
      TARGETARCH: arch,
      npm_config_cpu: arch === 'amd64' ? 'x64' : arch,
    },
    ...build.user,
    timeout: STEP_LIMIT_MS,
    maxBuffer: 2 ** 26,
  });
}

/** How this machine reaches its package registry; nothing of the test run's own. */
function machineEnv(): NodeJS.ProcessEnv {
  const isOfRun = /^(?:npm_|NODE_(?!EXTRA_CA_CERTS)|VITEST|TEST$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfRun.test(name)));
}

async function copy(
  build: Build,
  { from, sources, target }: Extract<Step, { kind: 'copy' }>,
  others: ReadonlyMap<string, Build>,
): Promise<void> {
  const base = from === undefined ? '.' : others.get(from)?.root;
  if (base === undefined) throw new Error(`COPY --from=${from}: there is no such stage`);
  for (const source of sources) {
    const into = target.endsWith('/')
      ? join(build.workdir, target, source)
      : join(build.workdir, target);
    await cp(join(base, source), into, { recursive: true, verbatimSymlinks: true });
  }
}

const STEP_LIMIT_MS = 300_000;

/** The image's absolute paths as they lie in the folder. */
function within({ root }: Build, text: string): string {
  return text.replaceAll(/(?<![\w/.-])\/(?=app\b|usr\/local\b)/g, `${root}/`);
}
