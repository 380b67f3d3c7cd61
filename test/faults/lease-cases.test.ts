import { beforeAll, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import { ask, linesLike, openTalk } from '../support/talk.ts';

const fleet = useFleet();

beforeAll(async () => {
  await fleet().openWorker();
});

it('two sessions for one room: the second waits until the first has left, and has its own memory', async () => {
  const { room, ada } = await openTalk(fleet(), 'two');
  const { database } = fleet().stack;
  const second = `second talk in ${room.name}`;
  await database.sql(
    `insert into characters (id, name, description) values ('rex', 'Rex', 'You are Rex.')`,
  );
  await database.sql(`insert into sessions (id, character_id) values ($1, 'rex')`, [second]);
  await room.call({ sessionId: second });
  await ask(ada, 'Who are you?', /I am Mira/);
  expect(await room.lease()).toMatchObject({ session: room.name, epoch: 1 });
  await ada[Symbol.asyncDispose]();
  await room.leaseThat('the second’s', ({ session }) => session === second);
  await using again = await room.enter();
  await again.heard(/^Rex has joined the chat!$/);
  await ask(again, 'What is my name?', /You have not told me your name/);
});

it('an end while a start waits: the bot leaves, the start is let go', async () => {
  const { room, ada, holder } = await openTalk(fleet(), 'end');
  await using _ada = ada;
  const waiting = await room.call();
  await fleet().stack.database.sql('select end_session($1)', [room.name]);
  await ada.misses(room.bot);
  const settled = await holder.logged(
    'activation-settled',
    15_000,
    (line) => line['messageId'] === waiting,
  );
  expect(settled['how']).toBe('ended');
  expect(await room.lease()).toMatchObject({ status: 'ended' });
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
});

it('an outage of the queue in which a worker dies: another goes on once the queue is back', async () => {
  const { room, ada, holder } = await openTalk(fleet(), 'both');
  const heir = await fleet().openWorker();
  await fleet().stack.queue.stop();
  holder.signal('SIGKILL');
  await holder.exited;
  await heir.notReadyFor(/queue/);
  await fleet().stack.queue.start();
  await heir.joins(room);
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await room.lease()).toMatchObject({ worker: heir.name, arrival: 'takeover', epoch: 2 });
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  await ada[Symbol.asyncDispose]();
  await room.leaseThat('left', ({ status }) => status === 'left');
});

it('a crash between re-send and delete: the repeat is swallowed, one bot goes on', async () => {
  const { queue, stack } = fleet();
  const room = await fleet().openRoom('constant');
  await using ada = await room.enter();
  stack.queue.faults.delay('DeleteMessage', 60_000);
  await queue.send(JSON.stringify({ roomName: room.name }), 'constant');
  await ada.heard(/^Mira has joined the chat!$/);
  await ask(ada, 'My name is Ada.', /you say "My name is Ada"/);
  await room.memoryThat('the first answer', ({ length }) => length === 2);
  (await fleet().holderOf(room)).signal('SIGKILL');
  stack.queue.faults.heal();
  const heir = await fleet().openWorker();
  await heir.joins(room);
  await heir.logged('activation-settled', 10_000, ({ how }) => how === 'rerouted');
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  await ada[Symbol.asyncDispose]();
  await queue.isEmpty(15_000);
  expect(await room.lease()).toMatchObject({ status: 'left', epoch: 2 });
});
