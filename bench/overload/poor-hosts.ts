import { openSync } from 'node:fs';
import { openMixedScene, TALK } from '../lib/mixed-scene.ts';
import { rounded } from '../lib/percentile.ts';
import { startBareWorker } from './bare-worker.ts';
import type { BareWorker, Straits } from './bare-worker.ts';
import type { CaseResult } from './case-result.ts';
import { roomsOf, talkInAll } from './talks.ts';

/** The log goes to a device that is full. */
export async function fullDisk(): Promise<CaseResult> {
  return await talkIn('a full disk for the log', { log: openSync('/dev/full', 'w') }, 4);
}

/** Whoever read the log is gone. */
export async function noLogReader(): Promise<CaseResult> {
  return await talkIn('nobody reads the log any more', { log: 'gone' }, 4);
}

/** More rooms than the process may have files open for. */
export async function fewFiles(openFiles: number, rooms: number): Promise<CaseResult> {
  return await talkIn(`${openFiles} open files`, { log: 'ignore', openFiles }, rooms);
}

/** With no room left to hand over, and a poll of the queue to finish. */
const END_LIMIT_MS = 40_000;

async function talkIn(name: string, straits: Straits, rooms: number): Promise<CaseResult> {
  await using scene = await openMixedScene();
  const env = { ...scene.stack.env, ...TALK, MAX_CONCURRENT_ROOMS: String(rooms) };
  await using worker = await startBareWorker({ ...env, LOG_LEVEL: 'debug' }, straits);
  const wasReady = await worker.ready(90_000);
  const rssBeforeMb = wasReady ? worker.rssMb() : Number.NaN;
  const openFilesIdle = wasReady ? worker.openFiles() : Number.NaN;
  const openFiles = countMostFiles(worker);
  const { waitP50Ms, waitMaxMs, ...talked } = await talkInAll(scene, {
    rooms: roomsOf('poor', 'text', rooms),
    botLimitMs: 30_000,
    talkMs: 10_000,
    answerLimitMs: 20_000,
  });
  const openFilesMost = openFiles();
  const endedEarly = worker.ended();
  const figures = {
    wasReady,
    isReady: endedEarly === undefined && (await worker.ready(5_000)),
    waitP50Ms,
    waitMaxMs,
    rssGrowthMb: rounded(endedEarly === undefined ? worker.rssMb() - rssBeforeMb : Number.NaN),
    openFilesIdle,
    openFilesMost,
    lastWords: worker.lastWords().slice(0, 400),
  };
  const workerEnded = endedEarly ?? (await worker.end(END_LIMIT_MS));
  return { case: name, ...talked, workerEnded, figures };
}

/** Looks every half second; what it gives ends that, and tells the most that were open. */
function countMostFiles(worker: BareWorker): () => number {
  let most = 0;
  const timer = setInterval(() => {
    if (worker.ended() === undefined) most = Math.max(most, worker.openFiles());
  }, 500);
  return () => {
    clearInterval(timer);
    return most;
  };
}
