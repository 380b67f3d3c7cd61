import type { RemoteParticipant } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';
import { botIdentity } from '../../src/adapters/livekit/token.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import type { LiveKitVisitor } from '../support/livekit-visitor.ts';
import { linesLike } from '../support/talk.ts';
import { openTalker } from '../support/talker.ts';

const STORY =
  'Once there was a small boat. It sailed for nine days and nine nights, and came home.';
/** A lease lapses, and an answer takes as long as it sounds. */
const LIMIT_MS = 20_000;

const fleet = useFleet();

beforeAll(async () => {
  await Promise.all([fleet().openWorker(), fleet().openWorker(), fleet().openWorker()]);
  fleet().stack.voice.cartesia.configure({ letterMs: 30 });
  fleet().stack.llm.configure({ replies: [{ says: 'a story about the sea', reply: STORY }] });
});

it('a killed worker’s sentence is spoken by the next one, which hands a talk by voice on as such', async () => {
  const room = await fleet().openRoom('killed-voice');
  await using anna = await room.enter({ identity: 'anna', name: 'Anna' });
  // These workers write where nobody says otherwise: that the bot speaks stands in the message.
  await room.call({ mode: 'voice' });
  await anna.heard(/^Mira has joined the chat!$/);
  await using talker = await openTalker(anna);

  await talker.speaks('story-emma');
  await anna.heard(/^Once there was a small boat\.$/);
  (await fleet().holderOf(room)).signal('SIGKILL');
  const before = talker.heardMs();
  const whole = await anna.read(/^Once there .* came home\.$/, LIMIT_MS);
  expect(whole).toMatchObject({ text: STORY, trackId: expect.stringMatching(/^TR_/) as string });
  expect(talker.heardMs()).toBeGreaterThan(before + 1_000);

  const second = botIn(room, anna)?.sid;
  (await fleet().holderOf(room)).signal('SIGTERM');
  await anna.until(
    'the third bot to listen',
    () => isListening(botIn(room, anna), second),
    LIMIT_MS,
  );
  const spoken = talker.heardMs();
  await talker.speaks('my-name-emma');
  await anna.read(/^You have not told me your name/, LIMIT_MS);
  expect(talker.heardMs()).toBeGreaterThan(spoken + 500);

  expect(await room.memoryThat('two answers', ({ length }) => length === 4)).toMatchObject([
    { role: 'user', text: 'Tell me a story about the sea.' },
    { role: 'assistant', text: STORY, ended: 'finished' },
    // Who speaks as soon as a new bot listens may lose a first short word.
    { role: 'user', text: expect.stringMatching(/remember my name\?$/) as string },
    { role: 'assistant', ended: 'finished' },
  ]);
  expect(await room.lease()).toMatchObject({ epoch: 3, arrival: 'handover' });
  expect(linesLike(anna, /has joined/)).toHaveLength(1);
});

function botIn({ name }: FleetRoom, { connection }: LiveKitVisitor): RemoteParticipant | undefined {
  return connection.remoteParticipants.get(botIdentity(name));
}

/** And is another one than the one before it. */
function isListening(bot: RemoteParticipant | undefined, before: string | undefined): boolean {
  return bot?.sid !== before && bot?.attributes['lk.agent.state'] === 'listening';
}
