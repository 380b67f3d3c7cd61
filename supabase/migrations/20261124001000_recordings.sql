-- Whether the events of a talk are recorded (docs/recordings.md); a null means that the other says.
alter table public.sessions
  -- Default: as its character says.
  add column if not exists record boolean;

alter table public.characters
  -- Where the session does not say; default: no.
  add column if not exists record boolean;

create or replace function public.troupe_schema_version()
returns integer
language sql
stable
security invoker
set search_path = ''
as $$
  select 4
$$;

notify pgrst, 'reload schema';
