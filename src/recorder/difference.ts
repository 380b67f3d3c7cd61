/** Where two values of JSON differ, as a JSON pointer (RFC 6901), and what stands there. */
export interface Difference {
  readonly path: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

/** The places where `now` is not as `recorded`, one after the other. */
export function* differences(recorded: unknown, now: unknown, path = ''): Generator<Difference> {
  if (Object.is(recorded, now)) return;
  const isSameKind = Array.isArray(recorded) === Array.isArray(now);
  if (!isTree(recorded) || !isTree(now) || !isSameKind) {
    yield { path, recorded, now };
    return;
  }
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(now)])) {
    const step = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    yield* differences(at(recorded, key), at(now, key), step);
  }
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function at(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}
