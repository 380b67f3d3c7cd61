import { RoomServiceClient } from 'livekit-server-sdk';
import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import { linesLike } from '../support/talk.ts';
import { openTalker } from '../support/talker.ts';

const ANNA = { identity: 'anna', name: 'Anna' };
/** Sounds for longer than a human is waited for. */
const STORY =
  'Once there was a small boat. It sailed for nine days and nine nights. Then the wind fell silent. ' +
  'The sailors sang until the morning came. Then they saw the land, and the boat came home.';
const GRACE_MS = 2_500;
/** Whatever ends a talk, it is left in so much time. */
const LEAVE_LIMIT_MS = 5_000;
/** An answer takes as long as it sounds. */
const LIMIT_MS = 20_000;

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker({
    AUDIO_ENABLED: 'true',
    DEPARTURE_GRACE_MS: String(GRACE_MS),
    // A place that is not given back is missed at the next call.
    MAX_CONCURRENT_ROOMS: '1',
  });
  fleet().stack.voice.cartesia.configure({ letterMs: 30 });
  fleet().stack.llm.configure({
    replies: [
      { says: 'a story about the sea', reply: STORY },
      { says: 'My name is Anna', reply: 'Welcome, Anna.' },
    ],
  });
});

it.each([
  ['its last human goes', 'last-human-left', async () => undefined],
  ['it is removed', 'removed', removeBot],
])(
  'in the middle of a sentence %s: nothing stays open, and it can be called again',
  async (_what, reason, act) => {
    const room = await fleet().openRoom(reason);
    {
      await using talk = await openVoiceTalk(room);
      await talk.talker.speaks('name-is-anna-emma');
      await talk.anna.read(/^Welcome, Anna\.$/);
      await talk.talker.speaks('story-emma');
      await talk.anna.heard(/^Once there was a small boat\.$/);
      expect(openSockets()).toEqual({ gladia: 1, deepgram: 0, cartesia: 1, elevenlabs: 0 });
      await act(room);
    }
    const limitMs = GRACE_MS + LEAVE_LIMIT_MS;
    const ended = await worker.logged('bot-ended', limitMs, (line) => line['room'] === room.name);
    expect(ended).toMatchObject({ how: 'left', reason, running: 0 });
    await room.leaseThat('left', ({ status }) => status === 'left');
    await eventually('the end of the ears and of what was being spoken', async () => {
      const { gladia, cartesia } = fleet().stack.voice;
      const outcomes = [...gladia.streams(), ...cartesia.speeches()].map(({ outcome }) => outcome);
      return gladia.sockets() === 0 && !outcomes.includes('open');
    });
    // The voices of all rooms share one socket, which stays.
    expect(openSockets()).toEqual({ gladia: 0, deepgram: 0, cartesia: 1, elevenlabs: 0 });
    expect(await room.memory()).toMatchObject([
      { text: 'My name is Anna.' },
      { text: 'Welcome, Anna.', ended: 'finished' },
      { text: 'Tell me a story about the sea.' },
      {
        text: expect.stringMatching(/^Once there was a small boat\./) as string,
        ended: 'interrupted',
      },
    ]);

    await using again = await openVoiceTalk(room);
    await again.talker.speaks('my-name-emma');
    await again.anna.read(/^Your name is Anna\./, LIMIT_MS);
    expect(again.talker.heardMs()).toBeGreaterThan(500);
    expect(linesLike(again.anna, /has joined/)).toEqual(['Mira has joined the chat!']);
    expect(await room.lease()).toMatchObject({ status: 'live', arrival: 'fresh', epoch: 2 });
    await deleteRoom(room);
  },
);

it('stays where somebody is back within the grace, and goes on with the talk', async () => {
  const room = await fleet().openRoom('back');
  {
    await using talk = await openVoiceTalk(room);
    await talk.talker.speaks('name-is-anna-emma');
    await talk.anna.read(/^Welcome, Anna\.$/);
  }
  await using anna = await room.enter(ANNA);
  await using talker = await openTalker(anna);
  await talker.speaks('my-name-emma');
  await anna.read(/^Your name is Anna\./, LIMIT_MS);
  expect(talker.heardMs()).toBeGreaterThan(500);
  expect(linesLike(anna, /has joined/)).toEqual([]);
  expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
});

/** Anna, who speaks and hears, and a bot that was called. */
async function openVoiceTalk(room: FleetRoom) {
  await using opened = new AsyncDisposableStack();
  const anna = opened.use(await room.enter(ANNA));
  await room.call();
  await anna.heard(/^Mira has joined the chat!$/);
  const talker = opened.use(await openTalker(anna));
  const kept = opened.move();
  return { anna, talker, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** How many websockets are open to each provider. */
function openSockets() {
  const { gladia, deepgram, cartesia, elevenlabs } = fleet().stack.voice;
  return {
    gladia: gladia.sockets(),
    deepgram: deepgram.sockets(),
    cartesia: cartesia.sockets(),
    elevenlabs: elevenlabs.sockets(),
  };
}

async function removeBot({ name, bot }: FleetRoom): Promise<void> {
  await rooms().removeParticipant(name, bot);
}

async function deleteRoom({ name }: FleetRoom): Promise<void> {
  await rooms().deleteRoom(name);
}

function rooms(): RoomServiceClient {
  const { url, apiKey, apiSecret } = fleet().stack.livekit;
  return new RoomServiceClient(url.replace('ws', 'http'), apiKey, apiSecret);
}
