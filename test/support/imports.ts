import { posix } from 'node:path';

/** One import statement of a source file. */
export interface Import {
  readonly from: string;
  /** The imported file from the project's root, or the package's name. */
  readonly to: string;
  readonly local: boolean;
  readonly typeOnly: boolean;
  /** Loaded only when it is asked for. */
  readonly dynamic: boolean;
}

const STATEMENT =
  /(?:^|[\n;])\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]/g;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import, re-export and dynamic import of `source`, the file `from`. */
export function readImports(from: string, source: string): readonly Import[] {
  const statements = [...source.matchAll(STATEMENT)].map((match) =>
    toImport(from, match[2] ?? '', { typeOnly: match[1] !== undefined, dynamic: false }),
  );
  const dynamic = [...source.matchAll(DYNAMIC)].map((match) =>
    toImport(from, match[1] ?? '', { typeOnly: false, dynamic: true }),
  );
  return [...statements, ...dynamic];
}

/** The files and packages that are loaded with the file `from`, before anything runs. */
export function loadedWith(from: string, files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const loaded = new Set([from]);
  for (const path of loaded) {
    for (const one of readImports(path, files.get(path) ?? '')) {
      if (!one.typeOnly && !one.dynamic) loaded.add(one.to);
    }
  }
  return loaded;
}

function toImport(
  from: string,
  specifier: string,
  how: Pick<Import, 'typeOnly' | 'dynamic'>,
): Import {
  const local = specifier.startsWith('.');
  const to = local ? posix.join(posix.dirname(from), specifier) : specifier;
  return { from, to, local, ...how };
}
