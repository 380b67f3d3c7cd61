import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileNameOf, isRecordingName } from '../../src/recorder/file-name.ts';

it('knows a recording by its name, whatever its session is called', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.nat(),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
      (session, epoch, date) =>
        isRecordingName(fileNameOf({ session, epoch, startedAt: date.toISOString() })),
    ),
  );
});

it.each([
  'notes.txt',
  'talk.jsonl',
  'talk_e1_20261129T161830000Z.jsonl.gz',
  'talk_e1_20261129T1618Z.jsonl',
  '../talk_e1_20261129T161830000Z.jsonl',
  'my talk_e1_20261129T161830000Z.jsonl',
])('takes no other file for one: %s', (name) => {
  expect(isRecordingName(name)).toBe(false);
});
