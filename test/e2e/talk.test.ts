import { beforeAll, describe, expect, it } from 'vitest';
import { groupIdOf } from '../../src/worker/activation.ts';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask } from '../support/talk.ts';

const fleet = useFleet();

let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker({ MAX_CONCURRENT_ROOMS: '20' });
  fleet().stack.llm.configure({
    replies: [{ says: 'who likes blue', reply: 'Ada likes blue.' }],
  });
});

describe.concurrent('a bare {"roomName"} on the queue', () => {
  it('brings a character who joins, talks and remembers', async () => {
    const room = await fleet().openRoom('talk');
    await using ada = await room.enter();
    await room.call();
    await ada.heard(/^Mira has joined the chat!$/);
    await ask(ada, 'My name is Ada.', /you say "My name is Ada"/);
    await ask(ada, 'What is my name?', /Your name is Ada/);
    const memory = await room.memoryThat('four messages', ({ length }) => length === 4);
    expect(memory).toMatchObject([
      { role: 'user', speaker: 'ada', text: 'My name is Ada.' },
      { role: 'assistant', ended: 'finished' },
      { role: 'user', text: 'What is my name?' },
      { role: 'assistant', text: 'Your name is Ada. I remember that you told me.' },
    ]);
    expect(await room.lease()).toMatchObject({ status: 'live', arrival: 'fresh', epoch: 1 });
  });

  it('brings one bot each for ten rooms in one constant group', async () => {
    const rooms = await Promise.all(Array.from({ length: 10 }, () => fleet().openRoom('ten')));
    for (const { name } of rooms) {
      await fleet().queue.send(JSON.stringify({ roomName: name }), 'one-constant-group');
    }
    const rows = await Promise.all(
      rooms.map((room) => room.leaseThat('live', ({ status }) => status === 'live')),
    );
    expect(rows.map(({ epoch }) => epoch)).toEqual(rooms.map(() => 1));
    for (const room of rooms.slice(0, 2)) {
      await using ada = await room.enter();
      await ada.heard(/^Mira has joined the chat!$/);
    }
  });

  it.each(['東京 会議室 #4', 'Zoë’s room: “café” & <b>', `${'long '.repeat(40)}name`])(
    'finds the room %s, whose name is no group',
    async (label) => {
      const room = await fleet().openRoom(label);
      await fleet().queue.send(JSON.stringify({ roomName: room.name }), groupIdOf(room.name));
      await using ada = await room.enter();
      await ada.heard(/^Mira has joined the chat!$/);
      await ask(ada, 'Are you there?', /you say "Are you there"/);
    },
  );

  it('plays the character and the session that the message names', async () => {
    const room = await fleet().openRoom('cast');
    await fleet().stack.database.sql(
      `insert into characters (id, name, description, greeting)
       values ('rex', 'Rex', 'You are Rex.', 'Woof, welcome!')`,
    );
    await using ada = await room.enter();
    await room.call({ characterId: 'rex', unknownField: { of: ['a later version'] } });
    await ada.heard(/^Rex has joined the chat!$/);
    await ada.heard(/^Woof, welcome!$/);
    await ask(ada, 'What is your name?', /I am Rex/);
  });
});

describe.concurrent('several in one room', () => {
  it('are told apart by name; the bot answers when it is named, and never another bot', async () => {
    const room = await fleet().openRoom('meeting');
    await using ada = await room.enter();
    await room.call();
    await ada.heard(/^Mira has joined the chat!$/);
    await using bob = await room.enter({ identity: 'bob', name: 'Bob' });
    await using other = await room.enter({ identity: 'scribe', name: 'Scribe', kind: 'agent' });
    // Each line is remembered before the next: three senders have no order among themselves.
    const tell = async (from: typeof ada, line: string): Promise<void> => {
      await from.say(line);
      await room.memoryThat(line, (messages) => messages.some(({ text }) => text === line));
    };
    await tell(ada, 'I like blue.');
    await tell(bob, 'And I like green.');
    await other.say('Mira, do you like scribes?');
    await ask(bob, 'Mira, who likes blue?', /^Ada likes blue\.$/);
    const memory = await room.memoryThat('the answer', ({ length }) => length === 4);
    expect(memory).toMatchObject([
      { name: 'Ada', addressed: false },
      { name: 'Bob', addressed: false },
      { name: 'Bob', addressed: true },
      { role: 'assistant', text: 'Ada likes blue.' },
    ]);
    const [request, ...others] = fleet().stack.llm.requests('And I like green.');
    expect(others).toEqual([]);
    expect(request!.messages!.at(-1)!.text).toBe(
      'Ada: I like blue.\nBob: And I like green.\nBob: Mira, who likes blue?',
    );
  });

  it('hear the bot again without its name once the others have gone', async () => {
    const room = await fleet().openRoom('alone-again');
    await using ada = await room.enter();
    await room.call();
    await ada.heard(/^Mira has joined the chat!$/);
    const bob = await room.enter({ identity: 'bob', name: 'Bob' });
    await ask(bob, 'Mira, hello from Bob.', /hello from Bob/);
    await bob[Symbol.asyncDispose]();
    await eventually('one human', async () => (await worker.statusOf(room.name))?.humans === 1);
    await ask(ada, 'Are we alone now?', /Are we alone now/);
  });
});
