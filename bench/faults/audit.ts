import type { Database } from '../../dev/database/database.ts';
import type { InboxSeen, LeaseSeen, Saved, SavedMessage } from './observations.ts';

/** The database's own book of what was written to leases, memories and inboxes. */
export interface Audit {
  /** What was written since the last reading, in its order. */
  read(): Promise<Reading>;
}

/** `until`: all that was written before that moment, in ms since 1970, is read; 0: that is not sure. */
export interface Reading {
  readonly until: number;
  readonly leases: readonly LeaseSeen[];
  readonly saves: readonly Saved[];
  readonly inbox: readonly InboxSeen[];
}

/** Lets the database keep book from now on, whoever writes. */
export async function openAudit({ sql }: Pick<Database, 'sql'>): Promise<Audit> {
  await sql(BOOKS);
  const readLeases = openCursor<LeaseRow>(sql, LEASES);
  const readSaves = openCursor<SaveRow>(sql, SAVES);
  const readInbox = openCursor<InboxRow>(sql, INBOX);
  return {
    async read() {
      const until = Date.now() - SETTLED_MS;
      const [leases, saves, inbox] = [await readLeases(), await readSaves(), await readInbox()];
      const isWhole = leases !== undefined && saves !== undefined && inbox !== undefined;
      return {
        until: isWhole ? until : 0,
        leases: (leases ?? []).map(toLease),
        saves: (saves ?? []).map(toSaved),
        inbox: (inbox ?? []).map(({ at, message }) => ({ at, message })),
      };
    },
  };
}

/** Reads a book on from where it was left; undefined while the database is away. */
function openCursor<Row extends { readonly id: number }>(
  sql: Database['sql'],
  query: string,
): () => Promise<readonly Row[] | undefined> {
  let last = 0;
  return async () => {
    const rows = await sql<Row>(query, [last]).catch(() => undefined);
    last = rows?.at(-1)?.id ?? last;
    return rows;
  };
}

interface LeaseRow {
  readonly id: number;
  readonly at: number;
  readonly room: string;
  readonly epoch: number;
  readonly status: LeaseSeen['status'];
  readonly arrival: LeaseSeen['arrival'] | null;
  readonly worker: string | null;
  readonly message_id: string | null;
}

interface SaveRow {
  readonly id: number;
  readonly at: number;
  readonly session: string;
  readonly epoch: number;
  readonly messages: readonly SavedMessage[];
}

interface InboxRow {
  readonly id: number;
  readonly at: number;
  readonly message: string;
}

/** Epoch 0 stands for no grant. Rows come in the order of their writing, one writer a room. */
const BOOKS = `
  create table if not exists seen_leases (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    room text, epoch bigint, status text, arrival text, worker text, message_id text
  );
  create table if not exists seen_saves (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    session text, epoch bigint, messages jsonb
  );
  create or replace function see_lease() returns trigger language plpgsql security definer as $$
  begin
    if new.epoch > 0 and (tg_op = 'INSERT' or (old.epoch, old.status) is distinct from (new.epoch, new.status)) then
      insert into public.seen_leases (room, epoch, status, arrival, worker, message_id)
      values (new.room, new.epoch, new.status, new.arrival, new.worker, new.message_id);
    end if;
    return null;
  end $$;
  create or replace function see_save() returns trigger language plpgsql security definer as $$
  begin
    insert into public.seen_saves (session, epoch, messages) values (new.session, new.epoch, new.messages);
    return null;
  end $$;
  create table if not exists seen_inbox (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    message text
  );
  create or replace function see_inbox() returns trigger language plpgsql security definer as $$
  begin
    if new.kind = 'message' then insert into public.seen_inbox (message) values (new.key); end if;
    return null;
  end $$;
  create or replace trigger see_inbox after insert on inbox
    for each row execute function see_inbox();
  create or replace trigger see_lease after insert or update on leases
    for each row execute function see_lease();
  create or replace trigger see_save after insert or update on contexts
    for each row execute function see_save();
`;

/** Whatever is committed later than its id was drawn waits for the next reading. */
const SETTLED_MS = 2_000;
const SETTLED = `at < clock_timestamp() - interval '${SETTLED_MS} milliseconds'`;
const AT = `(extract(epoch from at) * 1000)::double precision as at`;
const LEASES = `select id::integer, ${AT}, room, epoch::integer, status, arrival, worker, message_id
  from seen_leases where id > $1 and ${SETTLED} order by id`;
const SAVES = `select id::integer, ${AT}, session, epoch::integer, messages
  from seen_saves where id > $1 and ${SETTLED} order by id`;
const INBOX = `select id::integer, ${AT}, message
  from seen_inbox where id > $1 and ${SETTLED} order by id`;

function toLease({ at, room, epoch, status, arrival, worker, message_id }: LeaseRow): LeaseSeen {
  return {
    at,
    room,
    epoch,
    status,
    arrival: arrival ?? undefined,
    worker: worker ?? '',
    messageId: message_id ?? undefined,
  };
}

function toSaved({ at, session, epoch, messages }: SaveRow): Saved {
  return { at, session, epoch, messages };
}
