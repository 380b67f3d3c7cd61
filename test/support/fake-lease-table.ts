import type { TroupeError } from '../../src/errors.ts';
import type {
  AcquireAnswer,
  AcquireRequest,
  Arrival,
  HeldLease,
  LeaseTable,
  Refusal,
} from '../../src/ports/lease-table.ts';

/** A row of the table, as a reader of the database sees it. Times are ms by the fake's clock. */
export interface FakeLease {
  readonly session: string;
  readonly epoch: number;
  readonly generation: number;
  readonly status: 'live' | 'left' | 'ended' | 'failed';
  readonly grantedAt?: number;
  readonly leftAt?: number | undefined;
  readonly arrival?: Arrival;
  readonly messageId?: string;
  readonly receiveCount?: number;
  readonly joined: boolean;
  readonly crashes: number;
  readonly crashedAt?: number | undefined;
  readonly askedAt?: number | undefined;
  /** Starts of other sessions that were put behind since the grant, and how often each was before. */
  readonly deferred: ReadonlyMap<string, number>;
  readonly worker?: string;
}

/** The lease table in memory; it passes the contract suite that the real one passes. */
export interface FakeLeaseTable extends LeaseTable {
  row(room: string): FakeLease | undefined;
  /** From now on every call fails with this, or no longer. */
  failWith(error: TroupeError | undefined): void;
}

const NOBODY: FakeLease = {
  session: '',
  epoch: 0,
  generation: 0,
  status: 'left',
  joined: false,
  crashes: 0,
  deferred: new Map(),
};

/** Makes an empty table whose clock is `now`, in ms since 1970. */
export function makeFakeLeaseTable(now: () => number = Date.now): FakeLeaseTable {
  const rows = new Map<string, FakeLease>();
  const ended = new Set<string>();
  let failure: TroupeError | undefined;

  const heldRow = ({ room, epoch }: HeldLease): FakeLease | undefined => {
    const row = rows.get(room);
    return row?.epoch === epoch ? row : undefined;
  };
  const isLive = (lease: HeldLease): boolean => heldRow(lease)?.status === 'live';
  const change = (room: string, changes: Partial<FakeLease>): void => {
    rows.set(room, { ...(rows.get(room) ?? NOBODY), ...changes });
  };
  const call = async <T>(work: () => T, signal: AbortSignal | undefined): Promise<T> => {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    return work();
  };

  return {
    row: (room) => rows.get(room),
    failWith: (error) => void (failure = error),
    acquire: (request, signal) =>
      call(() => {
        if (ended.has(request.session)) return { granted: false, refusal: 'ended' };
        const { answer, row } = judge(rows.get(request.room) ?? NOBODY, request, now());
        if (row !== undefined) rows.set(request.room, row);
        return answer;
      }, signal),
    holds: (leases, signal) =>
      call(() => {
        const held = leases.filter(isLive).map(({ room }) => room);
        held.forEach((room) => change(room, { askedAt: now() }));
        return new Set(held);
      }, signal),
    fenced: (leases, signal) =>
      call(() => new Set(leases.filter((lease) => !isLive(lease)).map(({ room }) => room)), signal),
    claimJoined: (lease, signal) =>
      call(() => {
        if (!isLive(lease)) return 'lost';
        if (heldRow(lease)?.joined === true) return 'taken';
        change(lease.room, { joined: true });
        return 'claimed';
      }, signal),
    markHealthy: (lease, signal) =>
      call(() => {
        if (!isLive(lease)) return 'lost';
        change(lease.room, { crashes: 0, crashedAt: undefined });
        return 'written';
      }, signal),
    handBack: (lease, signal) =>
      call(() => {
        if (!isLive(lease)) return 'lost';
        change(lease.room, { askedAt: Number.POSITIVE_INFINITY });
        return 'written';
      }, signal),
    markLeft: (lease, status, heldMs = Number.POSITIVE_INFINITY, signal) =>
      call(() => {
        const row = heldRow(lease);
        if (row === undefined) return 'lost';
        const leftAt = Math.min(now(), (row.grantedAt ?? Number.POSITIVE_INFINITY) + heldMs);
        if (row.status === 'live') change(lease.room, { status, leftAt });
        return 'written';
      }, signal),
    endSession: (session, signal) =>
      call(() => {
        ended.add(session);
        for (const [room, row] of rows) {
          if (row.session !== session || row.status === 'ended') continue;
          const leftAt = row.leftAt ?? now();
          change(room, { status: 'ended', epoch: row.epoch + 1, leftAt });
        }
      }, signal),
  };
}

interface Judgement {
  readonly answer: AcquireAnswer;
  /** The row from now on; absent if it stays as it is. */
  readonly row?: FakeLease;
}

/** What becomes of a request for a room whose session was not ended. */
function judge(row: FakeLease, request: AcquireRequest, now: number): Judgement {
  const live = row.status === 'live' && !isOrphaned(row, request);
  const refusal = live ? refuseLive(row, request) : refuseEmpty(row, request, now);
  if (refusal === 'occupied') {
    const deferred = new Map(row.deferred).set(startOf(request), request.deferrals);
    return { answer: { granted: false, refusal }, row: { ...row, deferred } };
  }
  if (refusal !== undefined) return { answer: { granted: false, refusal } };
  return grant(row, live, request, now);
}

function grant(row: FakeLease, live: boolean, request: AcquireRequest, now: number): Judgement {
  const arrival = arrivalOf(row, live, request);
  const { crashes, crashedAt } = countCrashes(row, live, arrival, request, now);
  const poisoned = crashes > MOST_CRASHES;
  const epoch = row.epoch + 1;
  const generation = request.generation ?? row.generation;
  const joined = live && row.joined;
  return {
    answer: poisoned
      ? { granted: false, refusal: 'poisoned' }
      : { granted: true, epoch, generation, arrival, joined },
    row: {
      session: request.session,
      epoch,
      generation,
      status: poisoned ? 'failed' : 'live',
      grantedAt: now,
      leftAt: poisoned ? now : undefined,
      arrival,
      messageId: request.messageId,
      receiveCount: request.receiveCount,
      joined,
      crashes,
      crashedAt,
      deferred: new Map(),
      worker: request.worker,
    },
  };
}

function countCrashes(
  row: FakeLease,
  live: boolean,
  arrival: Arrival,
  request: AcquireRequest,
  now: number,
): Pick<FakeLease, 'crashes' | 'crashedAt'> {
  if (!live) return { crashes: 0, crashedAt: undefined };
  const remembered = now - (row.crashedAt ?? now) > 600_000 ? 0 : row.crashes;
  const asked = now - (row.askedAt ?? Number.NEGATIVE_INFINITY) < 10_000;
  if (arrival === 'takeover' && !asked && !isRetry(row, request))
    return { crashes: remembered + 1, crashedAt: now };
  return { crashes: remembered, crashedAt: remembered > 0 ? row.crashedAt : undefined };
}

const MOST_CRASHES = 5;

function isOrphaned(row: FakeLease, request: AcquireRequest): boolean {
  return (
    row.session !== request.session &&
    request.generation === undefined &&
    row.deferred.get(startOf(request)) === request.deferrals - 1
  );
}

/** What a start keeps when it is sent again, as its message id is not kept. */
function startOf({ session, requestedAt }: AcquireRequest): string {
  return `${session} at ${requestedAt}`;
}

function refuseLive(row: FakeLease, request: AcquireRequest): Refusal | undefined {
  const successor = request.generation !== undefined;
  if (row.session !== request.session) return successor ? 'stale' : 'occupied';
  if (request.generation !== undefined && request.generation < row.generation) return 'stale';
  const slept =
    row.messageId === request.messageId && request.receiveCount < (row.receiveCount ?? 0);
  return slept ? 'stalled' : undefined;
}

function refuseEmpty(row: FakeLease, request: AcquireRequest, now: number): Refusal | undefined {
  if (isPoisonous(row, request)) return 'poisoned';
  if (request.generation !== undefined) return 'ended';
  const leftAt = row.leftAt ?? Number.NEGATIVE_INFINITY;
  const served = row.session === request.session && request.requestedAt < leftAt - 5_000;
  if (row.messageId === request.messageId || served) return 'duplicate';
  return (request.expiresAt ?? Number.POSITIVE_INFINITY) < now ? 'expired' : undefined;
}

function isPoisonous(row: FakeLease, request: AcquireRequest): boolean {
  const { status, crashes, messageId } = row;
  return status === 'failed' && crashes > MOST_CRASHES && messageId === request.messageId;
}

function arrivalOf(row: FakeLease, live: boolean, request: AcquireRequest): Arrival {
  if (!live) return 'fresh';
  if (isRetry(row, request)) return row.arrival ?? 'takeover';
  return (request.generation ?? 0) > row.generation ? 'handover' : 'takeover';
}

function isRetry(row: FakeLease, request: AcquireRequest): boolean {
  return row.messageId === request.messageId && row.receiveCount === request.receiveCount;
}
