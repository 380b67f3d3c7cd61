import { beforeAll, describe, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask, linesLike } from '../support/talk.ts';

const fleet = useFleet();
const MOST = 3;
let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker({
    MAX_CONCURRENT_ROOMS: String(MOST),
    IDLE_TIMEOUT_MS: '1500',
  });
});

it.each([
  [2_000, '2 s'],
  [600_000, '10 minutes'],
])('a room whose bot left is called back %i ms (%s) later, with its memory', async (laterMs) => {
  const room = await fleet().openRoom('again');
  await room.call();
  {
    await using ada = await room.enter();
    await ada.heard(/^Mira has joined the chat!$/);
    await ask(ada, 'My name is Ada.', /you say "My name is Ada"/);
  }
  await room.leaseThat('left', ({ status }) => status === 'left');
  await fleet().queue.isEmpty();
  await fleet().passTime(laterMs);
  await room.call();
  await using ada = await room.enter();
  await ada.heard(/^Mira has joined the chat!$/);
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await room.lease()).toMatchObject({ status: 'live', arrival: 'fresh', crashes: 0 });
});

it('says good-bye once to people who say nothing, and only then leaves', async () => {
  const rooms = await Promise.all(Array.from({ length: MOST }, () => fleet().openRoom('idle')));
  await Promise.all(
    rooms.map(async (room) => {
      await room.call();
      await using ada = await room.enter();
      await ada.heard(/^Mira has joined the chat!$/);
      await ada.misses(room.bot);
      // Whoever leaves right behind its last words takes them along.
      await ada.heard(/^\[SYSTEM\] User idle - Disconnecting\.\.\.$/);
      await ada.read(/^\[SYSTEM\] User idle/);
      expect(linesLike(ada, /User idle/)).toHaveLength(1);
      await room.leaseThat('left', ({ status }) => status === 'left');
    }),
  );
});

describe('a burst', () => {
  it('never takes more than MAX_CONCURRENT_ROOMS, and uses each freed place at once', async () => {
    await fleet().queue.isEmpty();
    const before = worker.log.length;
    const rooms = await Promise.all(Array.from({ length: 8 }, () => fleet().openRoom('burst')));
    await Promise.all(rooms.map((room) => room.call()));
    // Nobody enters: each is left when it was idle for long enough, and makes room for the next.
    for (const room of rooms) {
      await room.leaseThat('left', ({ status }) => status === 'left', 20_000);
    }
    await fleet().queue.isEmpty();
    const events = worker.log.slice(before).map(({ event }) => event);
    expect(runningAfterEach(events)).toEqual(expect.arrayContaining([MOST]));
    expect(Math.max(...runningAfterEach(events))).toBe(MOST);
    expect(events.filter((event) => event === 'bot-started')).toHaveLength(8);
  });
});

/** How many bots run after each bot's start and end. */
function runningAfterEach(events: readonly (string | undefined)[]): readonly number[] {
  let running = 0;
  return events.flatMap((event) => {
    if (event === 'bot-started') running += 1;
    else if (event === 'bot-ended') running -= 1;
    else return [];
    return [running];
  });
}
