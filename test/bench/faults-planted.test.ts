import '../../dev/quiet.ts';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Room } from '@livekit/rtc-node';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { expect, it } from 'vitest';
import { openBooks, seenUntil } from '../../bench/faults/book.ts';
import type { Books } from '../../bench/faults/book.ts';
import { checkAll } from '../../bench/faults/invariants/check.ts';
import { isReady } from '../../bench/faults/level.ts';
import { openTalks } from '../../bench/faults/talks.ts';
import type { Talks } from '../../bench/faults/talks.ts';
import { openWatch } from '../../bench/faults/watch.ts';
import { openWitness } from '../../bench/faults/witness.ts';
import { openWorld } from '../../bench/faults/world.ts';
import type { World } from '../../bench/faults/world.ts';
import { eventually } from '../support/eventually.ts';

const LIMIT_MS = 90_000;

it('finds by itself what is planted in a real fleet, and nothing before that', async () => {
  const books = openBooks();
  let talks: Talks | undefined;
  const witness = openWitness(
    books,
    () => undefined,
    (room) => talks?.cameBack(room),
  );
  await using world = await openWorld(1, witness);
  const [place] = world.places;
  const { process: worker } = place!.start();
  await eventually('the worker to be ready', () => isReady(place!.worker()), LIMIT_MS);
  talks = openTalks(world, books, { seed: 1, rooms: 2 });
  await using watch = openWatch(world, books, talks);
  const answersIn = (room: string) =>
    books.lines.filter((one) => one.room === room && one.token !== undefined);
  const rooms = await eventually(
    'answers in both rooms',
    async () => {
      const both = talks?.rooms() ?? [];
      return both.length === 2 && both.every((room) => answersIn(room).length > 2) && both;
    },
    LIMIT_MS,
  );
  const invariants = async (): Promise<readonly string[]> => {
    await watch.look();
    const found = checkAll(seenUntil(books, Date.now()));
    return [...new Set(found.map(({ invariant }) => invariant))].toSorted();
  };
  await eventually('the saves to be read', async () => books.saves.length > 2, LIMIT_MS);
  expect(await invariants()).toEqual([]);

  const [room = ''] = rooms;
  await using second = await joinByHand(world, room);
  await second.write('Mira has joined the chat!');
  await second.write(`I heard you say "${answersIn(room).at(-1)!.token}".`);
  await world.stack.database.sql('update contexts set messages = messages - 0 where session = $1', [
    rooms[1],
  ]);
  await eventually(
    'a second bot, its lines, and a turn that is lost to be found',
    async () => (await invariants()).join() === 'answered-once,joined-once,one-bot,turns',
    LIMIT_MS,
  );

  // The server lets the bot write no more: its worker is well, nothing excuses the silence.
  await silenceBot(world, rooms[1] ?? '');
  await eventually('the silence', async () => (await invariants()).includes('mute'), LIMIT_MS);

  worker.signal('SIGKILL');
  await worker.exited;
  await swallowStart(world, books);
  books.residue.push(await world.backend.count());
  expect(await invariants()).toEqual([
    'activations',
    'answered-once',
    'joined-once',
    'mute',
    'one-bot',
    'returns',
    'turns',
  ]);
  await talks.end();
}, 300_000);

/** Comes in as a bot beside the room's own. */
async function joinByHand({ stack }: World, room: string) {
  const { url, apiKey, apiSecret } = stack.livekit;
  const token = new AccessToken(apiKey, apiSecret, { identity: 'bot-by-hand', name: 'Mira' });
  token.kind = 'agent';
  token.addGrant({ roomJoin: true, room, canPublishData: true, agent: true });
  const seat = new Room();
  for (const topic of ['lk.chat', 'lk.transcription']) {
    seat.registerTextStreamHandler(topic, () => undefined);
  }
  await seat.connect(url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
  return {
    async write(text: string): Promise<void> {
      await seat.localParticipant?.sendText(text, { topic: 'lk.chat' });
    },
    [Symbol.asyncDispose]: () => seat.disconnect(),
  };
}

async function silenceBot({ stack }: World, room: string): Promise<void> {
  const { url, apiKey, apiSecret } = stack.livekit;
  const rooms = new RoomServiceClient(url.replace('ws', 'http'), apiKey, apiSecret);
  await rooms.updateParticipant(room, `bot-${room}`, {
    permission: { canPublish: true, canSubscribe: true, canPublishData: false },
  });
}

/** A start that the queue loses. */
async function swallowStart({ stack, backend }: World, { sent }: Books): Promise<void> {
  const room = 'swallowed';
  sent.push(await backend.send({ kind: 'start', room, body: { roomName: room }, group: room }));
  const { endpoint, queueUrl, accessKeyId, secretAccessKey } = stack.queue;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new SQSClient({ region: 'us-east-1', endpoint, credentials });
  await client.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  client.destroy();
}
