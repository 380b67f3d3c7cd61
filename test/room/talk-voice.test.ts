import { expect, it } from 'vitest';
import type { Character } from '../../src/character/character.ts';
import type { ModeName } from '../../src/ports/bot.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { JoinRoom } from '../../src/ports/room-link.ts';
import { chooseMode } from '../../src/room/talk-voice.ts';
import type { VoiceProviders } from '../../src/room/talk-voice.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { makeFakeSpeechToText } from '../support/fake-speech-to-text.ts';
import { makeFakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { failure, openBotWorld } from './bot-world.ts';

const MIA = {
  id: 'mia',
  name: 'Mia',
  prompt: 'You are Mia.',
  language: 'en',
  addressing: { rule: 'auto', names: [], phrases: [] },
} satisfies Character;

const track = openFakeVoiceTrack(openHandClock());
const providers: VoiceProviders = {
  stt: makeFakeSpeechToText(),
  tts: makeFakeTextToSpeech(),
  vad: { open: () => never(), [Symbol.asyncDispose]: () => Promise.resolve() },
};

it.each<[string, ModeName | undefined, Character['mode'], 'text' | 'voice', 'text' | 'voice']>([
  ['the message says', 'voice', 'text', 'text', 'voice'],
  ['the message says', 'text', 'voice', 'voice', 'text'],
  ['the character’s row says', undefined, 'voice', 'text', 'voice'],
  ['the character’s row says', undefined, 'text', 'voice', 'text'],
  ['is the default', undefined, undefined, 'voice', 'voice'],
  ['is the default', undefined, undefined, 'text', 'text'],
])(
  'holds the talk as %s: asked %s, row %s, default %s',
  async (_who, asked, mode, byDefault, is) => {
    const { choose, opened } = openChoice({ defaultMode: byDefault });
    const chosen = await choose(asked, mode === undefined ? MIA : { ...MIA, mode });
    expect(chosen).toEqual(
      is === 'voice' ? { name: 'voice', voice: { ...providers, track } } : { name: 'text' },
    );
    // Whoever writes loads no model and publishes no voice.
    expect(opened()).toBe(is === 'voice' ? 1 : 0);
  },
);

it('holds by voice, and warns, what was asked to be held in realtime', async () => {
  const { choose, observed } = openChoice({ defaultMode: 'text' });
  expect((await choose('realtime', MIA)).name).toBe('voice');
  expect(observed).toMatchObject([{ type: 'warning' }]);
});

it.each<[string, 'for-now' | 'for-good', Parameters<typeof openChoice>[0]]>([
  ['key', 'for-good', { loadVoice: () => Promise.reject(failure('not-ready', 'voice')) }],
  ['model', 'for-now', { loadVoice: () => Promise.reject(failure('unavailable', 'vad')) }],
  ['time to load one', 'for-now', { loadVoice: () => Promise.reject(new Error('timed out')) }],
  ['way into the room', 'for-now', { openVoice: () => Promise.reject(failure('auth', 'livekit')) }],
])(
  'is held in writing, and told so, where a voice has no %s: %s',
  async (_what, missed, broken) => {
    const { choose, observed } = openChoice({ defaultMode: 'voice', ...broken });
    expect(await choose(undefined, MIA)).toEqual({ name: 'text', missed });
    expect(observed).toMatchObject([{ type: 'provider-failed', provider: 'voice' }]);
  },
);

it('shows the room no voice that has nobody to speak with it', async () => {
  const { choose, opened } = openChoice({
    defaultMode: 'voice',
    loadVoice: () => Promise.reject(failure('unavailable', 'vad')),
  });
  await choose(undefined, MIA);
  expect(opened()).toBe(0);
});

it('a person who expects a voice is told to write, behind the joined line, and is answered', async () => {
  const world = openBotWorld({ mode: 'voice' });
  const ann = world.enter('Ann');
  await world.start();
  await world.clock.live(2_000);
  await ann.says('Hello?');
  expect(ann.lines()).toEqual([
    'Mia has joined the chat!',
    'I cannot hear or speak at the moment. Please write to me here.',
    'You said Hello?.',
  ]);
});

it('a talk in writing listens to no microphone, publishes no voice and loads nothing for one', async () => {
  const rooms = openFakeRooms();
  const asked: string[] = [];
  const note = <Args extends unknown[], Result>(what: string, call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      asked.push(what);
      return call(...args);
    };
  };
  const joinRoom: JoinRoom = async (...request) => {
    const link = await rooms.join(...request);
    return {
      ...link,
      hear: note('hear', (...args: Parameters<typeof link.hear>) => link.hear(...args)),
      openVoice: note('voice', () => link.openVoice()),
      openSegment: note('segment', (...args: Parameters<typeof link.openSegment>) =>
        link.openSegment(...args),
      ),
    };
  };
  const loadVoice = note('load', () => Promise.resolve(providers));
  const world = openBotWorld({ parts: { joinRoom, loadVoice } });
  const ann = rooms.visit('room', { identity: 'ann' });
  await world.start();
  await ann.say('Hello?');
  await settled();
  expect(new Set(asked)).toEqual(new Set(['segment']));
  expect(ann.lines.at(-1)?.text).toBe('You said Hello?.');
});

it.each([
  ['in the character’s language', { language: 'ja' }, 'ja', 'ja'],
  ['in any', { language: 'en', detectsLanguage: true }, undefined, 'en'],
])('hears %s, and speaks the character’s', async (_which, character, heard, spoken) => {
  const [stt, tts] = [makeFakeSpeechToText(), makeFakeTextToSpeech()];
  const vad: VoiceProviders['vad'] = {
    open: () => ({ push: () => undefined, [Symbol.dispose]: () => undefined }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const loadVoice = () => Promise.resolve({ stt, tts, vad });
  const world = openBotWorld({ mode: 'voice', character, parts: { loadVoice } });
  const ann = world.enter('Ann');
  await world.start();
  await ann.publishMicrophone();
  await ann.says('Hello?');
  expect(stt.streams.map(({ options }) => options.language)).toEqual([heard]);
  expect(tts.speeches.map(({ request }) => request.language)).toEqual([spoken]);
});

/** What there is to choose from, and how often a voice was published. */
function openChoice({
  defaultMode = 'text',
  loadVoice = () => Promise.resolve(providers),
  openVoice = () => Promise.resolve(track),
}: Partial<Parameters<typeof chooseMode>[0] & Parameters<typeof chooseMode>[3]>) {
  const observed: Observation[] = [];
  let opened = 0;
  const link = {
    openVoice() {
      opened += 1;
      return openVoice();
    },
  };
  const deps = { defaultMode, loadVoice, observe: (one: Observation) => void observed.push(one) };
  return {
    observed,
    opened: () => opened,
    choose: (asked: ModeName | undefined, character: Character) =>
      chooseMode(deps, asked, character, link),
  };
}

function never(): never {
  throw new Error('nobody listens here');
}
