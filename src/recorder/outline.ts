import { CLOSED } from './redact.ts';

/**
 * What a command does, without what anybody said or is called: its kind, its numbers, and how many of
 * what. The same for a command of the talk and for that of its redacted copy, if both do the same.
 */
export function outline(command: unknown): unknown {
  return outlineOf(command, '');
}

function outlineOf(value: unknown, field: string): unknown {
  if (typeof value === 'string') return CLOSED.has(field) ? value : undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = outlineOf(item, key);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}
