import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the ids of the user's own tables are made of. */
export type IdType = 'text' | 'uuid' | 'bigint';

/** Supabase's roles, as far as PostgREST and the migrations need them. */
export const ROLES = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'authenticator') then
    create role anon nologin noinherit;
    create role authenticated nologin noinherit;
    create role service_role nologin noinherit bypassrls;
    create role authenticator login noinherit;
    grant anon, authenticated, service_role to authenticator;
  end if;
end $$;`;

/** The least that a user's database has, with Supabase's default grants. */
export function userSchema(idType: IdType): string {
  return `
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public
  grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public
  grant execute on functions to anon, authenticated, service_role;
create table characters (id ${idType} primary key, name text not null, description text);
create table sessions (id ${idType} primary key, character_id ${idType});
alter table characters enable row level security;
alter table sessions enable row level security;`;
}

/** Every migration of the product, in the order of their names. */
export function readMigrations(): readonly string[] {
  const folder = join(import.meta.dirname, '..', '..', 'supabase', 'migrations');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
