import type { WorkerLogLine } from '../../dev/worker-process.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask, expectEachAnsweredOnce, MY_NAME, openTalk } from '../support/talk.ts';

const fleet = useFleet();
let worker: FleetWorker;

afterEach(async () => {
  fleet().stack.database.gateway.interfere({});
  await fleet().stack.database.gateway.start();
});

it('the anon key stops the start and is named; the message stays for a worker with the right one', async () => {
  const { stack, queue } = fleet();
  const room = await fleet().openRoom('anon');
  await room.call();
  const wrong = fleet().startWorker({ SUPABASE_SERVICE_ROLE: stack.database.anonKey });
  expect(await wrong.exited).toBe(1);
  expect(wrong.log.map(({ message }) => message).join('\n')).toContain('SUPABASE_SERVICE_ROLE');
  expect(await queue.counts()).toEqual({ waiting: 1, inFlight: 0 });
});

it('down at the start: the worker waits for it, not ready, and then serves', async () => {
  const { gateway } = fleet().stack.database;
  const room = await fleet().openRoom('early');
  await room.call();
  await gateway.stop();
  worker = fleet().startWorker();
  await worker.notReadyFor(/database/);
  await worker.logged('provider-failed', 10_000, ({ provider }) => provider === 'database');
  await gateway.start();
  await worker.ready();
  await worker.joins(room);
});

describe.each([
  ['is down', /database/, () => fleet().stack.database.gateway.stop()],
  [
    'refuses our key',
    /SUPABASE_SERVICE_ROLE/,
    async () => fleet().stack.database.gateway.interfere({ status: 401 }),
  ],
])('in the middle of a talk the database %s', (_what, reason, breakIt) => {
  it('the talk goes on, starts wait, readiness says why; all of it is mended once it is back', async () => {
    const { room, ada } = await openTalk(fleet(), 'middle');
    await using _ada = ada;
    const later = await fleet().openRoom('later');
    const saves = await savesTold(room.name);
    await breakIt();
    await later.call();
    await ask(ada, 'Is the database away?', /Is the database away/);
    await worker.notReadyFor(reason);
    await ask(ada, 'Is it still away?', /Is it still away/);
    expect(savesOf(worker, room.name)).toBe(saves);

    fleet().stack.database.gateway.interfere({});
    await fleet().stack.database.gateway.start();
    await worker.joins(later);
    await worker.ready();
    expectEachAnsweredOnce(
      await room.memoryThat('three answers', ({ length }) => length === 6, 20_000),
      [MY_NAME, 'Is the database away?', 'Is it still away?'],
    );
    expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
    expect(await fleet().queue.deadLetters()).toEqual([]);
  });
});

it('slow: no reply waits for a save, and rooms are joined all the same', async () => {
  const { room, ada } = await openTalk(fleet(), 'slow');
  await using _ada = ada;
  const saves = await savesTold(room.name);
  fleet().stack.database.gateway.interfere({ delayMs: 2_500 });
  const later = await fleet().openRoom('later');
  await later.call();
  await ask(ada, 'Is it slow?', /Is it slow/);
  expect(savesOf(worker, room.name)).toBe(saves);
  await worker.joins(later, 30_000);
  fleet().stack.database.gateway.interfere({});
  await room.memoryThat('the slow answer', ({ length }) => length === 4);
});

describe('what the room itself is to blame for goes to the dead letters with the reason', () => {
  it.each([
    ['an unknown session', 'delete from sessions where id = $1', /session \S+ does not exist/],
    [
      'a session without a character',
      'update sessions set character_id = null where id = $1',
      /names no character/,
    ],
    [
      'an unknown character',
      `update sessions set character_id = 'nobody' where id = $1`,
      /character nobody does not exist/,
    ],
    [
      'a character without a prompt',
      `update sessions set character_id = 'mute' where id = $1`,
      /character mute/,
    ],
  ])('%s', async (_what, sql, reason) => {
    const { database } = fleet().stack;
    const room = await fleet().openRoom('blamed');
    await database.sql(
      `insert into characters (id, name) values ('mute', 'Mute') on conflict do nothing`,
    );
    await database.sql(sql, [room.name]);
    // Long ago: a younger request for an unknown session is given time.
    await room.call({ requestedAt: Date.now() - 60_000 });
    const letter = await fleet().queue.deadLetter(room.name, 20_000);
    expect(letter.reason).toMatch(reason);
    await room.leaseThat('failed', ({ status }) => status === 'failed');
  });

  it('but a session whose row comes a moment after its message is served', async () => {
    const { database } = fleet().stack;
    const room = await fleet().openRoom('moment');
    await database.sql('delete from sessions where id = $1', [room.name]);
    await room.call();
    await worker.logged('bot-started', 10_000, (line) => line['room'] === room.name);
    await database.sql(`insert into sessions (id, character_id) values ($1, 'mira')`, [room.name]);
    await worker.joins(room);
    const letters = await fleet().queue.deadLetters();
    expect(letters.filter(({ body }) => body.includes(room.name))).toEqual([]);
  });
});

/** How many saves the worker has told of, once it has told of the one that the database has. */
async function savesTold(name: string): Promise<number> {
  const [stored] = await fleet().stack.database.sql<{ version: number }>(
    'select version::integer from contexts where session = $1',
    [name],
  );
  const isLast = (line: WorkerLogLine): boolean =>
    line['room'] === name && line['version'] === stored?.version;
  await worker.logged('context-saved', 5_000, isLast);
  return savesOf(worker, name);
}

/** How many saves of a room were acknowledged. */
function savesOf({ log }: FleetWorker, name: string): number {
  return log.filter(({ event, room }) => event === 'context-saved' && room === name).length;
}
