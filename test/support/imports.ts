import { posix } from 'node:path';

/** One import statement of a source file. */
export interface Import {
  readonly from: string;
  /** The imported file from the project's root, or the package's name. */
  readonly to: string;
  readonly local: boolean;
  readonly typeOnly: boolean;
}

const STATEMENT =
  /(?:^|[\n;])\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]/g;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import, re-export and dynamic import of `source`, the file `from`. */
export function readImports(from: string, source: string): readonly Import[] {
  const statements = [...source.matchAll(STATEMENT)].map((match) =>
    toImport(from, match[2] ?? '', match[1] !== undefined),
  );
  const dynamic = [...source.matchAll(DYNAMIC)].map((match) =>
    toImport(from, match[1] ?? '', false),
  );
  return [...statements, ...dynamic];
}

function toImport(from: string, specifier: string, typeOnly: boolean): Import {
  const local = specifier.startsWith('.');
  const to = local ? posix.join(posix.dirname(from), specifier) : specifier;
  return { from, to, local, typeOnly };
}
