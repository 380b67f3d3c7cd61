import type { Database } from '../../dev/database/database.ts';
import type { LeaseSeen, Saved, SavedMessage } from './observations.ts';

/** The database's own book of what was written to leases and memories. */
export interface Audit {
  /** What was written since the last reading, in its order; nothing while the database is away. */
  read(): Promise<{ readonly leases: readonly LeaseSeen[]; readonly saves: readonly Saved[] }>;
}

/** Lets the database keep book from now on, whoever writes. */
export async function openAudit({ sql }: Pick<Database, 'sql'>): Promise<Audit> {
  await sql(BOOKS);
  let [lease, save] = [0, 0];
  return {
    async read() {
      const leases = await sql<LeaseRow>(LEASES, [lease]).catch(() => []);
      const saves = await sql<SaveRow>(SAVES, [save]).catch(() => []);
      lease = leases.at(-1)?.id ?? lease;
      save = saves.at(-1)?.id ?? save;
      return { leases: leases.map(toLease), saves: saves.map(toSaved) };
    },
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
  create or replace trigger see_lease after insert or update on leases
    for each row execute function see_lease();
  create or replace trigger see_save after insert or update on contexts
    for each row execute function see_save();
`;

/** Whatever is committed later than its id was drawn waits for the next reading: 2 s are enough. */
const SETTLED = `at < clock_timestamp() - interval '2 seconds'`;
const AT = `(extract(epoch from at) * 1000)::double precision as at`;
const LEASES = `select id::integer, ${AT}, room, epoch::integer, status, arrival, worker, message_id
  from seen_leases where id > $1 and ${SETTLED} order by id`;
const SAVES = `select id::integer, ${AT}, session, epoch::integer, messages
  from seen_saves where id > $1 and ${SETTLED} order by id`;

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
