import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Books } from './book.ts';
import { isReady } from './level.ts';
import { workerOf } from './place.ts';
import { TOKEN } from './talks.ts';
import type { Talks } from './talks.ts';
import type { World } from './world.ts';

/** Somebody who looks again and again; disposing ends it. */
export interface Watch extends AsyncDisposable {
  /** Looks once more, at everything, now. */
  look(): Promise<void>;
  /** Until when all is in the books, in ms since 1970: what came later may be read in part. */
  until(): number;
}

const EVERY_MS = 1_000;

/** Writes into the books what is to be seen of workers, server, database, queue and model. */
export function openWatch(world: World, books: Books, talks: Talks): Watch {
  const life = new AbortController();
  const known = new Set<string>();
  let until = 0;

  async function look(): Promise<void> {
    const [read] = await Promise.all([
      lookAtBooks(world, books),
      lookAtFleet(world, books),
      lookAtRooms(world, books, talks),
      world.backend.collectLetters().then((letters) => books.letters.push(...letters)),
    ]);
    readRequests(world, books, known);
    until = Math.max(until, read);
  }
  async function keepLooking(): Promise<void> {
    while (!life.signal.aborted) {
      await look();
      await sleep(EVERY_MS, undefined, { signal: life.signal }).catch(() => undefined);
    }
  }

  const looking = keepLooking();
  const pulse = watchPulse(books);
  return {
    look,
    until: () => until,
    async [Symbol.asyncDispose]() {
      life.abort();
      clearInterval(pulse);
      await looking;
    },
  };
}

const PULSE_MS = 250;
const STALL_MS = 1_000;

/** A pulse that comes late tells that this process stood still. */
function watchPulse({ stalls }: Books): NodeJS.Timeout {
  let last = Date.now();
  return setInterval(() => {
    const at = Date.now();
    if (at - last > PULSE_MS + STALL_MS) stalls.push({ from: last, at });
    last = at;
  }, PULSE_MS);
}

async function lookAtFleet({ places }: World, { fitness }: Books): Promise<void> {
  const at = Date.now();
  const workers = places.map((place) => place.worker());
  const ready = await Promise.all(workers.map(isReady));
  fitness.push({
    at,
    load: loadavg()[0] ?? 0,
    ready: workers.flatMap(({ name }, index) => (ready[index] ? [name] : [])),
  });
}

/** While the server is away there is nothing to see. */
async function lookAtRooms(world: World, { listings }: Books, talks: Talks): Promise<void> {
  await Promise.all(
    talks.rooms().map(async (room) => {
      const bots = await world.listBots(room).catch(() => undefined);
      if (bots !== undefined) listings.push({ at: Date.now(), room, bots });
    }),
  );
}

/** Resolves with when it was complete. */
async function lookAtBooks({ audit }: World, books: Books): Promise<number> {
  const { until, leases, saves, inbox } = await audit.read();
  books.leases.push(...leases);
  books.saves.push(...saves);
  books.inbox.push(...inbox);
  return until;
}

/** What the model was asked, by whom, as far as it began to answer; each request once. */
function readRequests({ stack }: World, { requests }: Books, known: Set<string>): void {
  for (const { id, model, messages, firstTokenAt } of stack.llm.requests()) {
    if (known.has(id) || firstTokenAt === undefined) continue;
    known.add(id);
    const worker = workerOf(model ?? '');
    const token = tokenAskedIn(messages ?? []);
    if (worker !== undefined && token !== undefined) {
      requests.push({ at: firstTokenAt, worker, token });
    }
  }
}

function tokenAskedIn(
  messages: readonly { readonly role: string; readonly text: string }[],
): string | undefined {
  const question = messages.findLast(({ role }) => role === 'user');
  return TOKEN.exec(question?.text ?? '')?.[0];
}
