import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { histories } from '../properties/conversation-histories.ts';
import { record, SECRETS, telling } from './recorded-talks.ts';
import { replayed } from './recorded.ts';

const RUNS = { numRuns: 100 };
const LIMIT_MS = 60_000;

const said = SECRETS.flatMap((secret) => secret.split(/[^\p{L}\p{N}]/u)).filter(
  (word) => word.length > 3,
);

it(
  'whatever happens, a recording replays as it was recorded',
  async () => {
    await fc.assert(
      fc.asyncProperty(histories('as-is'), async (history) => {
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
        const text = lines.join('\n').toLowerCase();
        expect(said.filter((word) => text.includes(word.toLowerCase()))).toEqual([]);
        const ids = [...text.matchAll(/"(?:identity|speaker|by|id|turnid)":"([^"]+)"/g)];
        expect(
          ids.filter(([, id = '']) => !/^(?:person-\d+(?:\/v(?:-\d+)?)?|turn-\d+|mia)$/.test(id)),
        ).toEqual([]);
        expect(await replayed(lines)).toMatchObject({ kind: 'same' });
        events += history.entries.length;
        diverged += lines.filter((line) => line.includes('"diverged":')).length;
      }),
      RUNS,
    );
    expect(diverged).toBeLessThan(events / 1_000);
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
      { numRuns: 50 },
    );
  },
  LIMIT_MS,
);
