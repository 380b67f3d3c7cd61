/**
 * What changed between two values of JSON, as short as talks make it:
 * - `[value]`: another value; `[]`: gone
 * - `[n, [items]]`: a list without its first `n` items and with these behind
 * - `['+', text]`: a text that goes on with this
 * - `{ key: delta }`: what changed within
 */
export type Delta = readonly unknown[] | { readonly [key: string]: Delta };

/** The value as JSON has it: maps are objects, and what is undefined is not there. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    entriesOf(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  );
}

/** What makes `after` of `before`; `undefined` where they are the same. What they share costs nothing. */
export function deltaOf(before: unknown, after: unknown): Delta | undefined {
  if (Object.is(before, after)) return undefined;
  if (after === undefined) return [];
  if (typeof before === 'string' && typeof after === 'string') return textDelta(before, after);
  if (Array.isArray(before) && Array.isArray(after)) return listDelta(before, after);
  if (isRecord(before) && isRecord(after)) return recordDelta(before, after);
  return [plain(after)];
}

/** `before` with the delta applied. Total: a delta that does not fit gives a value that differs. */
export function applyDelta(before: unknown, delta: Delta): unknown {
  if (!isList(delta)) {
    const entries = isRecord(before) ? entriesOf(before) : [];
    const next = new Map<string, unknown>(entries);
    for (const [key, change] of Object.entries(delta)) {
      const value = applyDelta(next.get(key), change);
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    return Object.fromEntries(next);
  }
  const [first, second] = delta;
  if (delta.length !== 2) return first;
  if (first === '+') return `${String(before)}${String(second)}`;
  return [...(Array.isArray(before) ? before.slice(Number(first)) : []), ...(second as unknown[])];
}

function textDelta(before: string, after: string): Delta {
  const goesOn = before !== '' && after.startsWith(before);
  return goesOn ? ['+', after.slice(before.length)] : [after];
}

function listDelta(before: readonly unknown[], after: readonly unknown[]): Delta | undefined {
  const dropped = before.findIndex((_item, at) => isBeginning(before.slice(at), after));
  const from = dropped < 0 ? before.length : dropped;
  const added = after.slice(before.length - from);
  if (from === 0 && added.length === 0) return undefined;
  return [from, added.map(plain)];
}

function isBeginning(some: readonly unknown[], all: readonly unknown[]): boolean {
  return some.length <= all.length && some.every((item, at) => isSame(item, all[at]));
}

function recordDelta(before: object, after: object): Delta | undefined {
  const old = new Map(entriesOf(before));
  const now = new Map(entriesOf(after));
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const change = deltaOf(old.get(key), now.get(key));
    return change === undefined ? [] : [[key, change] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

function isSame(one: unknown, other: unknown): boolean {
  return deltaOf(one, other) === undefined;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(delta: Delta): delta is readonly unknown[] {
  return Array.isArray(delta);
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return value instanceof Map
    ? [...(value as ReadonlyMap<string, unknown>)]
    : Object.entries(value);
}
