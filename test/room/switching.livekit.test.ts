import { randomUUID } from 'node:crypto';
import { RoomServiceClient } from 'livekit-server-sdk';
import { expect, it, onTestFinished } from 'vitest';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { makeAskMode } from '../../src/adapters/livekit/ask-mode.ts';
import { botIdentity } from '../../src/adapters/livekit/token.ts';
import { makeStartBot } from '../../src/app/bots.ts';
import { makeStores } from '../../src/app/stores.ts';
import { readConfig } from '../../src/config.ts';
import { holds } from '../support/holds.ts';
import { takeLease } from '../support/fake-bot-lease.ts';
import { openVisitor } from '../support/livekit-visitor.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack({ parts: ['livekit', 'database', 'llm', 'voice'] });

/** Long enough to end a turn. */
const QUIET = new Int16Array(16_000 * 1.5);

it(
  'goes from writing to speaking and back, and remembers all of it',
  { timeout: 40_000 },
  async () => {
    const { ada, want, voices } = await openTalk();
    await ada.say('My name is Ada.');
    await ada.heard(/on your mind/);
    ada.turnLoudspeakerOn();
    const microphone = await ada.publishMicrophone();
    expect(await want('voice')).toBe(true);
    await holds(() => expect(voices()).toHaveLength(1));
    // What is said before the ears are open is not heard.
    const question = new Int16Array([...readSamples(recordingOf('weather-emma')), ...QUIET]);
    const isHeard = () => ada.lines.some(({ text }) => text.startsWith('[TRANSCRIPTION]: What is'));
    for (let tries = 0; tries < 5 && !isHeard(); tries += 1) await microphone.play(question);
    // A chat line comes once its sentence was heard.
    await ada.heard(/I heard you say "What is the weather/);
    expect(await want('text')).toBe(true);
    await holds(() => expect(voices()).toHaveLength(0));
    await ada.say('What is my name?');
    await ada.heard(/you told me/);
  },
);

it(
  'goes over to speaking by itself once the room takes a voice that it has refused',
  { timeout: 40_000 },
  async () => {
    const { ada, want, voices, letPublish } = await openTalk();
    await letPublish(false);
    expect(await want('voice')).toBe(true);
    await ada.heard(/^I cannot hear or speak at the moment/);
    expect(voices()).toEqual([]);
    await letPublish(true);
    // The native library lets go of a track that was refused after 10 s, and takes no other before.
    await holds(() => expect(voices()).toHaveLength(1), 20_000);
    ada.turnLoudspeakerOn();
    await ada.say('My name is Ada.');
    const answer = await ada.read(/on your mind/);
    expect(answer.trackId).toBe(voices()[0]?.sid);
  },
);

/** Ada has met a bot that writes, and may ask for another mode. */
async function openTalk() {
  const { database, livekit, env } = stack();
  const room = `switching-${randomUUID()}`;
  await database.sql(
    `insert into characters (id, name, description) values ('mia', 'Mia', 'You are Mia.')
     on conflict (id) do nothing`,
  );
  await database.sql(`insert into sessions (id, character_id) values ($1, 'mia')`, [room]);
  const config = readConfig({ ...env, IDLE_TIMEOUT_MS: '0' }, 'room');
  const stores = makeStores(config);
  const startBot = makeStartBot(
    config,
    stores,
    () => undefined,
    () => undefined,
  );
  const lease = await takeLease(stores.leases, room);
  const { session, arrival } = lease;
  const asked = { characterId: undefined, mode: undefined, requestedAt: Date.now() };
  const bot = startBot({ room, session, arrival, lease, ...asked });
  const ada = await openVisitor({ server: livekit, room, identity: 'ada', name: 'Ada' });
  onTestFinished(async () => {
    bot.leave('stop');
    await bot.outcome;
    await ada[Symbol.asyncDispose]();
  });
  const { url, apiKey, apiSecret } = livekit;
  const api = new RoomServiceClient(url.replace('ws', 'http'), apiKey, apiSecret);
  const askMode = makeAskMode(livekit);
  await ada.heard(/^Mia has joined/);
  return {
    ada,
    want: (mode: 'text' | 'voice') => askMode(room, mode, new AbortController().signal),
    voices: () =>
      [...ada.connection.remoteParticipants.values()].flatMap(({ trackPublications }) => [
        ...trackPublications.values(),
      ]),
    /** Whether the server lets the bot publish tracks. */
    letPublish: async (canPublish: boolean) => {
      const others = { canSubscribe: true, canPublishData: true, canUpdateMetadata: true };
      const permission = { ...others, canPublish };
      await api.updateParticipant(room, botIdentity(room), { permission });
    },
  };
}
