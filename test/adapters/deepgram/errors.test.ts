import { expect, it } from 'vitest';
import { toTroupeError } from '../../../src/adapters/deepgram/errors.ts';

const refused = (status: number): Error => new Error(`Unexpected server response: ${status}`);

it.each([
  ['a refused key', refused(401), 1_000, 'auth'],
  ['no credit', refused(402), 1_000, 'quota'],
  ['a forbidden model', refused(403), 1_000, 'forbidden'],
  ['too many streams', refused(429), 1_000, 'quota'],
  ['a wrong question', refused(400), 1_000, 'rejected'],
  ['a broken server', refused(503), 1_000, 'unavailable'],
  ['a lost socket', new Error('read ECONNRESET'), 1_006, 'unavailable'],
  ['sound that is none', undefined, 1_008, 'rejected'],
  ['a close for idleness', undefined, 1_011, 'unavailable'],
  ['an end that nobody asked for', undefined, 1_000, 'unavailable'],
] as const)('turns %s into its kind', (_what, error, code, kind) => {
  const made = toTroupeError(error, code);
  const fault = kind === 'forbidden' || kind === 'rejected' ? 'room' : 'provider';
  expect(made).toMatchObject({ kind, fault, service: 'stt' });
  expect(made.message).not.toContain('response');
  expect(made.cause).toBeInstanceOf(Error);
});
