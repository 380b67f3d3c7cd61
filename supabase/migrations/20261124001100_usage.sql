-- One row per call of a provider (of a transcription: per minute of sound): what it took, for which
-- talk, and what it cost in USD. Insert-only and unfenced: a bot that lost its lease has been billed
-- all the same. Old rows may be deleted at any time.
create table if not exists public.usage (
  id text primary key,
  at timestamptz not null,
  session text,
  room text,
  turn_id text,
  kind text not null,
  provider text not null,
  model text,
  voice text,
  outcome text not null,
  prompt_tokens bigint not null,
  completion_tokens bigint not null,
  characters bigint not null,
  audio_ms double precision not null,
  -- The tokens are our own estimate.
  estimated boolean not null,
  -- Null where nobody knew the price.
  cost double precision
);

create index if not exists usage_at on public.usage (at);
create index if not exists usage_session on public.usage (session);

-- Keeps records; one that is there already is not kept again.
create or replace function public.record_usage(p_records jsonb)
returns void
language sql
security invoker
set search_path = ''
as $$
  insert into public.usage (
    id, at, session, room, turn_id, kind, provider, model, voice, outcome,
    prompt_tokens, completion_tokens, characters, audio_ms, estimated, cost
  )
  select
    one.id, to_timestamp(one."startedAt" / 1000), one.session, one.room, one."turnId", one.kind,
    one.provider, one.model, one.voice, one.outcome, coalesce(one."promptTokens", 0),
    coalesce(one."completionTokens", 0), coalesce(one.characters, 0), coalesce(one."audioMs", 0),
    coalesce(one.estimated, false), one.cost
  from jsonb_to_recordset(p_records) as one (
    id text, "startedAt" double precision, session text, room text, "turnId" text, kind text,
    provider text, model text, voice text, outcome text, "promptTokens" bigint,
    "completionTokens" bigint, characters bigint, "audioMs" double precision, estimated boolean,
    cost double precision
  )
  on conflict (id) do nothing
$$;

-- Sums usage up by session, hour, day, month (UTC) or provider, each by provider and model.
create or replace function public.sum_usage(
  p_by text,
  p_session text default null,
  p_from double precision default null,
  p_to double precision default null
)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(summed) order by summed."group", kind, provider, model), '[]')
  from (
    select
      case p_by
        when 'session' then coalesce(session, '')
        when 'hour' then to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:00')
        when 'day' then to_char(at at time zone 'UTC', 'YYYY-MM-DD')
        when 'month' then to_char(at at time zone 'UTC', 'YYYY-MM')
        else provider
      end as "group",
      kind,
      provider,
      model,
      count(*) as calls,
      count(*) filter (where cost is null) as unpriced,
      sum(prompt_tokens) as "promptTokens",
      sum(completion_tokens) as "completionTokens",
      sum(characters) as characters,
      sum(audio_ms) as "audioMs",
      coalesce(sum(cost), 0) as cost
    from public.usage
    where (p_session is null or session = p_session)
      and (p_from is null or at >= to_timestamp(p_from / 1000))
      and (p_to is null or at < to_timestamp(p_to / 1000))
    group by 1, 2, 3, 4
  ) as summed
$$;

alter table public.usage enable row level security;
revoke all on table public.usage from public, anon, authenticated;
grant select, insert, update, delete on table public.usage to service_role;

revoke all on function
  public.record_usage(jsonb),
  public.sum_usage(text, text, double precision, double precision)
from public, anon, authenticated;
grant execute on function
  public.record_usage(jsonb),
  public.sum_usage(text, text, double precision, double precision)
to service_role;

create or replace function public.troupe_schema_version()
returns integer
language sql
stable
security invoker
set search_path = ''
as $$
  select 6
$$;

notify pgrst, 'reload schema';
