import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { LIVEKIT_VERSION } from '../../dev/livekit/binary.ts';
import { areCoresAwake } from './stay-awake.ts';
import { workerNice } from './worker-nice.ts';

/** Keeps the figures of a benchmark, or of a fault campaign, with the machine and the versions they were taken on. */
export function writeResult(
  name: string,
  args: readonly string[],
  figures: Readonly<Record<string, unknown>>,
  script: 'bench' | 'faults' = 'bench',
): Readonly<Record<string, unknown>> {
  const result = {
    ...figures,
    command: [`npm run ${script} --`, name, ...args].join(' '),
    takenAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${platform()} ${arch()}`,
      // Workers inherit it; glibc's default of eight arenas a core keeps more of what was freed.
      mallocArenaMax: process.env['MALLOC_ARENA_MAX'] ?? 'default',
      workerNice: workerNice(),
      coresAwake: areCoresAwake(),
    },
    versions: {
      node: process.version,
      'livekit-server': LIVEKIT_VERSION,
      ...dependencyVersions(),
    },
  };
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(`bench/results/${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

function dependencyVersions(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return {
    troupe: manifest.version,
    '@livekit/rtc-node': manifest.dependencies['@livekit/rtc-node'] ?? '',
  };
}
