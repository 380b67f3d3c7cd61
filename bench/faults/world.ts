import { setPriority } from 'node:os';
import { RoomServiceClient } from 'livekit-server-sdk';
import type { ParticipantInfo } from 'livekit-server-sdk';
import { openStack } from '../../dev/stack.ts';
import type { Stack } from '../../dev/stack.ts';
import { openAudit } from './audit.ts';
import type { Audit } from './audit.ts';
import { openBackend } from './backend.ts';
import type { Backend } from './backend.ts';
import { fillCompileCache } from './compile-cache.ts';
import type { GuestSight } from './guest-protocol.ts';
import { openGuests } from './guests.ts';
import type { Guests } from './guests.ts';
import { openPlace } from './place.ts';
import type { Place, Watchers } from './place.ts';

/** Where a campaign plays. */
export interface World extends AsyncDisposable {
  readonly stack: Stack;
  readonly places: readonly Place[];
  readonly backend: Backend;
  readonly guests: Guests;
  readonly audit: Audit;
  /** Identities of a room's participants of kind agent; throws while the server is away. */
  listBots(room: string): Promise<readonly string[]>;
}

/** Who is told what happens in it. */
export interface WorldWatchers extends Watchers {
  readonly onSight: (sight: GuestSight) => void;
}

/** The pace of the simulated model: 200 ms, then 10 ms a token. */
const PACE = { firstTokenMs: 200, perTokenMs: 10 };

/** Starts the stack, with the database keeping book, visitors, and workers, each behind paths of its own. */
export async function openWorld(workers: number, watchers: WorldWatchers): Promise<World> {
  fillCompileCache();
  comeFirst();
  await using opening = new AsyncDisposableStack();
  const stack = opening.use(await openStack({ llm: { latency: PACE } }));
  await stack.database.sql(
    `insert into characters (id, name, description) values ('mira', 'Mira', 'You are Mira, a friendly host.')`,
  );
  const audit = await openAudit(stack.database);
  const backend = opening.use(openBackend(stack.queue));
  const guests = opening.use(openGuests(stack.env, watchers.onSight));
  const places: Place[] = [];
  for (let at = 1; at <= workers; at += 1) {
    places.push(opening.use(await openPlace(stack, `w${at}`, watchers)));
  }
  const { url, apiKey, apiSecret } = stack.livekit;
  const rooms = new RoomServiceClient(url.replace('ws', 'http'), apiKey, apiSecret);
  const opened = opening.move();
  return {
    stack,
    places,
    backend,
    guests,
    audit,
    async listBots(room) {
      const there = await rooms.listParticipants(room).catch(ifNoRoom);
      return there.filter(isBot).map(({ identity }) => identity);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/**
 * Parts and visitors are on machines of their own in truth: where this one is busy, workers wait for
 * the processor and not the parts that they are judged by.
 */
function comeFirst(): void {
  try {
    setPriority(-10);
  } catch {
    // Who may not waits with the rest; the stalls that are seen tell it.
  }
}

/**
 * Who could be one: of the kind agent, whose number in ParticipantInfo.Kind the SDK does not export, and
 * allowed to publish. What listens for a bot before it enters is not.
 */
function isBot({
  kind,
  permission,
}: Pick<ParticipantInfo, 'permission'> & { kind: number }): boolean {
  return kind === 4 && permission?.canPublish !== false;
}

/** A room that nobody has entered yet does not exist. */
function ifNoRoom(error: unknown): readonly never[] {
  if (error instanceof Error && 'code' in error && error.code === 'not_found') return [];
  throw error;
}
