-- Our tables and functions are for the service role alone. Row level security without a policy shows
-- nobody else a row; the grants are taken away as well, since Supabase gives them by default.
alter table public.leases enable row level security;
alter table public.ended_sessions enable row level security;
alter table public.inbox enable row level security;
alter table public.contexts enable row level security;
alter table public.turns enable row level security;

revoke all on table
  public.leases, public.ended_sessions, public.inbox, public.contexts, public.turns
from public, anon, authenticated;

grant select, insert, update, delete on table
  public.leases, public.ended_sessions, public.inbox, public.contexts, public.turns
to service_role;

-- The last thing that the migrations make: the product asks it whether all of them ran, and learns by
-- the answer that its key is the service role's. Raised with every migration. Not immutable: a plan
-- that was made for one role would answer the next one too, without asking whether it may.
create or replace function public.troupe_schema_version()
returns integer
language sql
stable
security invoker
set search_path = ''
as $$
  select 1
$$;

revoke all on function
  public.troupe_now(),
  public.acquire_lease(
    text, text, text, integer, double precision, text, bigint, double precision, integer
  ),
  public.holds(jsonb),
  public.fenced(jsonb),
  public.claim_joined(text, bigint),
  public.mark_healthy(text, bigint),
  public.hand_back(text, bigint),
  public.mark_left(text, bigint, text, double precision),
  public.end_session(text),
  public.leave_in_inbox(text, text, bigint, jsonb),
  public.read_inbox(text),
  public.save_context(text, text, bigint, bigint, jsonb, jsonb, bigint),
  public.load_context(text),
  public.troupe_schema_version()
from public, anon, authenticated;

grant execute on function
  public.troupe_now(),
  public.acquire_lease(
    text, text, text, integer, double precision, text, bigint, double precision, integer
  ),
  public.holds(jsonb),
  public.fenced(jsonb),
  public.claim_joined(text, bigint),
  public.mark_healthy(text, bigint),
  public.hand_back(text, bigint),
  public.mark_left(text, bigint, text, double precision),
  public.end_session(text),
  public.leave_in_inbox(text, text, bigint, jsonb),
  public.read_inbox(text),
  public.save_context(text, text, bigint, bigint, jsonb, jsonb, bigint),
  public.load_context(text),
  public.troupe_schema_version()
to service_role;

-- PostgREST learns of the new functions and columns.
notify pgrst, 'reload schema';
