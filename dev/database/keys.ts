import { createHmac } from 'node:crypto';

/** The secret with which PostgREST checks keys. */
export const JWT_SECRET = 'a-secret-for-loopback-only-32-characters';

/** A project's API key as Supabase makes them: a JWT (RFC 7519, HS256) that names the role. */
export function mintKey(role: 'anon' | 'service_role'): string {
  const claims = { iss: 'troupe-dev', role, iat: 1_700_000_000, exp: 4_100_000_000 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
