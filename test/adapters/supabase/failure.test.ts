import { expect, it } from 'vitest';
import { describeFailure, toFailure } from '../../../src/adapters/supabase/failure.ts';

it.each([
  ['no answer', 0, '', 'unavailable fleet again'],
  ['a broken connection to the database', 400, '', 'unavailable fleet again'],
  ['PostgREST without a database', 503, 'PGRST001', 'unavailable fleet again'],
  ['a sick gateway', 502, '', 'unavailable fleet again'],
  ['a deadlock', 500, '40P01', 'unavailable fleet again'],
  ['too many requests', 429, '', 'quota fleet again'],
  ['a wrong key', 401, '', 'auth fleet'],
  ['an expired key', 401, 'PGRST303', 'auth fleet'],
  ['a role that may not', 403, '42501', 'auth fleet'],
  ['a role that is not there', 400, '22023', 'auth fleet'],
  ['a table that is not there', 404, '42P01', 'not-ready fleet'],
  ['the same of a newer PostgREST', 404, 'PGRST205', 'not-ready fleet'],
  ['a function that is not there', 404, 'PGRST202', 'not-ready fleet'],
  ['a column that is not there', 400, '42703', 'not-ready fleet'],
  ['a text that is no uuid', 400, '22P02', 'rejected room'],
  ['a constraint', 409, '23502', 'rejected room'],
  ['a body above the gateway’s limit', 413, '', 'rejected room'],
  ['an id longer than an address may be', 414, '', 'rejected room'],
  ['another site than a project', 404, '', 'rejected fleet'],
  ['a page where JSON should be', 200, '', 'rejected fleet'],
])('%s (%i %s) is %s', (_what, status, code, expected) => {
  const { kind, fault, retryable } = describeFailure('x', toFailure(status, { code }));
  expect(`${kind} ${fault}${retryable ? ' again' : ''}`).toBe(expected);
});

it('says what failed and by which code, and nothing that the database quotes', () => {
  const body = { code: '22P02', message: 'invalid input: "my secret"', details: 'my secret' };
  const error = describeFailure('save_context', toFailure(400, body));
  expect(error.message).toBe('save_context: the database cannot take this value (22P02)');
});

it.each([['text'], [null], [undefined], [7], [{ code: 401 }], [[]]])(
  'takes any JSON for an error’s body: %j',
  (body) => {
    expect(toFailure(500, body)).toEqual({ status: 500, code: '', body });
  },
);
