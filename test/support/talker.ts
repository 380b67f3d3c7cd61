import { readSamples, recordingOf } from '../../dev/speech/catalog.ts';
import { openLoudspeaker } from '../../dev/voice/loudspeaker.ts';
import { openMicrophone } from '../../dev/voice/microphone.ts';
import { openTape, SOUND_RATE } from '../../dev/voice/tape.ts';
import type { Tape } from '../../dev/voice/tape.ts';
import type { LiveKitVisitor } from './livekit-visitor.ts';
import { openChanges } from './until.ts';

/** A visitor who speaks recordings and hears the room's bots. */
export interface Talker extends AsyncDisposable {
  /** Speaks a recording of `dev/speech`; resolves when its last sample has gone out. */
  speaks(recording: string): Promise<void>;
  /** Resolves once so much of the bots was heard since we are here, in ms of sound. */
  hears(loudMs: number, limitMs?: number): Promise<void>;
  /** Resolves once no bot sounds. */
  hearsNothing(limitMs?: number): Promise<void>;
  /** How much of the bots was heard so far, in ms of sound. */
  heardMs(): number;
  /** All that was heard of the bots so far, at 16 kHz, with the silence between. */
  heard(): Int16Array;
}

/** How much of what the loudspeaker plays the microphone takes up again, and when. */
export interface Echo {
  readonly delayMs: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Gives a visitor a microphone that is always open, and a loudspeaker, which it may hear. */
export async function openTalker(visitor: LiveKitVisitor, echo?: Echo): Promise<Talker> {
  const changes = openChanges();
  const { connection } = visitor;
  // An echo must come soon; other words rather come whole.
  const microphone = await openMicrophone(connection, openTape(0), echo ? ECHO_QUEUE_MS : QUEUE_MS);
  const say = (pcm: Int16Array): Promise<unknown> => microphone.say(pcm);
  // Nobody speaks before they are heard.
  for (const publication of visitor.ourselves.trackPublications.values())
    await publication.waitForSubscription();
  await say(new Int16Array(BREATH));
  const tape = openTape(performance.now());
  let heardMs = 0;
  if (echo !== undefined) microphone.pickUp(new Int16Array((echo.delayMs / 1_000) * SOUND_RATE));
  const ear: Tape = {
    write(atMs, pcm) {
      tape.write(atMs, pcm);
      if (isLoud(pcm)) heardMs += (pcm.length / SOUND_RATE) * 1_000;
      if (echo !== undefined) microphone.pickUp(pcm.map((sample) => sample * echo.share));
      changes.tell();
    },
    samples: () => tape.samples(),
  };
  const loudspeaker = openLoudspeaker(connection, ear);
  return {
    async speaks(recording) {
      await say(readSamples(recordingOf(recording)));
    },
    hears: async (loudMs, limitMs) => {
      await changes.until(`${loudMs} ms of the bot`, () => heardMs >= loudMs, limitMs);
    },
    hearsNothing: async (limitMs) => {
      await changes.until('the bot to be silent', () => !loudspeaker.isLoud(), limitMs);
    },
    heardMs: () => heardMs,
    heard: () => tape.samples(),
    [Symbol.asyncDispose]: () => microphone[Symbol.asyncDispose](),
  };
}

/** What lies between opening a microphone and speaking, in samples. */
const BREATH = SOUND_RATE * 0.6;
/** For so long a busy machine may keep us from speaking on. */
const QUEUE_MS = 500;
const ECHO_QUEUE_MS = 150;
/** Louder than what a codec makes of silence. */
const AUDIBLE = 500;

function isLoud(pcm: Int16Array): boolean {
  return pcm.some((sample) => Math.abs(sample) > AUDIBLE);
}
