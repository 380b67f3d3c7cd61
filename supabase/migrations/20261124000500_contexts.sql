-- The memory of a session: the messages that the model gets. Written whole, under the lease.
create table if not exists public.contexts (
  session text primary key,
  -- Under which lease it was written, and the how-manieth change it is.
  room text not null,
  epoch bigint not null,
  version bigint not null,
  messages jsonb not null,
  updated_at timestamptz not null
);

-- One row per finished turn: what it cost and how long its stages took. Latencies in ms, cost in USD.
create table if not exists public.turns (
  session text not null,
  id text not null,
  room text not null,
  epoch bigint not null,
  at timestamptz not null,
  outcome text not null,
  model text not null,
  prompt_tokens integer not null,
  completion_tokens integer not null,
  first_token_ms double precision,
  first_segment_ms double precision,
  duration_ms double precision not null,
  cost double precision,
  primary key (session, id)
);

-- Saves a context under an epoch, with the turns finished since the last save, and takes inbox rows
-- that are part of it now out of the inbox. `lost`: the lease is another's and nothing was changed.
create or replace function public.save_context(
  p_room text,
  p_session text,
  p_epoch bigint,
  p_version bigint,
  p_messages jsonb,
  p_turns jsonb default '[]',
  p_inbox_through bigint default null
)
returns text
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- Shared with other saves, against `acquire_lease`: whoever is granted the next epoch, and then
  -- loads, finds this save whole or not at all. The status is not asked: the last save of a bot may
  -- arrive after its leaving, and as long as nobody came after it, it is the truth.
  perform from public.leases lease
  where lease.room = p_room and lease.epoch = p_epoch and lease.session = p_session
  for share;
  if not found then
    return 'lost';
  end if;

  -- Versions count within one lease: a newer epoch's first save replaces whatever it found, and the
  -- same or a lower version under the same epoch is a repeat, which is no loss.
  insert into public.contexts as stored (session, room, epoch, version, messages, updated_at)
  values (p_session, p_room, p_epoch, p_version, p_messages, public.troupe_now())
  on conflict (session) do update
  set
    room = excluded.room,
    epoch = excluded.epoch,
    version = excluded.version,
    messages = excluded.messages,
    updated_at = excluded.updated_at
  where (stored.room, stored.epoch) is distinct from (excluded.room, excluded.epoch)
    or stored.version < excluded.version;

  insert into public.turns (
    session, id, room, epoch, at, outcome, model, prompt_tokens, completion_tokens,
    first_token_ms, first_segment_ms, duration_ms, cost
  )
  select
    p_session, turn.id, p_room, p_epoch, to_timestamp(turn.at / 1000), turn.outcome, turn.model,
    turn."promptTokens", turn."completionTokens", turn."firstTokenMs", turn."firstSegmentMs",
    turn."durationMs", turn.cost
  from jsonb_to_recordset(p_turns) as turn (
    id text, at double precision, outcome text, model text,
    "promptTokens" integer, "completionTokens" integer,
    "firstTokenMs" double precision, "firstSegmentMs" double precision,
    "durationMs" double precision, cost double precision
  )
  on conflict (session, id) do nothing;

  delete from public.inbox where session = p_session and id <= p_inbox_through;
  return 'written';
end;
$$;

-- A session's context as {"version", "messages"}, or null.
create or replace function public.load_context(p_session text)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select jsonb_build_object('version', stored.version, 'messages', stored.messages)
  from public.contexts stored
  where stored.session = p_session
$$;
