-- Who is the bot of a room. The queue's in-flight message says that somebody works on a room; this
-- row says who may write (docs/decisions/0001). Workers change it through the functions below only.
create table if not exists public.leases (
  room text primary key,
  -- The talk that the room has, or had last. Ids of any type are kept and compared as text.
  session text not null,
  -- The fencing number: grows with every grant, end and failure, and is never reset.
  epoch bigint not null,
  -- How often the room was handed over; only a successor's grant raises it, and it is never reset.
  generation bigint not null,
  -- live: a bot holds it · left: any later start calls it back · ended: its session is over for good
  -- · failed: crashed too often, or cannot run
  status text not null check (status in ('live', 'left', 'ended', 'failed')),
  -- When this epoch was granted.
  granted_at timestamptz,
  left_at timestamptz,
  -- How the live bot came: into an empty room, after a crash, or by a handover.
  arrival text check (arrival in ('fresh', 'takeover', 'handover')),
  -- The queue message that the lease was granted for, and its receive count at that time.
  message_id text,
  receive_count integer,
  -- Whether the joined line of this start was claimed.
  joined boolean not null default false,
  crashes integer not null default 0,
  crashed_at timestamptz,
  -- When the holder last asked whether the lease is still its own: a sign of life without the queue.
  -- `infinity`: it gave the room back, so that its takeover is no crash, however late it comes.
  asked_at timestamptz,
  -- Starts of other sessions that were put behind since the grant, and how often each had
  -- been before: {"<session> at <requested at>": 0}.
  deferred jsonb not null default '{}',
  -- The worker it was granted to, for people who look.
  worker text
);

create index if not exists leases_session on public.leases (session);

-- Sessions that were ended for good. Not a column of the lease: a session can be ended before it has
-- a room, and its room goes on to the next session.
create table if not exists public.ended_sessions (
  session text primary key,
  ended_at timestamptz not null
);
