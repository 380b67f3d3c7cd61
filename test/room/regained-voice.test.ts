import { expect, it } from 'vitest';
import type { ModeName } from '../../src/ports/bot.ts';
import type { JoinRoom, RoomLink } from '../../src/ports/room-link.ts';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { makeFakeSpeechToText } from '../support/fake-speech-to-text.ts';
import { makeFakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, openBotWorld, repeat, ROOM } from './bot-world.ts';

const JOINED = 'Mia has joined the chat!';
const TEXT_ONLY = 'I cannot hear or speak at the moment. Please write to me here.';
const LONG_MS = 60 * 60_000;

it('is tried again, with longer and longer pauses, and the talk goes on by voice', async () => {
  const { world, ann, bot, heal, timesOf, tts } = await openMuteTalk();
  ann.turnLoudspeakerOn();
  await world.clock.live(140_000);
  const tries = [1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000, 121_000];
  expect(timesOf('load')).toEqual([0, 0, ...tries]);
  heal();
  await world.clock.live(20_000);
  expect(bot.status().mode).toBe('voice');
  expect(world.told('mode-switched')).toMatchObject([{ mode: 'voice' }]);
  await ann.says('Hello?');
  await world.clock.live(2_000);
  expect(tts.speeches.map(({ text }) => text())).toEqual(['You said Hello?.']);
  expect(ann.lines()).toEqual([JOINED, TEXT_ONLY, 'You said Hello?.']);
  await world.clock.live(LONG_MS);
  expect(timesOf('load')).toHaveLength(2 + tries.length + 1);
  expect(timesOf('publish')).toEqual([151_000]);
});

it('is tried again where the room did not take it', async () => {
  const { world, bot, ann, heal } = await openMuteTalk({ lacks: 'publish' });
  await world.clock.live(20_000);
  expect([bot.status().mode, ann.lines()]).toEqual(['text', [JOINED, TEXT_ONLY]]);
  heal();
  await world.clock.live(20_000);
  expect([bot.status().mode, ann.lines()]).toEqual(['voice', [JOINED, TEXT_ONLY]]);
});

it('is tried again where somebody asked for it in the middle of the talk', async () => {
  const { world, bot, ann, heal, wish, timesOf } = await openMuteTalk({ mode: 'text' });
  await wish('voice');
  await wish('voice');
  expect(ann.lines()).toEqual([JOINED, TEXT_ONLY, TEXT_ONLY]);
  await world.clock.live(1_000);
  // However often it was asked for.
  expect(timesOf('load')).toEqual([0, 0, 1_000]);
  heal();
  await world.clock.live(2_000);
  expect(bot.status().mode).toBe('voice');
});

it('is not tried again for want of a key', async () => {
  const { world, timesOf } = await openMuteTalk({ error: failure('not-ready', 'voice') });
  await world.clock.live(LONG_MS);
  expect(timesOf('load')).toEqual([0, 0]);
});

it('is not for the next bot to miss again for want of a key', async () => {
  const { world, bot } = await openMuteTalk({ error: failure('not-ready', 'voice') });
  const ticket = bot.prepareHandover(new AbortController().signal);
  await world.clock.live(1_000);
  expect((await ticket).mode).toBe('text');
});

it('is not tried again once somebody wants the talk in writing', async () => {
  const { world, bot, heal, wish, timesOf } = await openMuteTalk();
  await wish('text');
  heal();
  await world.clock.live(LONG_MS);
  expect([bot.status().mode, timesOf('load')]).toEqual(['text', [0, 0]]);
});

it('is taken away again where somebody has come to want the talk in writing', async () => {
  const { world, bot, heal, wish, timesOf } = await openMuteTalk({ lacks: 'publish' });
  const coming = Promise.withResolvers<void>();
  heal(coming.promise);
  await world.clock.live(1_000);
  await wish('text');
  coming.resolve();
  await world.clock.live(LONG_MS);
  expect(bot.status().mode).toBe('text');
  expect(world.told('mode-switched')).toEqual([]);
  expect([timesOf('publish'), timesOf('close')]).toEqual([[0, 1_000], [1_000]]);
});

it('waits for the end of a reply that is being written', async () => {
  const replies: FakeCompletion[] = [];
  const { world, bot, ann, heal } = await openMuteTalk({ script: (one) => void replies.push(one) });
  heal();
  await ann.says('Hello?');
  replies[0]?.say('First.\n');
  await world.clock.live(5_000);
  expect(bot.status().mode).toBe('text');
  replies[0]?.say('Second.');
  replies[0]?.finish();
  await world.clock.live(10_000);
  expect(bot.status().mode).toBe('voice');
  expect(ann.lines()).toEqual([JOINED, TEXT_ONLY, 'First.', 'Second.']);
});

it('is not tried again when the room is left', async () => {
  const { world, bot, timesOf } = await openMuteTalk();
  bot.leave('stop');
  await world.clock.live(900);
  expect((await bot.outcome).kind).toBe('left');
  await world.clock.live(LONG_MS);
  expect([timesOf('load'), world.clock.timers()]).toEqual([[0, 0], 0]);
});

it('is for the next bot to find where the room is handed over', async () => {
  const { world, bot, wish, timesOf } = await openMuteTalk();
  const handedOverIn = async (): Promise<ModeName> => {
    const { mode } = await bot.prepareHandover(new AbortController().signal);
    await world.clock.live(5_000);
    bot.adopt();
    return mode;
  };
  expect(await handedOverIn()).toBe('voice');
  expect(timesOf('load')).toEqual([0, 0]);
  await wish('text');
  expect(await handedOverIn()).toBe('text');
});

/** Hears nothing. */
const DEAF: VoiceActivity = {
  open: () => ({ push: () => undefined, [Symbol.dispose]: () => undefined }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** What Ann's talk is made of; without a voice, as one step towards it fails with `error`. */
interface MuteTalk {
  readonly lacks?: 'load' | 'publish';
  readonly error?: Error;
  readonly mode?: ModeName;
  readonly script?: (completion: FakeCompletion) => void;
}

/** Ann has met a bot that has no voice until it is healed. */
async function openMuteTalk(options: MuteTalk = {}) {
  const { lacks = 'load', error = failure('unavailable', 'vad'), script = repeat } = options;
  const [stt, tts] = [makeFakeSpeechToText(), makeFakeTextToSpeech()];
  const steps: { readonly what: string; readonly atMs: number }[] = [];
  let lack = (): Promise<void> => Promise.reject(error);
  const doing = async <T>(what: string, work: () => T): Promise<Awaited<T>> => {
    steps.push({ what, atMs: world.clock.monotonicMs() });
    if (what === lacks) await lack();
    return await work();
  };
  async function joinRoom(...request: Parameters<JoinRoom>): Promise<RoomLink> {
    const link = await world.rooms.join(...request);
    const openVoice = () => doing('publish', () => link.openVoice());
    return { ...link, openVoice: async () => closing(await openVoice()) };
  }
  const closing = (track: Awaited<ReturnType<RoomLink['openVoice']>>) => ({
    ...track,
    [Symbol.asyncDispose]: () => doing('close', () => track[Symbol.asyncDispose]()),
  });
  const world = openBotWorld({
    mode: options.mode ?? 'voice',
    conversation: { idleTimeoutMs: 0 },
    script,
    parts: { joinRoom, loadVoice: () => doing('load', () => ({ stt, tts, vad: DEAF })) },
  });
  const ann = world.enter('Ann');
  const { bot } = await world.start();
  return {
    world,
    ann,
    bot,
    tts,
    /** The step succeeds once that has resolved. */
    heal: (when = Promise.resolve()) => void (lack = () => when),
    /** When each step of a kind was taken. */
    timesOf: (kind: string) => steps.flatMap(({ what, atMs }) => (what === kind ? [atMs] : [])),
    wish: async (mode: 'text' | 'voice') => {
      world.rooms.tell(ROOM, { type: 'mode-asked', mode });
      await settled();
    },
  };
}
