import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { characterRow, sessionRow, summaryRow } from '../../src/adapters/supabase/rows.ts';
import { mutated } from './hostile.ts';

const SESSION = { id: 's', character_id: 'c', chat_lines: true, record: null };
const SUMMARY = { id: 'c', name: 'Ada', tagline: 'Counts.' };
const CHARACTER = {
  id: 'c',
  name: 'Ada',
  description: 'You are Ada.',
  language: 'en',
  model: null,
  greeting: 'Hi.',
  addressing: { rule: 'auto', names: ['Ada'] },
  talk_mode: 'text',
  voice: null,
  stt: null,
  tts: null,
  record: null,
};

it.each([
  ['session', sessionRow, SESSION],
  ['character', characterRow, CHARACTER],
  ['character in a list', summaryRow, SUMMARY],
])('a row of a %s is read, or refused with what is wrong in it', (_what, schema, row) => {
  expect(schema.safeParse(row).success).toBe(true);
  fc.assert(
    fc.property(mutated(row), (odd) => {
      const read = schema.safeParse(odd);
      expect(read.success || read.error.issues.length > 0).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
