import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { histories } from '../properties/conversation-histories.ts';
import { record, SECRETS, telling } from './recorded-talks.ts';
import { replayed } from './recorded.ts';
import { recordWordy, wordy } from './wordy-talks.ts';

const RUNS = { numRuns: 25 };
/** Histories hold long lines; a busy machine takes its time for them. */
const LIMIT_MS = 120_000;

const said = SECRETS.flatMap((secret) => secret.split(/[^\p{L}\p{N}]/u)).filter(
  (word) => word.length > 3,
);

function secretsIn(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n').toLowerCase();
  return said.filter((word) => text.includes(word.toLowerCase()));
}

function divergedIn(lines: readonly string[]): number {
  return lines.filter((line) => line.includes('"diverged":')).length;
}

it(
  'whatever happens, a recording replays as it was recorded',
  async () => {
    await fc.assert(
      fc.asyncProperty(histories(), async (history) => {
        const end = await replayed(await record(history));
        expect(end).toEqual({ kind: 'same', events: history.entries.length, ended: 'complete' });
      }),
      RUNS,
    );
  },
  LIMIT_MS,
);

it(
  'whatever is said, nothing of it is in the recording, and the copy does what the talk did',
  async () => {
    let [events, diverged] = [0, 0];
    await fc.assert(
      fc.asyncProperty(telling(), async (history) => {
        const lines = await record(history);
        expect(secretsIn(lines)).toEqual([]);
        const ids = [
          ...lines
            .join('\n')
            .toLowerCase()
            .matchAll(/"(?:identity|speaker|by|id|turnid)":"([^"]+)"/g),
        ];
        expect(
          ids.filter(([, id = '']) => !/^(?:person-\d+(?:\/v(?:-\d+)?)?|turn-\d+|mia)$/.test(id)),
        ).toEqual([]);
        expect(await replayed(lines)).toMatchObject({ kind: 'same' });
        events += history.entries.length;
        diverged += divergedIn(lines);
      }),
      RUNS,
    );
    expect(diverged).toBeLessThan(events / 1_000);
  },
  LIMIT_MS,
);

it(
  'where words decide, the copy does what the talk did',
  async () => {
    let [events, diverged] = [0, 0];
    await fc.assert(
      fc.asyncProperty(wordy(SECRETS), async (talk) => {
        const lines = await recordWordy(talk);
        expect(await replayed(lines)).toMatchObject({ kind: 'same' });
        expect(secretsIn(lines)).toEqual([]);
        events += lines.length - 2;
        diverged += divergedIn(lines);
      }),
      RUNS,
    );
    expect(diverged).toBeLessThan(events / 200);
  },
  LIMIT_MS,
);

it(
  'where its words mislead the copy, it follows the talk, and replays all the same',
  async () => {
    let diverged = 0;
    await fc.assert(
      fc.asyncProperty(wordy(SECRETS), async (talk) => {
        // All words of one length become the same: names, echoes and repeats are taken for others.
        const lines = await recordWordy(talk, { random: () => 0 });
        expect(await replayed(lines)).toMatchObject({ kind: 'same' });
        expect(secretsIn(lines)).toEqual([]);
        diverged += divergedIn(lines);
      }),
      RUNS,
    );
    expect(diverged).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

it(
  'with its text, a recording holds the talk itself',
  async () => {
    await fc.assert(
      fc.asyncProperty(telling(), async (history) => {
        const lines = await record(history, { withText: true });
        const events = lines.slice(1, -1).map((line) => JSON.parse(line) as { event: unknown });
        expect(events.map(({ event }) => event)).toEqual(history.entries.map(({ event }) => event));
        expect(await replayed(lines)).toMatchObject({ kind: 'same' });
      }),
      RUNS,
    );
  },
  LIMIT_MS,
);
