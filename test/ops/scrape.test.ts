import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask } from '../support/talk.ts';
import { openTalker } from '../support/talker.ts';
import { readSamples } from './read-samples.ts';
import type { Samples } from './read-samples.ts';

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker({ MAX_CONCURRENT_ROOMS: '7' });
  fleet().stack.voice.cartesia.configure({ letterMs: 30 });
  fleet().stack.llm.configure({
    replies: [{ says: 'My name is Anna', reply: 'Welcome, Anna. How can I help?' }],
  });
});

async function scrape(): Promise<Samples> {
  const answer = await fetch(`${await worker.healthUrl()}/metrics`);
  expect(answer.status).toBe(200);
  return readSamples(await answer.text());
}

/** The samples once this one is there and more than nothing. */
async function scrapeWith(name: string, labels: Readonly<Record<string, string>>) {
  return await eventually(`${name} to move`, async () => {
    const samples = await scrape();
    return (samples.value(name, labels) ?? 0) > 0 && samples;
  });
}

it('a scrape of a worker shows what a written talk and a spoken one moved', async () => {
  const written = await fleet().openRoom('scraped');
  await using ada = await written.enter();
  await written.call();
  await ada.heard(/^Mira has joined the chat!$/);
  await ask(ada, 'Hello Mira.', /you say "Hello Mira/);
  const answered = { channel: 'chat', outcome: 'finished' };
  const first = await scrapeWith('troupe_turns_total', answered);
  expect(first.value('troupe_turns_total', answered)).toBe(1);
  expect(first.value('troupe_ready')).toBe(1);
  expect(first.value('troupe_slots')).toBe(7);
  expect(first.value('troupe_slots_used')).toBe(1);
  expect(first.value('troupe_rooms', { mode: 'text', phase: 'talking' })).toBe(1);
  expect(first.value('troupe_activations_total', { outcome: 'started' })).toBe(1);
  expect(first.value('troupe_activation_age_seconds_count')).toBe(1);
  const joined = 'troupe_activation_to_joined_seconds';
  expect(first.value(`${joined}_count`, { arrival: 'fresh' })).toBe(1);
  expect(first.value(`${joined}_sum`, { arrival: 'fresh' })).toBeGreaterThan(0);
  const model = { provider: 'openai-compatible', kind: 'llm' };
  const requests = 'troupe_provider_requests_total';
  expect(first.value(requests, { ...model, outcome: 'done' })).toBe(1);
  for (const direction of ['input', 'output']) {
    const tokens = { provider: model.provider, direction };
    expect(first.value('troupe_tokens_total', tokens)).toBeGreaterThan(0);
  }
  const stages = 'troupe_turn_stage_seconds_count';
  expect(first.value(stages, { stage: 'llm_first_token' })).toBe(1);
  expect(first.value(stages, { stage: 'first_segment' })).toBe(1);
  expect(first.value(stages, { stage: 'whole' })).toBeUndefined();

  const spoken = await fleet().openRoom('scraped-aloud');
  await using anna = await spoken.enter({ identity: 'anna' });
  await spoken.call({ mode: 'voice' });
  await anna.heard(/^Mira has joined the chat!$/);
  await using talker = await openTalker(anna);
  await talker.speaks('name-is-anna-emma');
  await anna.read(/^Welcome, Anna\. How can I help\?$/);
  const said = { channel: 'speech', outcome: 'finished' };
  const second = await scrapeWith('troupe_turns_total', said);
  expect(second.value('troupe_rooms', { mode: 'voice', phase: 'talking' })).toBe(1);
  for (const stage of ['endpoint', 'stt_final', 'tts_first_byte', 'first_frame', 'whole']) {
    expect(second.value(stages, { stage }), stage).toBe(1);
  }
  const voice = { provider: 'cartesia', kind: 'tts' };
  expect(second.value(requests, { ...voice, outcome: 'done' })).toBe(1);
  expect(second.value('troupe_audio_seconds_total', voice)).toBeGreaterThan(0.5);
  const characters = second.value('troupe_tts_characters_total', { provider: 'cartesia' });
  expect(characters).toBeGreaterThanOrEqual('Welcome, Anna. How can I help?'.length);
  expect(second.value('troupe_answers_total', { result: 'answered' })).toBe(2);
  expect(second.value('troupe_answers_total', { result: 'failed' })).toBe(0);
  expect(second.value('troupe_lease_beats_total', { result: 'good' })).toBeGreaterThan(0);
  const saves = 'troupe_context_save_lag_seconds_count';
  expect(second.value(saves)).toBeGreaterThanOrEqual(2);
  expect(second.value('troupe_native_memory_bytes')).toBeGreaterThan(10_000_000);
  expect(second.value('troupe_uncounted_observations_total')).toBe(0);
  expect(JSON.stringify(second.all)).not.toMatch(/scraped|anna|mira/i);
}, 60_000);
