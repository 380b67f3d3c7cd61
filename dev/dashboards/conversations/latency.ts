import type { Row } from '../board.ts';
import { graph, percentiles } from '../panels.ts';
import { percentile } from '../promql.ts';

const STAGES = 'troupe_turn_stage_seconds';
const stage = (name: string) => ({ where: `stage="${name}"` });
const EACH = 'stage=~"endpoint|stt_final|llm_first_token|first_chunk|tts_first_byte|first_frame"';

/** How soon they were answered, and what takes the time. */
export const LATENCY: Row = {
  title: 'How soon',
  panels: [
    graph({
      title: 'Whole spoken turn',
      about:
        'From the last voiced sample to the first voiced frame out. Good: P95 under 0.6 s; at the line roll back if a release is near.',
      unit: 's',
      queries: percentiles(STAGES, stage('whole')),
      alert: { name: 'TroupeTurnsSlow', above: 1 },
    }),
    graph({
      title: 'Stages of a spoken turn (P50, one after the other)',
      about:
        'Waiting for the end of the turn, the model’s first words for the voice, the voice’s first sound, its way out. A draft runs ahead of its turn’s end: then the sum is more than the whole turn. The thickest one is what to work on.',
      unit: 's',
      isStacked: true,
      queries: {
        '1 end of turn': percentile(0.5, STAGES, stage('endpoint')),
        '2 first words': percentile(0.5, STAGES, stage('first_chunk')),
        '3 first sound': percentile(0.5, STAGES, stage('tts_first_byte')),
        '4 way out': percentile(0.5, STAGES, stage('first_frame')),
      },
    }),
    graph({
      title: 'Stages (P95)',
      about:
        'Each by itself: which one makes slow turns slow. `stt_final` is from the last voiced sample to its last words.',
      unit: 's',
      queries: { '{{stage}}': percentile(0.95, STAGES, { by: 'stage', where: EACH }) },
    }),
    graph({
      title: 'Our own share of a spoken turn',
      about:
        'What no provider takes. Good: P95 under 60 ms; at the line a worker has too many rooms.',
      unit: 's',
      queries: percentiles(STAGES, stage('own')),
      alert: { name: 'TroupeOwnShareSlow', above: 0.1 },
    }),
    graph({
      title: 'First segment of a reply',
      about:
        'From the reply’s start to its first text or sound in the room, in every mode: what one who writes waits for.',
      unit: 's',
      queries: percentiles(STAGES, stage('first_segment')),
    }),
    graph({
      title: 'First token of the model',
      about: 'From the reply’s start, retries included: compare it with the provider’s own time.',
      unit: 's',
      queries: percentiles(STAGES, stage('llm_first_token')),
    }),
  ],
};
