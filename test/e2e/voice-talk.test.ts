import { beforeAll, expect, it } from 'vitest';
import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { SOUND_RATE } from '../../dev/voice/tape.ts';
import type { AssistantMessage } from '../../src/memory/context.ts';
import { useFleet } from '../support/fleet.ts';
import type { LiveKitVisitor } from '../support/livekit-visitor.ts';
import { openTalker } from '../support/talker.ts';

const STORY =
  'Once there was a small boat. It sailed for nine days and nine nights. Then the wind fell silent. ' +
  'The sailors sang until the morning came.';
/** An answer takes as long as it sounds. */
const LIMIT_MS = 20_000;

const fleet = useFleet();

beforeAll(async () => {
  await fleet().openWorker({ AUDIO_ENABLED: 'true' });
  // Twice as fast as people speak.
  fleet().stack.voice.cartesia.configure({ letterMs: 30 });
  fleet().stack.llm.configure({
    replies: [
      { says: 'a story about the sea', reply: STORY },
      { says: 'My name is Anna', reply: 'Welcome, Anna. How can I help?' },
      { says: 'not what I asked', reply: 'Then please ask again.' },
      { says: 'remember my name', reply: 'Not yet.' },
    ],
  });
  await fleet().stack.database.sql(
    `insert into characters (id, name, description) values ('ada', 'Ada', 'You are Ada.')`,
  );
});

it('hears, answers aloud, shows both, stops for a voice and for a line, keeps what was heard', async () => {
  const { room, anna } = await openVoiceTalk('voice');
  await using _anna = anna;
  await using talker = await openTalker(anna);

  await talker.speaks('name-is-anna-emma');
  await talker.hears(500);
  const answer = await anna.read(/^Welcome, Anna\. How can I help\?$/);
  expect(answer).toMatchObject({ from: room.bot, trackId: trackOf(anna, room.bot) });
  // Word by word, as it is heard: the segment grew.
  expect(answer.history).toEqual(expect.arrayContaining(['Welcome, ', 'Welcome, Anna. How ']));
  // Its ears know its name before somebody says it.
  const vocabulary = { custom_vocabulary_config: { vocabulary: ['Mira'] } };
  const [stream] = fleet().stack.voice.gladia.streams();
  expect(stream?.parameters).toMatchObject({ realtime_processing: vocabulary });
  const asked = await anna.read(/^My name is Anna\.$/);
  expect(asked).toMatchObject({ trackId: trackOf(anna, 'anna') });
  await anna.heard(/^How can I help\?$/);
  expect(anna.lines.map(({ text }) => text)).toEqual([
    'Mira has joined the chat!',
    '[TRANSCRIPTION]: My name is Anna.',
    'Welcome, Anna.',
    'How can I help?',
  ]);

  await talker.speaks('story-emma');
  await anna.heard(/^Once there was a small boat\.$/);
  await talker.speaks('not-asked-emma');
  await anna.read(/^Then please ask again\.$/);
  const memory = await room.memoryThat('three answers', ({ length }) => length === 6);
  const cut = memory[3] as AssistantMessage;
  expect(cut).toMatchObject({ role: 'assistant', ended: 'interrupted' });
  // The room and the model are told the same: what was heard, and nothing more.
  expect(STORY.startsWith(cut.text)).toBe(true);
  expect(cut.text).toContain('Once there was a small boat.');
  expect(cut.text).not.toContain('sailors');
  expect(await anna.read(/^Once there/)).toMatchObject({ text: cut.text });
  const request = fleet().stack.llm.requests('That is not what I asked.').at(-1);
  expect(request!.messages!.map(({ text }) => text)).toContain(cut.text);

  await talker.speaks('story-emma');
  await anna.heard(/^Once there was a small boat\.$/);
  await anna.say('What is my name?');
  await anna.read(/^Your name is Anna\. I remember that you told me\.$/, LIMIT_MS);
  const both = fleet().stack.llm.requests('What is my name?').at(-1)!.messages!.slice(-3);
  expect(both).toMatchObject([
    { role: 'user', text: 'Tell me a story about the sea.' },
    { role: 'assistant', text: expect.stringMatching(/^Once there was a small boat\./) as string },
    { role: 'user', text: 'What is my name?' },
  ]);
  expect(both[1]!.text).not.toContain('sailors');
});

it('hears a second speaker by name, and one who mutes right behind the last word', async () => {
  const { room, anna } = await openVoiceTalk('meeting', { characterId: 'ada' });
  await using _anna = anna;
  await using ben = await room.enter({ identity: 'ben', name: 'Ben' });
  await using talker = await openTalker(anna);
  const pushToTalk = await ben.publishMicrophone();
  const pushes = async (recording: string): Promise<void> => {
    pushToTalk.unmute();
    await pushToTalk.play(upToItsLastWord(recording));
    pushToTalk.mute();
  };
  pushToTalk.mute();

  await talker.speaks('jazz-emma');
  await anna.read(/^I really like jazz music\.$/);
  await pushes('green-sam');
  expect(await anna.read(/^My favorite color is green\.$/)).toMatchObject({
    trackId: pushToTalk.trackId,
  });
  await pushes('ada-think-oliver');
  await anna.read(/^I heard you say/, LIMIT_MS);
  const memory = await room.memoryThat('an answer', ({ length }) => length === 4);
  expect(memory).toMatchObject([
    { name: 'Anna', text: 'I really like jazz music.', addressed: false },
    { name: 'Ben', text: 'My favorite color is green.', addressed: false },
    { name: 'Ben', text: 'Ada, what do you think?', addressed: true },
    { role: 'assistant', ended: 'finished' },
  ]);
  // Replies that were begun too early, to fewer words, may have been asked for before.
  const request = fleet().stack.llm.requests('My favorite color is green.').at(-1);
  expect(request!.messages!.at(-1)!.text).toBe(
    'Anna: I really like jazz music.\nBen: My favorite color is green.\nBen: Ada, what do you think?',
  );
});

it('is not answered by itself where its voice comes back by the microphone', async () => {
  const { room, anna } = await openVoiceTalk('echo');
  await using _anna = anna;
  await using talker = await openTalker(anna, { delayMs: 150, share: 0.3 });
  await talker.speaks('story-emma');
  expect(await anna.read(/^Once there/, LIMIT_MS)).toMatchObject({ text: STORY });
  // Whatever came back has been heard out by now: her next words are the next turn.
  await talker.speaks('my-name-emma');
  await anna.read(/^Not yet\.$/, LIMIT_MS);
  expect(await room.memoryThat('two answers', ({ length }) => length === 4)).toMatchObject([
    { text: 'Tell me a story about the sea.' },
    { text: STORY, ended: 'finished' },
    { text: 'Do you remember my name?' },
    { ended: 'finished' },
  ]);
});

/** Anna and a bot that speaks. */
async function openVoiceTalk(label: string, fields = {}) {
  const room = await fleet().openRoom(label);
  const anna = await room.enter({ identity: 'anna', name: 'Anna' });
  await room.call(fields);
  await anna.heard(/has joined the chat!$/);
  return { room, anna };
}

/** The id of the one track that somebody there has published. */
function trackOf({ connection, ourselves }: LiveKitVisitor, identity: string): string {
  const owner =
    identity === ourselves.identity ? ourselves : connection.remoteParticipants.get(identity);
  return [...(owner?.trackPublications.keys() ?? [])].join();
}

/** The recording, cut where its last word has left the microphone's queue. */
function upToItsLastWord(id: string): Int16Array {
  const recording = recordingOf(id);
  const endMs = recording.words.at(-1)!.toMs + QUEUE_MS;
  const pcm = new Int16Array((endMs / 1_000) * SOUND_RATE);
  pcm.set(readSamples(recording).subarray(0, pcm.length));
  return pcm;
}

const QUEUE_MS = 100;
