import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { interrupt, INTERRUPTIONS, LONG_ANSWER, makeNoise, NOISES } from './lib/barge-in-run.ts';
import type { Interruption, NoiseOutcome } from './lib/barge-in-run.ts';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { HOLD_BUDGET_MS, openHoldBook } from './lib/hold-book.ts';
import { percentile, rounded } from './lib/percentile.ts';
import { watchUse } from './lib/usage-window.ts';
import { openVoiceScene } from './lib/voice-scene.ts';
import type { VoiceScene } from './lib/voice-scene.ts';

/**
 * How fast the bot falls silent for whoever speaks, and how well it tells speech from a cough: in one
 * room, while it tells a story, `--trials 50` (the default) noises and backchannels, and as many
 * interruptions, by turns. Silence is what a visitor in another process hears.
 *
 * `holdToLastFrame` is the bot's own share of that: from the decision to hold (the drop of the voice's
 * queue, in the same turn of the event loop) to the last frame of 10 ms with any sample other than zero
 * that the native source gives to its encoder, the fade included. Both are clock readings of the
 * worker's own process, so no network is in it. Not in it either: what the encoder adds (a packet is
 * 20 ms of sound, so up to 10 ms of waiting), and the way to the visitor, which silence heard has all of.
 */
export const bargeIn: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { trials: { type: 'string', default: '50' } },
  });
  const trials = readCount(values.trials);
  await using scene = await openVoiceScene(() => LONG_ANSWER);
  const holds = openHoldBook();
  const extras = { preloads: [VOICE_OUT], onEvent: holds.see };
  await using worker = await scene.startWorker({ MIN_INTERRUPTION_MS: '300' }, extras);
  await scene.fill(ROOM);
  await passEchoGuard(scene);
  const used = await watchUse(worker, scene);
  const noises: Noise[] = [];
  const interruptions: Interruption[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const recording = pick(NOISES, trial);
    noises.push({ recording, outcome: await makeNoise(scene, ROOM, recording) });
    interruptions.push(await interrupt(scene, ROOM, pick(INTERRUPTIONS, trial)));
    console.error(`barge-in: ${JSON.stringify([noises.at(-1), interruptions.at(-1)])}`);
  }
  const figures = { ...summarize(noises, interruptions), ...holds.figures() };
  const { silenceP95Ms, holdToLastFrameP95Ms } = figures;
  console.error(`barge-in: silence heard P95 ${silenceP95Ms} ms (budget ${SILENCE_BUDGET_MS} ms)`);
  console.error(`barge-in: hold P95 ${holdToLastFrameP95Ms} ms (budget ${HOLD_BUDGET_MS} ms)`);
  return { ...figures, ...(await used()) };
};

const ROOM = 'barge-in';
const VOICE_OUT = new URL('./lib/voice-out-probe.ts', import.meta.url).href;
const SILENCE_BUDGET_MS = 600;
/** In its first seconds a bot waits for words: they may be its own voice. */
const ECHO_GUARD_MS = 3_500;

interface Noise {
  readonly recording: string;
  readonly outcome: NoiseOutcome;
}

async function passEchoGuard({ speakers, sounds }: VoiceScene): Promise<void> {
  const { from } = await speakers.say(ROOM, 'story-emma');
  await sounds.next(ROOM, 'loud', from, 15_000);
  await sleep(ECHO_GUARD_MS);
}

function summarize(noises: readonly Noise[], interruptions: readonly Interruption[]) {
  const silences = interruptions.flatMap(({ silenceMs }) => silenceMs ?? []);
  const those = (what: NoiseOutcome): readonly string[] =>
    noises.filter(({ outcome }) => outcome === what).map(({ recording }) => recording);
  const missed = interruptions.filter(({ silenceMs }) => silenceMs === undefined);
  return {
    silenceP50Ms: rounded(percentile(silences, 0.5)),
    silenceP95Ms: rounded(percentile(silences, 0.95)),
    noises: noises.length,
    falseInterruptions: those('interrupted').length,
    falselyInterruptedBy: those('interrupted'),
    /** The bot fell silent for these, and went on. */
    holds: those('held').length,
    heldBy: [...new Set(those('held'))],
    interruptions: interruptions.length,
    missed: missed.length,
    missedOf: missed.map(({ recording }) => recording),
  };
}

function pick(all: readonly string[], at: number): string {
  return all[at % all.length] ?? '';
}
