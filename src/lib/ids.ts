import { randomUUID } from 'node:crypto';

/** A new id that nobody else has. */
export function newId(): string {
  return randomUUID();
}
