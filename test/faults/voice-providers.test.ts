import { beforeAll, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import type { LiveKitVisitor } from '../support/livekit-visitor.ts';
import { openTalker } from '../support/talker.ts';

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  // A draft would meet the fault, and may be thrown away with what it met.
  worker = await fleet().openWorker({ AUDIO_ENABLED: 'true', DRAFTS_PER_TURN: '0' });
  fleet().stack.llm.configure({
    replies: [
      { says: 'book a table', reply: 'For which evening shall I book it?' },
      { says: 'My name is Anna', reply: 'Welcome, Anna. How can I help?' },
      { says: 'see you tomorrow', reply: 'Good bye, and take care.' },
      { says: 'read this', reply: 'I can read it well.' },
    ],
  });
});

it('an ear that says nothing and a voice that breaks: the second ones take over, no word is lost', async () => {
  const { gladia, deepgram, cartesia, elevenlabs } = fleet().stack.voice;
  gladia.arm({ kind: 'stall', times: 1 });
  cartesia.arm({ kind: 'server-error', times: 1 });
  const { room, anna } = await openVoiceTalk('seconds');
  await using _anna = anna;
  await using talker = await openTalker(anna);
  await talker.speaks('table-oliver');
  await anna.read(/^I would like to book a table for two\.$/);
  const answer = await anna.read(/^For which evening shall I book it\?$/);
  expect(answer.trackId).toBe(voiceOf(anna, room.bot));
  expect(talker.heardMs()).toBeGreaterThan(500);
  expect(deepgram.streams()).toHaveLength(1);
  expect(elevenlabs.speeches()).toMatchObject([{ text: 'For which evening shall I book it?' }]);
  // The first voice is asked again.
  await talker.speaks('name-is-anna-emma');
  await anna.read(/^Welcome, Anna\. How can I help\?$/);
  expect(elevenlabs.speeches()).toHaveLength(1);
  expect(cartesia.speeches().at(-1)?.text).toBe('Welcome, Anna. How can I help?');
});

it('no voice at all: the reply is to be read, and is heard again once one is well', async () => {
  const { cartesia, elevenlabs } = fleet().stack.voice;
  const limits = [cartesia, elevenlabs].map(
    (one) => [one, one.arm({ kind: 'rate-limited' })] as const,
  );
  const { room, anna } = await openVoiceTalk('mute');
  await using _anna = anna;
  await using talker = await openTalker(anna);
  await talker.speaks('name-is-anna-emma');
  const answer = await anna.read(/^Welcome, Anna\. How can I help\?$/);
  expect(answer.trackId).toBeUndefined();
  await anna.heard(/^How can I help\?$/);
  expect(talker.heardMs()).toBe(0);
  for (const [one, { id }] of limits) one.disarm(id);
  await talker.speaks('goodbye-emma');
  expect(await anna.read(/^Good bye, and take care\.$/)).toMatchObject({
    trackId: voiceOf(anna, room.bot),
  });
  await talker.hears(500);
  expect(await room.memoryThat('both answers', ({ length }) => length === 4)).toMatchObject([
    {},
    { text: 'Welcome, Anna. How can I help?', ended: 'finished' },
    {},
    { text: 'Good bye, and take care.', ended: 'finished' },
  ]);
});

it('no ear takes its key: one alarm each, the room is told, what is written is answered aloud', async () => {
  const { gladia, deepgram } = fleet().stack.voice;
  for (const one of [gladia, deepgram]) one.arm({ kind: 'unauthorized' });
  const { anna } = await openVoiceTalk('deaf');
  await using _anna = anna;
  await using talker = await openTalker(anna);
  for (const one of ['phone-oliver', 'password-emma', 'count-sam']) await talker.speaks(one);
  await anna.heard(/^I can tell that somebody is speaking/);
  await anna.say('Can you read this?');
  await anna.read(/^I can read it well\.$/);
  expect(talker.heardMs()).toBeGreaterThan(300);
  const off = worker.log.filter(({ event }) => event === 'provider-off');
  expect(off.map(({ provider }) => String(provider)).toSorted()).toEqual(['deepgram', 'gladia']);
  // Who comes later is told at once, and nobody asks in vain for them.
  const asked = gladia.streams().length + deepgram.streams().length;
  const { anna: later } = await openVoiceTalk('later');
  await using _later = later;
  await later.heard(/^I cannot hear or speak at the moment/);
  expect(gladia.streams().length + deepgram.streams().length).toBe(asked);
});

/** Anna and a bot that speaks. */
async function openVoiceTalk(label: string) {
  const room = await fleet().openRoom(label);
  const anna = await room.enter({ identity: 'anna', name: 'Anna' });
  await room.call();
  await anna.heard(/has joined the chat!$/);
  return { room, anna };
}

/** The id of the bot's one track. */
function voiceOf({ connection }: LiveKitVisitor, bot: string): string {
  return [...(connection.remoteParticipants.get(bot)?.trackPublications.keys() ?? [])].join();
}
