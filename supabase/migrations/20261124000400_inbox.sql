-- What a bot that lost its lease leaves for its successor: the messages it could not save, then a
-- closing row that says that nothing more comes. Insert-only and unfenced, since its writer is fenced
-- out of everything else; the successor takes the rows into the context and deletes them with it.
create table if not exists public.inbox (
  id bigint generated always as identity primary key,
  session text not null,
  room text not null,
  epoch bigint not null,
  kind text not null check (kind in ('message', 'closing')),
  -- The message's id; of a closing row its room and epoch.
  key text not null,
  message jsonb,
  created_at timestamptz not null default now(),
  unique (session, kind, key),
  check ((kind = 'message') = (message is not null))
);

-- Leaves entries ([{"kind", "message"}]) in this order; a repeat is ignored.
create or replace function public.leave_in_inbox(
  p_room text,
  p_session text,
  p_epoch bigint,
  p_entries jsonb
)
returns void
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- One writer at a time, so that ids become visible in their order: whoever has read up to an id may
  -- delete up to it without deleting what he has not seen.
  perform pg_advisory_xact_lock(hashtextextended('troupe inbox:' || p_session, 0));

  insert into public.inbox (session, room, epoch, kind, key, message)
  select
    p_session,
    p_room,
    p_epoch,
    entry ->> 'kind',
    coalesce(entry -> 'message' ->> 'id', p_room || ':' || p_epoch),
    entry -> 'message'
  from jsonb_array_elements(p_entries) with ordinality as listed (entry, place)
  order by listed.place
  on conflict (session, kind, key) do nothing;
end;
$$;

-- Everything in a session's inbox, oldest first: [{"id", "epoch", "kind", "message"}].
create or replace function public.read_inbox(p_session text)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', inbox.id, 'epoch', inbox.epoch, 'kind', inbox.kind, 'message', inbox.message
      )
      order by inbox.id
    ),
    '[]'
  )
  from public.inbox
  where inbox.session = p_session
$$;
