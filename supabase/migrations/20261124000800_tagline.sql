alter table public.characters
  -- One line for people who choose a character; never told to the model. Default: none.
  add column if not exists tagline text;

create or replace function public.troupe_schema_version()
returns integer
language sql
stable
security invoker
set search_path = ''
as $$
  select 2
$$;

notify pgrst, 'reload schema';
