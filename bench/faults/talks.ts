import { setTimeout as sleep } from 'node:timers/promises';
import { RECORDINGS } from '../../dev/speech/catalog.ts';
import type { Recording } from '../../dev/speech/catalog.ts';
import { openSession } from './bad-messages.ts';
import type { Books } from './book.ts';
import { makeRandom } from './random.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** The rooms of a campaign, each with a visitor who talks, goes, comes back, and asks for its bot. */
export interface Talks {
  /** Names of the rooms in which a visitor is, or is about to be. */
  rooms(): readonly string[];
  /** A visitor was thrown out and is back: its page asks for the bot again. */
  cameBack(room: string): void;
  /** From now on nobody goes; resolves once every visitor is in its room and asks on. */
  stay(): Promise<void>;
  /** Everybody goes, for good. */
  end(): Promise<void>;
}

/** How many rooms; of every {@link SPOKEN_EVERY} one is spoken in. */
export interface Company {
  readonly seed: number;
  readonly rooms: number;
}

/** While an answer is waited for, it is asked again. */
const AGAIN_MS = 2_500;
/** After so long without a word a visitor loads the page anew, which asks for the bot. */
const RELOAD_MS = 25_000;

/**
 * Two cores carry six spoken rooms with their visitors, and nothing else (voice-density's knee): with more
 * of them a campaign's workers starve, and what is seen is the machine.
 */
const SPOKEN_EVERY = 6;

/** What a question's token looks like; each is asked once in a campaign. */
export const TOKEN = /\bq\d+x\d+\b/;

/** What is spoken in a room, each once: of several people who say the same, one. */
const SPEECHES: readonly Recording[] = RECORDINGS.filter(
  ({ kind, language, text }, at) =>
    kind === 'speech' &&
    language === 'en' &&
    RECORDINGS.findIndex((one) => one.text === text) === at,
);

/** Lets every room live its life from now on. */
export function openTalks(world: World, books: Books, { seed, rooms }: Company): Talks {
  const seats = Array.from({ length: rooms }, (_none, at) => openSeat(world, books, seed, at));
  return {
    rooms: () => seats.flatMap((seat) => seat.room() ?? []),
    cameBack(room) {
      void seats.find((seat) => seat.room() === room)?.call();
    },
    async stay() {
      await Promise.all(seats.map((seat) => seat.stay()));
    },
    async end() {
      await Promise.all(seats.map((seat) => seat.end()));
    },
  };
}

interface Seat {
  room(): string | undefined;
  call(): Promise<void>;
  stay(): Promise<void>;
  end(): Promise<void>;
}

function openSeat(world: World, books: Books, seed: number, at: number): Seat {
  const random = makeRandom(seed * 1_000 + at);
  const life = new AbortController();
  const speaks = at % SPOKEN_EVERY === SPOKEN_EVERY - 1;
  let [name, count, asked] = [`s${seed}-room${at}-1`, 1, 0];
  let room: string | undefined;
  let unspoken = SPEECHES;
  const plan = { goes: true };
  const settled = Promise.withResolvers<void>();

  async function call(): Promise<void> {
    if (room === undefined) return;
    const body = { roomName: room, mode: speaks ? 'voice' : 'text' };
    const order = { kind: 'start', room, body, group: room } as const;
    books.sent.push(await world.backend.send(order));
  }
  async function visit(): Promise<void> {
    await openSession(world, name);
    room = name;
    await world.guests.enter(room, speaks);
    await call();
    const until = Date.now() + random.between(25_000, 80_000);
    let reloadedAt = Date.now();
    while (!life.signal.aborted && (Date.now() < until || !plan.goes)) {
      const since = waitingSince(books, room);
      if (since !== undefined && Date.now() - Math.max(since, reloadedAt) > RELOAD_MS) {
        reloadedAt = Date.now();
        void call();
      }
      await contribute();
      if (!plan.goes) settled.resolve();
      await pause(
        waitingSince(books, room) === undefined ? random.between(2_000, 6_000) : AGAIN_MS,
      );
    }
    await world.guests.leave(room);
    books.seats.push({ at: Date.now(), room, here: false });
    room = undefined;
  }
  /** Who is thrown out says nothing. */
  async function contribute(): Promise<void> {
    if (room === undefined) return;
    const [recording] = unspoken;
    if (speaks && recording !== undefined && random.next() < 0.3) {
      unspoken = unspoken.slice(1);
      const spoken = { room, text: recording.text };
      await world.guests.speak(room, recording.id).then(
        (at) => books.spoken.push({ ...spoken, at }),
        () => undefined,
      );
      return;
    }
    const token = `q${at}x${++asked}`;
    const said = world.guests.say(room, `Do you know ${token}?`);
    const question = { room, token };
    await said.then(
      (at) => books.asked.push({ ...question, at }),
      () => undefined,
    );
  }
  /** The same room again, or a new one, of which the old one's session may have been ended for good. */
  async function moveOn(random: Random): Promise<void> {
    if (random.next() < 0.65) return;
    if (random.next() < 0.5) {
      await world.stack.database.sql('select end_session($1)', [name]).catch(() => undefined);
    }
    name = `s${seed}-room${at}-${++count}`;
    unspoken = SPEECHES;
  }
  async function live(): Promise<void> {
    await pause(random.between(0, 8_000));
    while (!life.signal.aborted) {
      await visit();
      if (life.signal.aborted) return;
      if (plan.goes) await pause(random.between(2_000, 8_000));
      await moveOn(random);
    }
  }
  const pause = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: life.signal }).catch(() => undefined);

  const living = live();
  return {
    room: () => room,
    call,
    async stay() {
      plan.goes = false;
      await settled.promise;
    },
    async end() {
      life.abort();
      await living;
    },
  };
}

/** Since when a room's visitor waits for a word. */
function waitingSince({ asked, lines, seats }: Books, room: string): number | undefined {
  const last = (all: readonly { readonly room: string; readonly at: number }[]): number =>
    all.findLast((one) => one.room === room)?.at ?? 0;
  const heardAt = Math.max(last(lines), last(seats.filter(({ here }) => here)));
  return asked.find((one) => one.room === room && one.at > heardAt)?.at;
}
