import { readFileSync } from 'node:fs';

/** What the peers' pins say of the packages that make the difference. */
export function peerVersions(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(read('livekit-agents/package.json')) as {
    dependencies: Record<string, string>;
  };
  return {
    ...manifest.dependencies,
    ...pinsOf(read('pipecat/requirements.txt'), ['pipecat-ai', 'livekit', 'onnxruntime']),
  };
}

/** The versions of these packages in a `requirements.txt`. */
export function pinsOf(requirements: string, packages: readonly string[]): Record<string, string> {
  const pins = requirements.split('\n').map((line) => line.split('=='));
  return Object.fromEntries(
    pins.flatMap(([name = '', version = '']) =>
      packages.includes(name) ? [[name, version.trim()] as const] : [],
    ),
  );
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
