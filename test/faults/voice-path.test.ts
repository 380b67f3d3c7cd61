import { expect, it } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import { splitWords } from '../../dev/simulators/voice/words.ts';
import { SOUND_RATE } from '../../dev/voice/tape.ts';
import type { AssistantMessage } from '../../src/memory/context.ts';
import { useFleet } from '../support/fleet.ts';
import { addressOf } from '../support/fleet-path.ts';
import { openTalker } from '../support/talker.ts';

const STORY =
  'Once there was a small boat. It sailed for nine days and nine nights. Then the wind fell silent. ' +
  'The sailors sang until the morning came. Then they saw the land, and the boat came home.';
const LETTER_MS = 60;
/** The native library waits up to 7 s between two tries to come back. */
const BACK_MS = 25_000;

const fleet = useFleet();

it('cut off in the middle of a sentence: it remembers what was heard, and speaks whole again once it is back', async () => {
  const { stack } = fleet();
  await using path = await openProxy(addressOf(stack.livekit.url));
  const worker = await fleet().openWorker({
    AUDIO_ENABLED: 'true',
    LIVEKIT_URL: `ws://127.0.0.1:${path.port}`,
    // Nobody else is to have the room meanwhile.
    VISIBILITY_TIMEOUT_S: '60',
  });
  stack.voice.cartesia.configure({ letterMs: LETTER_MS });
  stack.llm.configure({
    replies: [
      { says: 'a story about the sea', reply: STORY },
      { says: 'remember my name', reply: 'Not yet. Please tell me.' },
    ],
  });
  const room = await fleet().openRoom('cut');
  await using anna = await room.enter({ identity: 'anna', name: 'Anna' });
  await room.call();
  await anna.heard(/^Mira has joined the chat!$/);
  await using talker = await openTalker(anna);

  await talker.speaks('story-emma');
  await talker.hears(2_400);
  path.cut();
  await talker.hearsNothing();
  const [, story] = await room.memoryThat('the story', ({ length }) => length === 2);
  const told = story as AssistantMessage;
  expect(told).toMatchObject({ role: 'assistant', ended: 'interrupted' });
  expect(STORY.startsWith(told.text)).toBe(true);
  const heardMs = soundIn(talker.heard());
  // All of it was heard, and what else was is no more than what was on its way.
  const [last, next] = middlesAround(told.text);
  expect(last).toBeLessThan(heardMs + LETTER_MS);
  expect(next).toBeGreaterThan(heardMs - ON_ITS_WAY_MS);

  path.heal();
  await worker.logged('link-restored', BACK_MS);
  expect(await anna.read(/^Once there/)).toMatchObject({ text: told.text });
  const before = talker.heardMs();
  await talker.speaks('my-name-emma');
  await anna.read(/^Not yet\. Please tell me\.$/, BACK_MS);
  await talker.hearsNothing();
  // Of 18 letters none is missing.
  expect(talker.heardMs() - before).toBeGreaterThan(17 * LETTER_MS);
});

/** The path is taken for 80 ms long, and a loudspeaker that waits for late packets makes it longer. */
const ON_ITS_WAY_MS = 300;

/** From the first sound to the last, in ms. */
function soundIn(pcm: Int16Array): number {
  const isLoud = (sample: number): boolean => Math.abs(sample) > 500;
  return ((pcm.findLastIndex(isLoud) - pcm.findIndex(isLoud)) * 1_000) / SOUND_RATE;
}

/** When the middle of the last word of this beginning of the story sounds, and that of the next one, in ms. */
function middlesAround(text: string): readonly [number, number] {
  let atMs = 0;
  const middles = splitWords(STORY).map(({ letters, pause }) => {
    const fromMs = atMs;
    atMs += (letters + pause) * LETTER_MS;
    return fromMs + (letters * LETTER_MS) / 2;
  });
  const count = splitWords(text).length;
  return [middles[count - 1] ?? 0, middles[count] ?? Infinity];
}
