-- What the holder of a lease may ask and write. A call under any other epoch than the row's changes
-- nothing and says so; a repeat of a call whose answer was lost is no loss.

-- Which of these leases ([{"room", "epoch"}]) are still live and held. Records that their holder
-- lives: if it loses the queue, its takeover is no crash. Rows are locked in the order of their
-- rooms, so that two questions of one worker cannot wait for each other.
create or replace function public.holds(p_leases jsonb)
returns jsonb
language sql
volatile
security invoker
set search_path = ''
as $$
  with held as (
    select lease.room
    from public.leases lease
    join jsonb_to_recordset(p_leases) as claim (room text, epoch bigint)
      on claim.room = lease.room and claim.epoch = lease.epoch
    where lease.status = 'live'
    order by lease.room
    for update of lease
  ),
  stamped as (
    update public.leases lease
    set asked_at = public.troupe_now()
    from held
    where lease.room = held.room
    returning lease.room
  )
  select coalesce(jsonb_agg(stamped.room), '[]') from stamped
$$;

-- Which rooms of these leases were taken or ended meanwhile. Records nothing.
create or replace function public.fenced(p_leases jsonb)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(jsonb_agg(claim.room), '[]')
  from jsonb_to_recordset(p_leases) as claim (room text, epoch bigint)
  where not exists (
    select from public.leases lease
    where lease.room = claim.room and lease.epoch = claim.epoch and lease.status = 'live'
  )
$$;

-- Claims the one joined line of a start: claimed, taken (claimed before) or lost.
create or replace function public.claim_joined(p_room text, p_epoch bigint)
returns text
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_joined boolean;
begin
  select lease.joined into v_joined
  from public.leases lease
  where lease.room = p_room and lease.epoch = p_epoch and lease.status = 'live'
  for update;
  if not found then
    return 'lost';
  elsif v_joined then
    return 'taken';
  end if;
  update public.leases set joined = true where room = p_room;
  return 'claimed';
end;
$$;

-- The bot has run in health for a while: its room's crashes are forgotten.
create or replace function public.mark_healthy(p_room text, p_epoch bigint)
returns text
language plpgsql
security invoker
set search_path = ''
as $$
begin
  update public.leases
  set crashes = 0, crashed_at = null
  where room = p_room and epoch = p_epoch and status = 'live';
  return case when found then 'written' else 'lost' end;
end;
$$;

-- The holder offers the room to other workers while the talk goes on, since it ends or cannot reach
-- the room.
create or replace function public.hand_back(p_room text, p_epoch bigint)
returns text
language plpgsql
security invoker
set search_path = ''
as $$
begin
  update public.leases
  set asked_at = 'infinity'
  where room = p_room and epoch = p_epoch and status = 'live';
  return case when found then 'written' else 'lost' end;
end;
$$;

-- The bot has left its room: `left`, or `failed` when it cannot run there. Any later start may call
-- it back: one that was asked for since it left, which was so long after the grant (p_held_ms). That
-- holds however late we hear of it: a call that is held up on its way cannot know by how much. Marking
-- twice keeps what was marked first.
create or replace function public.mark_left(
  p_room text,
  p_epoch bigint,
  p_status text,
  p_held_ms double precision default null
)
returns text
language plpgsql
security invoker
set search_path = ''
as $$
begin
  update public.leases
  set
    status = case when status = 'live' then p_status else status end,
    left_at = coalesce(
      left_at,
      least(public.troupe_now(), granted_at + p_held_ms * interval '1 millisecond')
    )
  where room = p_room and epoch = p_epoch;
  return case when found then 'written' else 'lost' end;
end;
$$;

-- Ends a session for good, whether or not a bot runs: no later start or successor of it is granted,
-- and the raised epoch fences a live holder out.
create or replace function public.end_session(p_session text)
returns void
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- The lock that `acquire_lease` takes: a start either sees this end or is ended by it.
  perform pg_advisory_xact_lock(hashtextextended('troupe:' || p_session, 0));

  insert into public.ended_sessions (session, ended_at)
  values (p_session, public.troupe_now())
  on conflict (session) do nothing;

  -- Epoch 0 was never granted: such a row only remembers that a start was refused.
  update public.leases
  set
    status = 'ended',
    epoch = epoch + 1,
    left_at = coalesce(left_at, public.troupe_now())
  where session = p_session and status <> 'ended' and epoch > 0;
end;
$$;
