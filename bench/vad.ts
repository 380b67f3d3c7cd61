import { performance } from 'node:perf_hooks';
import { openSileroVoiceActivity } from '../src/adapters/silero/voice-activity.ts';
import { systemClock } from '../src/lib/clock.ts';
import type { VoiceActivity } from '../src/ports/voice-activity.ts';
import type { Bench } from './lib/bench.ts';
import { machineUse, readMachineTimes } from './lib/machine-use.ts';
import { percentile, rounded } from './lib/percentile.ts';
import { feedSound } from './lib/sound-feed.ts';
import type { TakeFrame } from './lib/sound-feed.ts';
import { threadCpuMs } from './lib/thread-cpu.ts';

/**
 * What voice activity detection costs at 1, 10 and 50 streams, fed in real time for 10 s each. The
 * main thread's share is what remains over the same feed into nothing. CPU times are the kernel's own
 * for each thread: they hold every wake of it, which with few streams is most of the cost.
 */
export const vad: Bench = async () => {
  const skips: unknown[] = [];
  await using voiceActivity = await openSileroVoiceActivity(
    { clock: systemClock, observe: (skip) => skips.push(skip) },
    AbortSignal.timeout(30_000),
  );
  await runStreams(voiceActivity, 10, WARM_UP_MS);
  const runs: VadRun[] = [];
  for (const streams of [1, 10, 50]) {
    runs.push(await runStreams(voiceActivity, streams, DURATION_MS));
    console.error(`vad: ${JSON.stringify(runs.at(-1))}`);
  }
  return { runs, skipWarnings: skips.length };
};

const WARM_UP_MS = 2_000;
const DURATION_MS = 10_000;

interface VadRun {
  readonly streams: number;
  readonly windowsJudged: number;
  /** Ms of the model's thread for one second of one stream's sound. */
  readonly workerMsPerStreamSecond: number;
  /** Ms of the main thread for the same. */
  readonly mainMsPerStreamSecond: number;
  /** Shares of one core, all streams together. */
  readonly workerCore: number;
  readonly mainCore: number;
  /** From a frame's push to its judgement. */
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  /** Share of all cores at work, whoever it worked for. */
  readonly machineUse: number;
}

async function runStreams(
  voiceActivity: VoiceActivity,
  count: number,
  durationMs: number,
): Promise<VadRun> {
  const control = await measure(count, durationMs, () => undefined);
  const latencies: number[] = [];
  const pushedAt = Array.from({ length: count }, () => new Map<number, number>());
  const streams = pushedAt.map((moments) =>
    voiceActivity.open(
      ({ toSample }) => latencies.push(performance.now() - (moments.get(toSample) ?? Number.NaN)),
      (error) => {
        throw error;
      },
    ),
  );
  const pushed = streams.map(() => 0);
  const cost = await measure(count, durationMs, (stream, frame) => {
    const toSample = (pushed[stream] ?? 0) + frame.length;
    pushed[stream] = toSample;
    pushedAt[stream]?.set(toSample, performance.now());
    streams[stream]?.push(frame);
  });
  for (const stream of streams) stream[Symbol.dispose]();
  const soundSeconds = (count * durationMs) / 1_000;
  const mainMs = cost.mainMs - control.mainMs;
  return {
    streams: count,
    windowsJudged: latencies.length,
    workerMsPerStreamSecond: rounded(cost.workerMs / soundSeconds, 2),
    mainMsPerStreamSecond: rounded(mainMs / soundSeconds, 2),
    workerCore: rounded(cost.workerMs / durationMs, 4),
    mainCore: rounded(mainMs / durationMs, 4),
    latencyP50Ms: rounded(percentile(latencies, 0.5)),
    latencyP95Ms: rounded(percentile(latencies, 0.95)),
    machineUse: rounded(cost.machineUse, 2),
  };
}

async function measure(streams: number, durationMs: number, take: TakeFrame) {
  const machine = readMachineTimes();
  const worker = threadCpuMs('silero-vad');
  const main = process.threadCpuUsage();
  await feedSound(streams, durationMs, take);
  const { user, system } = process.threadCpuUsage(main);
  return {
    mainMs: (user + system) / 1_000,
    workerMs: threadCpuMs('silero-vad') - worker,
    machineUse: machineUse(machine, readMachineTimes()),
  };
}
