import { openMixedScene } from '../lib/mixed-scene.ts';
import type { MixedScene } from '../lib/mixed-scene.ts';
import type { CaseResult } from './case-result.ts';
import { roomsOf, talkInAll } from './talks.ts';

const ROOMS = 4;

/** Providers that take seconds for what takes them a quarter of one: answers come late. */
export async function slowProviders(): Promise<CaseResult> {
  return await talkWith('slow providers', ({ stack: { llm, voice } }) => {
    llm.configure({ latency: { firstTokenMs: 4_000, perTokenMs: 60 } });
    voice.gladia.configure({ latency: { partialMs: 1_500, finalMs: 2_500 } });
    voice.cartesia.configure({ latency: { firstSoundMs: 2_000 } });
  });
}

/** A model that is slower than its deadline: each turn is excused in words. */
export async function silentModel(): Promise<CaseResult> {
  return await talkWith('a model slower than its deadline', ({ stack: { llm } }) => {
    llm.configure({ latency: { firstTokenMs: 60_000 } });
  });
}

async function talkWith(name: string, slow: (scene: MixedScene) => void): Promise<CaseResult> {
  await using scene = await openMixedScene();
  await using worker = await scene.startWorker({
    AUDIO_ENABLED: 'true',
    MAX_CONCURRENT_ROOMS: String(2 * ROOMS),
  });
  slow(scene);
  const { waitP50Ms, waitMaxMs, ...talked } = await talkInAll(scene, {
    rooms: [...roomsOf('slow', 'text', ROOMS), ...roomsOf('slow', 'voice', ROOMS / 2)],
    botLimitMs: 60_000,
    talkMs: 30_000,
    answerLimitMs: 45_000,
  });
  worker.signal('SIGTERM');
  return {
    case: name,
    ...talked,
    workerEnded: await worker.exited,
    figures: { waitP50Ms, waitMaxMs, workersWarned: scene.troubles.counts() },
  };
}
