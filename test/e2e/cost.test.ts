import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { openTalker } from '../support/talker.ts';

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  const { stack } = fleet();
  worker = await fleet().openWorker({ AUDIO_ENABLED: 'true' });
  stack.voice.cartesia.configure({ letterMs: 20 });
});

it('knows what a talk cost, within 1 % of what its providers have billed', async () => {
  const { voice, llm, database } = fleet().stack;
  const room = await fleet().openRoom('cost');
  const anna = await room.enter({ identity: 'anna', name: 'Anna' });
  await room.call();
  await anna.heard(/has joined the chat!$/);
  await using talker = await openTalker(anna);
  await talker.speaks('name-is-anna-emma');
  await anna.read(/^I heard you say/, LIMIT_MS);
  await anna.say('What is my name?');
  await anna.read(/^Your name is Anna\./, LIMIT_MS);
  await room.memoryThat('two answers', ({ length }) => length === 4);
  await anna[Symbol.asyncDispose]();
  await worker.logged('bot-ended', LIMIT_MS);
  // Its transcription is told when it closes, and written with what comes within seconds.
  await eventually('the sound heard', async () => {
    const rows = await database.sql(
      `select 1 from usage where kind = 'stt' and outcome <> 'ongoing'`,
    );
    return rows.length > 0;
  });

  const [taken] = await database.sql<Taken>(
    `select sum(prompt_tokens)::int as prompt, sum(completion_tokens)::int as completion,
       sum(characters)::int as characters,
       sum(audio_ms) filter (where kind = 'stt') as "heardMs",
       sum(audio_ms) filter (where kind = 'tts') as "spokenMs",
       count(*) filter (where session is distinct from $1)::int as strays
     from usage`,
    [room.name],
  );
  const billed = llm.totals();
  const speeches = voice.cartesia.speeches();
  const heardMs = sum(voice.gladia.streams().map(({ audioMs }) => audioMs));
  expect(taken?.strays).toBe(0);
  expect(taken?.prompt).toBeGreaterThan(0);
  expectWithin1Percent(taken?.prompt, billed.promptTokens);
  expectWithin1Percent(taken?.completion, billed.completionTokens);
  expectWithin1Percent(taken?.characters, sum(speeches.map(({ text }) => text.length)));
  expectWithin1Percent(taken?.spokenMs, sum(speeches.map(({ soundMs }) => soundMs)));
  expectWithin1Percent(taken?.heardMs, heardMs);
});

it('tells it on the command line', async () => {
  const { code, output } = await fleet().run(['cost', '--by', 'session']);
  expect(code).toBe(0);
  expect(output).toMatch(/^session +who +model +calls +took +USD$/m);
  expect(output).toMatch(/cost-\S+ +llm openai-compatible +\S+ +\d+ +\d+ \+ \d+ tokens/);
  expect(output).toMatch(/stt gladia/);
  expect(output).toMatch(/tts cartesia/);
  expect(output).toMatch(/^total: 0\.0\d*[1-9]\d* USD$/m);
  const wrong = await fleet().run(['cost', '--by', 'week']);
  expect(wrong).toMatchObject({ code: 2, output: expect.stringContaining('--by week is unknown') });
});

const LIMIT_MS = 20_000;

interface Taken {
  readonly prompt: number;
  readonly completion: number;
  readonly characters: number;
  readonly heardMs: number;
  readonly spokenMs: number;
  readonly strays: number;
}

function expectWithin1Percent(metered: number | undefined, billed: number): void {
  expect(Math.abs((metered ?? 0) - billed), `${metered} for ${billed}`).toBeLessThanOrEqual(
    billed / 100,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
