-- The one clock of our functions, so that a test can move it. The time of the statement, not of the
-- transaction: a function that waited for a row must judge by the time at which it got it.
create or replace function public.troupe_now()
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  select clock_timestamp()
$$;
