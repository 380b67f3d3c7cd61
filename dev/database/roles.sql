-- The roles that a Supabase project has, as PostgREST needs them.
create role anon nologin noinherit;

create role authenticated nologin noinherit;

create role service_role nologin noinherit bypassrls;

create role authenticator login noinherit;

grant anon, authenticated, service_role to authenticator;

