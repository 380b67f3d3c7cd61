import { expect, it } from 'vitest';
import { toTroupeError } from '../../../src/adapters/gladia/errors.ts';

const http = (status: number): Error => Object.assign(new Error('secret words'), { status });
const named = (name: string): Error => Object.assign(new Error('slow'), { name });

it.each([
  ['a refused key', http(401), 1_006, 'auth'],
  ['no credit', http(402), 1_006, 'quota'],
  ['too many sessions', http(429), 1_006, 'quota'],
  ['a forbidden model', http(403), 1_006, 'forbidden'],
  ['a bad request', http(400), 1_006, 'rejected'],
  ['a broken server', http(503), 1_006, 'unavailable'],
  ['a slow answer', named('TimeoutError'), 1_006, 'timeout'],
  ['a lost socket', new Error('WebSocket connection error'), 1_006, 'unavailable'],
  ['a session that is over', undefined, 4_403, 'unavailable'],
  ['a limit that was met later', undefined, 4_429, 'quota'],
  ['an end that nobody asked for', undefined, 1_000, 'unavailable'],
] as const)('turns %s into its kind', (_what, error, code, kind) => {
  const made = toTroupeError(error, code);
  const fault = kind === 'forbidden' || kind === 'rejected' ? 'room' : 'provider';
  expect(made).toMatchObject({ kind, fault, service: 'stt' });
  expect(made.message).not.toContain('secret');
  expect(made.cause).toBeInstanceOf(Error);
});
