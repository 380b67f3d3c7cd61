-- Grants the lease of a room to the bearer of a queue message, under a new epoch, or says why not.
-- A delivery proves that nobody holds this room's message, so whoever the row names is gone, was cut
-- off from the queue, or hands over.
--
-- Times are ms since 1970. A generation makes the request a successor's; without one it is a start.
-- Returns {"granted": true, "epoch", "generation", "arrival", "joined"} or {"granted": false,
-- "refusal"}. `joined`: the joined line of this start was claimed, so a bot has met somebody.
create or replace function public.acquire_lease(
  p_room text,
  p_session text,
  p_message_id text,
  p_receive_count integer,
  p_requested_at double precision,
  p_worker text,
  p_generation bigint default null,
  p_expires_at double precision default null,
  p_deferrals integer default 0
)
returns jsonb
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_row public.leases;
  v_now timestamptz;
  v_requested_at constant timestamptz := to_timestamp(p_requested_at / 1000);
  v_expires_at constant timestamptz := to_timestamp(p_expires_at / 1000);
  v_successor constant boolean := p_generation is not null;
  -- What a start keeps when it is sent again, as its message id is not kept.
  v_start constant text := p_session || ' at ' || p_requested_at;
  v_same_session boolean;
  v_same_message boolean;
  v_orphaned boolean;
  v_live boolean;
  v_retried boolean;
  v_arrival text;
  v_crashed boolean;
  v_crashes integer;
  v_refusal text;
begin
  -- A session's requests and its end are judged one after the other: `end_session` must not slip in
  -- between our look at `ended_sessions` and our grant.
  perform pg_advisory_xact_lock(hashtextextended('troupe:' || p_session, 0));

  if exists (select from public.ended_sessions ended where ended.session = p_session) then
    return jsonb_build_object('granted', false, 'refusal', 'ended');
  end if;

  -- A room that never had a lease is one that nobody holds: give it a row, to have one to lock. Epoch
  -- 0 is never granted.
  insert into public.leases (room, session, epoch, generation, status)
  values (p_room, p_session, 0, 0, 'left')
  on conflict (room) do nothing;
  select * into strict v_row from public.leases where room = p_room for update;

  v_now := public.troupe_now();
  v_same_session := v_row.session = p_session;
  v_same_message := v_row.message_id is not distinct from p_message_id;
  -- This start of another session was put behind under this very epoch, and is here again: whatever
  -- stood in the group between, the live talk's own message among it, has had its turn, and nobody
  -- took the row. That message is gone, the row is an orphan, the room is empty.
  v_orphaned := not v_same_session and not v_successor
    and coalesce((v_row.deferred ->> v_start)::integer = p_deferrals - 1, false);
  v_live := v_row.status = 'live' and not v_orphaned;

  v_refusal := case
    -- The answer `poisoned` was lost on its way: the message is still to go to the dead letters.
    when v_same_message and v_row.status = 'failed' and v_row.crashes > 5
      then 'poisoned'
    -- A handover hands over a live room; this one was left, ended or failed meanwhile.
    when not v_live and v_successor then 'ended'
    -- The successor of a talk that another session has replaced.
    when v_live and not v_same_session and v_successor then 'stale'
    -- Two sessions for one room: the later one waits until the first has left.
    when v_live and not v_same_session then 'occupied'
    -- The room was handed over again since this successor was sent.
    when v_live and v_successor and p_generation < v_row.generation then 'stale'
    -- This delivery lapsed and the message was delivered again: a worker that slept through that must
    -- not take the lease back from the one that got it.
    when v_live and v_same_message and p_receive_count < v_row.receive_count then 'stalled'
    -- Served already; only its deletion failed.
    when not v_live and v_same_message then 'duplicate'
    -- Asked for before the bot left, so that bot has served it. 5 s: the request has the queue's
    -- time, the leaving ours, and nobody who calls the bot back is to be lost to their difference.
    when not v_live and v_same_session and v_requested_at < v_row.left_at - interval '5 seconds'
      then 'duplicate'
    -- Judged only where no bot is live: a bot that runs is never lost to a late message.
    when not v_live and v_expires_at < v_now then 'expired'
  end;
  if v_refusal = 'occupied' then
    update public.leases
    set deferred = deferred || jsonb_build_object(v_start, p_deferrals)
    where room = p_room;
  end if;
  if v_refusal is not null then
    return jsonb_build_object('granted', false, 'refusal', v_refusal);
  end if;

  -- The same delivery again: the answer to its first request was lost on its way.
  v_retried := v_live and v_same_message and p_receive_count = v_row.receive_count;
  v_arrival := case
    when not v_live then 'fresh'
    when v_retried then v_row.arrival
    when v_successor and p_generation > v_row.generation then 'handover'
    else 'takeover'
  end;

  -- A takeover from a holder that could still ask the database is no crash: it only lost the queue.
  v_crashed := v_arrival = 'takeover' and not v_retried
    and coalesce(v_row.asked_at <= v_now - interval '10 seconds', true);
  v_crashes := v_crashed::integer + case
    when not v_live or v_row.crashed_at < v_now - interval '10 minutes' then 0
    else v_row.crashes
  end;

  update public.leases
  set
    session = p_session,
    epoch = v_row.epoch + 1,
    generation = coalesce(p_generation, v_row.generation),
    status = case when v_crashes > 5 then 'failed' else 'live' end,
    granted_at = v_now,
    left_at = case when v_crashes > 5 then v_now end,
    arrival = v_arrival,
    message_id = p_message_id,
    receive_count = p_receive_count,
    joined = v_live and v_row.joined,
    crashes = v_crashes,
    crashed_at = case when v_crashed then v_now when v_crashes > 0 then v_row.crashed_at end,
    asked_at = null,
    deferred = '{}',
    worker = p_worker
  where room = p_room;

  if v_crashes > 5 then
    return jsonb_build_object('granted', false, 'refusal', 'poisoned');
  end if;
  return jsonb_build_object(
    'granted', true,
    'epoch', v_row.epoch + 1,
    'generation', coalesce(p_generation, v_row.generation),
    'arrival', v_arrival,
    'joined', v_live and v_row.joined
  );
end;
$$;
