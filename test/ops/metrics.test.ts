import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import { METRICS } from '../../src/ops/metric-table.ts';
import type { MetricSpec } from '../../src/ops/metric-table.ts';
import { makeMetrics } from '../../src/ops/metrics.ts';
import type { Metrics } from '../../src/ops/metrics.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';
import { EACH } from './each-observation.ts';
import { readSamples } from './read-samples.ts';
import type { Samples } from './read-samples.ts';

const SPECS: readonly (readonly [string, MetricSpec])[] = Object.entries(METRICS);

let metrics: Metrics;
let clock: HandClock;

beforeEach(() => {
  clock = openHandClock();
  metrics = makeMetrics(clock, { version: '1.2.3' });
});

async function after(...observations: readonly Observation[]): Promise<Samples> {
  for (const one of observations) metrics.observe(one);
  return readSamples(await metrics.expose());
}

describe('what is counted', () => {
  it('is a turn by how it came and ended, and the share that was answered', async () => {
    const spoken = { ...EACH['reply-finished'], turnId: 't', channel: 'speech' } as const;
    const samples = await after(
      { ...spoken, end: 'finished', firstTokenMs: 240, firstSegmentMs: 620 },
      { ...spoken, end: 'interrupted', firstSegmentMs: 620 },
      // Somebody spoke on before it was heard: its turn is answered by the next one.
      { ...spoken, end: 'interrupted' },
      { ...spoken, channel: 'chat', end: 'failed' },
      { ...spoken, end: 'unused' },
      { type: 'turn-dropped', turnId: 'u', channel: 'speech', reason: 'echo' },
      { ...EACH['turn-committed'], channel: 'chat', addressed: false },
      // To nobody's turn: a greeting.
      { ...EACH['reply-finished'], end: 'finished' },
    );
    const turns = (channel: string, outcome: string): number | undefined =>
      samples.value('troupe_turns_total', { channel, outcome });
    expect(turns('speech', 'finished')).toBe(1);
    expect(turns('speech', 'interrupted')).toBe(1);
    expect(turns('chat', 'failed')).toBe(1);
    expect(turns('speech', 'dropped')).toBe(1);
    expect(turns('chat', 'not-addressed')).toBe(1);
    expect(samples.value('troupe_answers_total', { result: 'answered' })).toBe(2);
    expect(samples.value('troupe_answers_total', { result: 'failed' })).toBe(1);
    expect(samples.value('troupe_drafts_unused_total')).toBe(1);
    const stage = 'troupe_turn_stage_seconds';
    expect(samples.value(`${stage}_sum`, { stage: 'llm_first_token' })).toBeCloseTo(0.24);
    expect(samples.value(`${stage}_sum`, { stage: 'first_segment' })).toBeCloseTo(1.24);
  });

  it('is each stage of a spoken reply, in seconds', async () => {
    const samples = await after(EACH['reply-timed']);
    const sumOf = (stage: string): number | undefined =>
      samples.value('troupe_turn_stage_seconds_sum', { stage });
    expect(sumOf('whole')).toBeCloseTo(0.551);
    expect(sumOf('tts_first_byte')).toBeCloseTo(0.09);
    expect(sumOf('first_chunk')).toBeCloseTo(0.26);
    expect(sumOf('own'), 'of a draft').toBeUndefined();
  });

  it('is what providers took, and who failed how', async () => {
    const heard = { kind: 'stt', provider: 'gladia', startedAt: 1, tookMs: 60_000 } as const;
    const samples = await after(
      EACH.usage,
      { type: 'usage', ...heard, outcome: 'ongoing', audioMs: 60_000, cost: 0.25 },
      { type: 'usage', ...heard, outcome: 'failed', errorKind: 'timeout', audioMs: 500 },
      { ...EACH['provider-failed'], retryInMs: 250 },
      { type: 'provider-fallback', provider: 'deepgram', from: 'gladia' },
    );
    const gladia = { provider: 'gladia', kind: 'stt' };
    const requests = 'troupe_provider_requests_total';
    const errors = 'troupe_provider_errors_total';
    expect(samples.value(requests, { ...gladia, outcome: 'failed' })).toBe(1);
    expect(samples.value(requests, { ...gladia, outcome: 'done' })).toBe(0);
    expect(samples.value(errors, { ...gladia, error: 'timeout' })).toBe(1);
    expect(samples.value('troupe_audio_seconds_total', gladia)).toBeCloseTo(60.5);
    expect(samples.value('troupe_cost_dollars_total', gladia)).toBeCloseTo(0.25);
    expect(samples.value('troupe_unpriced_calls_total', gladia)).toBe(1);
    const tokens = { provider: 'openai', direction: 'input' };
    expect(samples.value('troupe_tokens_total', tokens)).toBe(20);
    expect(samples.value('troupe_provider_retries_total', { provider: 'openai' })).toBe(1);
    const fallback = { from: 'gladia', to: 'deepgram' };
    expect(samples.value('troupe_provider_fallbacks_total', fallback)).toBe(1);
  });

  it('is a state that comes and goes', async () => {
    const provider = 'cartesia';
    const paused = await after(
      { type: 'provider-paused', provider, forMs: 15_000 },
      { type: 'receiving-paused', why: 'database' },
      { ...EACH['context-save-failed'], room: 'a' },
      { ...EACH['context-save-failed'], room: 'a' },
    );
    expect(paused.value('troupe_provider_breaker_open', { provider })).toBe(1);
    expect(paused.value('troupe_receiving_paused')).toBe(1);
    expect(paused.value('troupe_contexts_unsaved')).toBe(1);
    const restored = await after(
      { type: 'provider-restored', provider },
      { type: 'receiving-resumed' },
      { ...EACH['context-saved'], room: 'a' },
    );
    expect(restored.value('troupe_provider_breaker_open', { provider })).toBe(0);
    expect(restored.value('troupe_receiving_paused')).toBe(0);
    expect(restored.value('troupe_contexts_unsaved')).toBe(0);
  });

  it('is a provider that is left alone no longer than it is, though nobody asks it again', async () => {
    const breaker = 'troupe_provider_breaker_open';
    const provider = 'openai-2';
    const paused = { type: 'provider-paused', provider, forMs: 15_000 } as const;
    expect((await after(paused)).value(breaker, { provider })).toBe(1);
    clock.pass(14_999);
    expect((await after()).value(breaker, { provider })).toBe(1);
    clock.pass(1);
    expect((await after()).value(breaker, { provider })).toBe(0);
    expect((await after(paused)).value(breaker, { provider })).toBe(1);
  });

  it('is whose failure it was, where we know, once for all who tell of it', async () => {
    const about = { kind: 'timeout', fault: 'fleet', service: 'queue' } as const;
    const error = new TroupeError('no', about);
    const wrapped = new TroupeError('no bot', { ...about, service: 'bot', cause: error });
    const samples = await after(
      { type: 'queue-failed', doing: 'receive', error },
      { type: 'handover-failed', error },
      { type: 'bot-ended', how: 'failed', error: wrapped, running: 0 },
      // The next try fails by itself.
      { type: 'queue-failed', doing: 'receive', error: new TroupeError('no', about) },
    );
    const errors = 'troupe_service_errors_total';
    expect(samples.value(errors, { service: 'queue', error: 'timeout' })).toBe(2);
    expect(samples.value(errors, { service: 'bot', error: 'timeout' })).toBeUndefined();
  });

  it('is at zero before it first happens, where an alert asks for its rate', async () => {
    const samples = await after();
    expect(samples.value('troupe_answers_total', { result: 'failed' })).toBe(0);
    expect(samples.value('troupe_handovers_total', { result: 'failed' })).toBe(0);
    expect(samples.value('troupe_unexpected_errors_total')).toBe(0);
    const unpriced = 'troupe_unpriced_calls_total';
    expect(samples.value(unpriced, { provider: 'deepgram', kind: 'stt' })).toBe(0);
    // Nobody is ever heard by a voice.
    expect(samples.value(unpriced, { provider: 'cartesia', kind: 'stt' })).toBeUndefined();
    const fallback = { from: 'gladia', to: 'deepgram' };
    expect(samples.value('troupe_provider_fallbacks_total', fallback)).toBe(0);
  });
});

it('shows the rooms by mode and phase as they are when asked', async () => {
  const [text, voice] = [{ mode: 'text' }, { mode: 'voice' }] as const;
  const rooms = [
    { ...text, phase: 'talking' },
    { ...text, phase: 'talking' },
    { ...voice, phase: 'leaving' },
    { mode: undefined, phase: 'starting' },
  ] as const;
  const fleet = { ready: true, draining: false, maxRooms: 10, rooms };
  const samples = readSamples(await metrics.expose(fleet));
  expect(samples.value('troupe_rooms', { ...text, phase: 'talking' })).toBe(2);
  expect(samples.value('troupe_rooms', { ...voice, phase: 'leaving' })).toBe(1);
  expect(samples.value('troupe_rooms', { mode: 'undecided', phase: 'starting' })).toBe(1);
  expect(samples.value('troupe_slots_used')).toBe(4);
  const later = readSamples(await metrics.expose({ ...fleet, rooms: [] }));
  expect(later.value('troupe_rooms', { ...text, phase: 'talking' })).toBeUndefined();
  expect(later.value('troupe_slots_used')).toBe(0);
});

it('shows the build and the process', async () => {
  const samples = await after();
  const build = { version: '1.2.3', node: process.version };
  expect(samples.value('troupe_build_info', build)).toBe(1);
  expect(samples.value('troupe_native_memory_bytes')).toBeGreaterThan(0);
  expect(samples.value('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(samples.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
});

it('counts each kind of observation without a failure of its own', async () => {
  const samples = await after(...Object.values(EACH));
  expect(samples.value('troupe_uncounted_observations_total')).toBe(0);
});

it('does not throw into a talk, whatever it is told', async () => {
  const broken = { ...EACH['room-joined'], sinceReceiptMs: 'long' } as unknown as Observation;
  const samples = await after(broken);
  expect(samples.value('troupe_uncounted_observations_total')).toBe(1);
});

it('has no label but with values of its closed set, whatever texts an observation carries', async () => {
  const kinds = Object.values(EACH) as readonly Observation[];
  const strange = fc
    .tuple(fc.constantFrom(...kinds), fc.string({ minLength: 1 }))
    .map(([one, text]) => withTexts(one, text));
  fc.assert(
    fc.property(strange, (one) => metrics.observe(one)),
    { numRuns: 500 },
  );
  const samples = readSamples(await metrics.expose());
  let labelled = 0;
  for (const { name, labels } of samples.all) {
    const spec = new Map(SPECS).get(name.replace(/_(?:bucket|sum|count)$/, ''));
    if (spec === undefined) continue;
    for (const [label, value] of Object.entries(labels)) {
      if (label === 'le') continue;
      labelled += 1;
      expect([...(spec.labels[label] ?? []), 'other'], `${name} ${label}`).toContain(value);
    }
  }
  expect(labelled).toBeGreaterThan(100);
});

it('names metrics by the conventions', () => {
  for (const [name, { type, labels }] of SPECS) {
    expect(name).toMatch(/^troupe_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(Object.keys(labels).join(' ')).not.toMatch(/room|session|turn|character|model/);
  }
});

it('is written down in docs/metrics.md, each with its type and its labels', () => {
  const rows = readFileSync('docs/metrics.md', 'utf8')
    .split('\n')
    .flatMap((line) => /^\| `(troupe_\w+)` \| (\w+) \| ([^|]*) \|/.exec(line)?.slice(1, 4) ?? [])
    .join(' ');
  const expected = SPECS.map(([name, { type, labels }]) => {
    const names = Object.keys(labels).map((label) => `\`${label}\``);
    return `${name} ${type} ${names.join(', ')}`;
  });
  const build = 'troupe_build_info gauge `version`, `node`';
  expect(rows).toBe([build, ...expected].join(' '));
});

/** The same with `text` in the place of each text that it carries. */
function withTexts(one: Observation, text: string): Observation {
  const changed = Object.entries(one).map(([field, value]): [string, unknown] => {
    if (field === 'type') return [field, value];
    return [field, typeof value === 'string' ? text : value];
  });
  return Object.fromEntries(changed) as unknown as Observation;
}
