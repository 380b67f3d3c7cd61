import { percentile, rounded } from './percentile.ts';
import type { Stages } from './stage-times.ts';
import type { Asked } from './turn-loop.ts';

const STAGES = ['endpointMs', 'finalMs', 'llmMs', 'chunkMs', 'ttsMs', 'frameMs'] as const;

/** P50 and P95 of turns as heard and at the bot's edge, of their stages, and how many went wrong. */
export function turnFigures({ turns, echoes, inFlightMax, inFlightMean }: Asked) {
  const stages = turns.flatMap((turn) => turn.stages ?? []);
  const heard = turns.flatMap(({ heardMs }) => heardMs ?? []);
  const of = (stage: keyof Stages): number[] =>
    stages.map((one) => one[stage]).filter((value) => typeof value === 'number');
  const own = turns.flatMap(({ ownMs }) => ownMs ?? []);
  return {
    turns: turns.length,
    unanswered: turns.length - heard.length,
    answeredTooEarly: heard.filter((ms) => ms < 0).length,
    drafted: stages.filter(({ drafted }) => drafted).length,
    ownP50Ms: rounded(percentile(own, 0.5)),
    ownP95Ms: rounded(percentile(own, 0.95)),
    wholeEdgeP50Ms: percentile(of('wholeMs'), 0.5),
    wholeEdgeP95Ms: percentile(of('wholeMs'), 0.95),
    heardP50Ms: rounded(percentile(heard, 0.5)),
    heardP95Ms: rounded(percentile(heard, 0.95)),
    echoP50Ms: rounded(percentile(echoes, 0.5)),
    echoP95Ms: rounded(percentile(echoes, 0.95)),
    stages: Object.fromEntries(
      STAGES.map((stage) => [
        stage,
        { p50: percentile(of(stage), 0.5), p95: percentile(of(stage), 0.95) },
      ]),
    ),
    inFlightMax,
    inFlightMean: rounded(inFlightMean, 2),
  };
}
