import pLimit from 'p-limit';
import { openGladiaSimulator } from '../dev/simulators/gladia/server.ts';
import { makeGladia } from '../src/adapters/gladia/speech-to-text.ts';
import { openSileroVoiceActivity } from '../src/adapters/silero/voice-activity.ts';
import { talkSettings } from '../src/app/talk-settings.ts';
import { readConfig } from '../src/config.ts';
import { systemClock as clock } from '../src/lib/clock.ts';
import type { Bench } from './lib/bench.ts';
import { percentile, rounded } from './lib/percentile.ts';
import { playScene } from './turn-taking/scene.ts';
import type { SceneDeps } from './turn-taking/scene.ts';
import { SCENARIOS } from './turn-taking/scenarios.ts';
import { scoreScene, sumOf } from './turn-taking/score.ts';
import type { Score } from './turn-taking/score.ts';

/** Scenes that are played at the same time. */
const AT_A_TIME = 4;

/**
 * How well turns are taken: recorded scenes are played in real time to the ears, the speech-to-text
 * simulator and the core of production, with the defaults of the environment. Counts turns that were
 * taken too early, too late, and answered though they were not for the bot.
 */
export const turnTaking: Bench = async () => {
  await using gladia = await openGladiaSimulator();
  await using vad = await openSileroVoiceActivity(
    { clock, observe: () => undefined },
    AbortSignal.timeout(30_000),
  );
  const stt = makeGladia({ apiKey: gladia.apiKey, baseUrl: gladia.url, clock });
  const deps = { vad, stt, ...rulesOfProduction(stt.finalP99Ms) };
  const limit = pLimit(AT_A_TIME);
  const rows = await Promise.all(
    SCENARIOS.map((scenario) =>
      limit(async () => {
        const { said, taken } = await playScene(deps, scenario);
        const score = scoreScene(said, taken);
        console.error(rowOf(scenario.kind, scenario.name, score));
        return { kind: scenario.kind, score };
      }),
    ),
  );
  const all = sumOf(rows.map(({ score }) => score));
  const kinds = [...new Set(SCENARIOS.map(({ kind }) => kind))];
  return {
    scenarios: SCENARIOS.length,
    turns: all.turns,
    tooEarly: all.tooEarly,
    tooLate: all.tooLate,
    answeredUnaddressed: all.answeredUnaddressed,
    unanswered: all.unanswered,
    takenAfterP50Ms: rounded(percentile(all.delaysMs, 0.5), 0),
    takenAfterP95Ms: rounded(percentile(all.delaysMs, 0.95), 0),
    kinds: kinds.map((kind) => ({ kind, ...figuresOf(rows, kind) })),
  };
};

function figuresOf(
  rows: readonly { readonly kind: string; readonly score: Score }[],
  kind: string,
) {
  const { delaysMs, ...counts } = sumOf(
    rows.filter((row) => row.kind === kind).map(({ score }) => score),
  );
  return { ...counts, takenAfterP50Ms: rounded(percentile(delaysMs, 0.5), 0) };
}

/** Those of a worker that is configured with nothing but its keys. */
function rulesOfProduction(finalWaitMs: number): Pick<SceneDeps, 'policy' | 'ears'> {
  const config = readConfig(
    { SUPABASE_URL: 'http://none', SUPABASE_SERVICE_ROLE: 'none' },
    'database',
  );
  const { conversation, ears } = talkSettings(config, 'none');
  return {
    ears,
    policy: {
      ...conversation,
      idleTimeoutMs: 0,
      newTurnWhileReplying: 'interrupt',
      linkLostWhileReplying: 'cut',
      speech: { ...conversation.speech, finalWaitMs },
      botName: 'Ada',
      hasGreeting: false,
      addressing: { rule: 'auto', names: [], phrases: [] },
      voiceIds: 'v',
    },
  };
}

function rowOf(kind: string, name: string, score: Score): string {
  const { tooEarly, tooLate, answeredUnaddressed, unanswered, delaysMs } = score;
  const delays = delaysMs.map((ms) => Math.round(ms)).join(' ');
  const wrong = [
    tooEarly > 0 && 'TOO EARLY',
    tooLate > 0 && 'TOO LATE',
    answeredUnaddressed > 0 && 'NOT ASKED',
    unanswered > 0 && 'UNANSWERED',
  ].filter(Boolean);
  return `${kind.padEnd(22)} ${name.padEnd(44)} ${wrong.join(', ').padEnd(12)} ${delays} ms`;
}
