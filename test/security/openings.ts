import { createHmac } from 'node:crypto';
import type { Database } from '../../dev/database/database.ts';
import { JWT_SECRET } from '../../dev/database/keys.ts';
import { readSchema } from './schema.ts';
import type { SchemaFunction, SchemaTable } from './schema.ts';

/** A key of a project that is not the service role's, as Supabase hands them out to pages. */
const ROLES = ['anon', 'authenticated'] as const;
type Role = (typeof ROLES)[number];

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Tries everything that PostgREST offers, table by table and function by function as the catalog has
 * them, with the keys of pages. Gives what was neither refused for lack of a right nor empty, though
 * every table has rows; empty when the database is closed.
 */
export async function findOpenings(database: Database): Promise<readonly string[]> {
  const { tables, functions } = await readSchema(database);
  const found = await Promise.all(
    ROLES.flatMap((role) => [
      ...tables.flatMap((table) => tryTable(database, role, table)),
      ...functions.map((one) => tryFunction(database, role, one)),
    ]),
  );
  return found.flat();
}

function tryTable(database: Database, role: Role, table: SchemaTable) {
  const path = `/${table.name}`;
  const [column] = table.writable;
  const row = JSON.stringify(
    Object.fromEntries(table.writable.map(({ name, value }) => [name, value])),
  );
  const change = JSON.stringify(column && { [column.name]: column.value });
  const attempt = async (method: string, body?: string): Promise<readonly string[]> => {
    const answer = await ask(database, role, method, path, body);
    const hidden = method !== 'POST' && Array.isArray(answer.body) && answer.body.length === 0;
    return isRefused(answer) || hidden ? [] : [describe(role, `${method} ${table.name}`, answer)];
  };
  return [attempt('GET'), attempt('POST', row), attempt('PATCH', change), attempt('DELETE')];
}

async function tryFunction(
  database: Database,
  role: Role,
  { name, args }: SchemaFunction,
): Promise<readonly string[]> {
  const answer = await ask(database, role, 'POST', `/rpc/${name}`, JSON.stringify(args));
  return isRefused(answer) ? [] : [describe(role, `call ${name}`, answer)];
}

/** `insufficient_privilege`: anything else means that the right was there. */
function isRefused({ status, body }: Answer): boolean {
  return status >= 400 && (body as { readonly code?: unknown }).code === '42501';
}

function describe(role: Role, what: string, { status, body }: Answer): string {
  return `${role} may ${what}: ${status} ${JSON.stringify(body)}`;
}

async function ask(
  { url, anonKey }: Database,
  role: Role,
  method: string,
  path: string,
  body?: string,
): Promise<Answer> {
  const answer = await fetch(`${url}/rest/v1${path}`, {
    method,
    headers: {
      apikey: anonKey,
      authorization: `Bearer ${role === 'anon' ? anonKey : tokenOf(role)}`,
      'content-type': 'application/json',
      prefer: 'return=representation',
    },
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? [] : (JSON.parse(text) as unknown) };
}

/** What Supabase gives a user who has signed in (RFC 7519, HS256). */
function tokenOf(role: Role): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { role, sub: 'somebody', exp: 4_100_000_000 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}
