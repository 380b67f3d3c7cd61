import { createHmac } from 'node:crypto';

/** Signs the tokens that PostgREST checks. */
export const JWT_SECRET = 'the-embedded-database-has-no-secret-to-keep';

/** An API key as Supabase makes them: a token that names a database role. */
export function makeApiKey(role: 'anon' | 'service_role'): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ role, iss: 'troupe-dev' })}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}
