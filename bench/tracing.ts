import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registerHooks } from 'node:module';
import { openProcess } from '../src/app/process.ts';
import { readConfig } from '../src/config.ts';
import { systemClock } from '../src/lib/clock.ts';
import type { Observation, Observe } from '../src/ports/observe.ts';
import type { Bench } from './lib/bench.ts';
import { percentile, rounded } from './lib/percentile.ts';

/**
 * What observing a spoken turn costs a process, in ns of the main thread's CPU: log lines (not written),
 * metrics, and traces, off and on. Off, nothing of OpenTelemetry's SDK is loaded; on, the spans go to
 * a collector of this process, whose own work is beside the measured.
 */
export const tracing: Bench = async () => {
  const loaded = watchLoading();
  const off = await measureProcess({});
  const sdkFilesWhenOff = loaded();
  await using collector = await openCollector();
  const on = await measureProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  return {
    turns: ROUNDS * TURNS,
    offNsPerTurn: off,
    onNsPerTurn: on,
    sdkFilesWhenOff,
    sdkFilesWhenOn: loaded(),
    requestsToCollector: collector.requests(),
  };
};

async function measureProcess(env: Readonly<Record<string, string>>) {
  const quiet = { LOG_LEVEL: 'silent', SQS_QUEUE_URL: 'http://127.0.0.1:9/queue.fifo' };
  await using own = await openProcess(readConfig({ ...quiet, ...env }, 'producer'));
  return await measure(own.observe);
}

const ROUNDS = 60;
const TURNS = 50;

async function measure(observe: Observe): Promise<Readonly<Record<'p50' | 'p95', number>>> {
  const costs: number[] = [];
  for (let round = -10; round < ROUNDS; round += 1) {
    const turns = Array.from({ length: TURNS }, (_, at) => spokenTurn(`ann/${round}-${at}`));
    const before = process.threadCpuUsage();
    for (const turn of turns) for (const one of turn) observe(one);
    await Promise.resolve();
    const { user, system } = process.threadCpuUsage(before);
    const costNs = ((user + system) * 1_000) / TURNS;
    if (round >= 0) costs.push(costNs);
    // Spans leave in between, as they do between turns.
    await systemClock.delay(10);
  }
  return { p50: rounded(percentile(costs, 0.5), 0), p95: rounded(percentile(costs, 0.95), 0) };
}

/** Everything that a bot tells of one spoken turn. */
function spokenTurn(turnId: string): readonly Observation[] {
  const now = Date.now();
  const turn = { room: 'bench', session: 'bench', epoch: 1, turnId } as const;
  const call = { outcome: 'done', firstMs: 200, tookMs: 300 } as const;
  const stages = { endpointMs: 260, finalMs: 240, llmMs: 200, chunkMs: 210, ttsMs: 90 };
  const heard = { voiced: now - 2_600, final: now - 2_400, committed: now - 2_340 };
  const asked = { decided: now - 2_340, modelAsked: now - 2_500, voiceAsked: now - 2_200 };
  return [
    { type: 'turn-committed', ...turn, channel: 'speech', addressed: true, at: now - 2_340 },
    {
      type: 'usage',
      ...turn,
      ...call,
      kind: 'llm',
      provider: 'openai',
      model: 'gpt-4.1-mini',
      promptTokens: 500,
      completionTokens: 40,
      startedAt: now - 2_500,
    },
    {
      type: 'usage',
      ...turn,
      ...call,
      kind: 'tts',
      provider: 'cartesia',
      characters: 90,
      audioMs: 2_000,
      startedAt: now - 2_200,
    },
    {
      type: 'reply-finished',
      ...turn,
      channel: 'speech',
      end: 'finished',
      at: now,
      durationMs: 2_500,
      firstTokenMs: 200,
      firstSegmentMs: 400,
    },
    {
      type: 'reply-timed',
      ...turn,
      ...stages,
      drafted: true,
      frameMs: 2,
      ownMs: undefined,
      wholeMs: 500,
      moments: { ...heard, ...asked, audible: now - 2_100, ended: now },
    },
  ];
}

/** Counts the files of OpenTelemetry's SDK and exporter that are loaded from here on. */
function watchLoading(): () => number {
  let files = 0;
  registerHooks({
    load(url, context, next) {
      if (/@opentelemetry\/(?:sdk|exporter|otlp)/.test(url)) files += 1;
      return next(url, context);
    },
  });
  return () => files;
}

async function openCollector() {
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests += 1;
    asked.resume().on('end', () => answer.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
