import { expect, it } from 'vitest';
import { followTurn } from '../../web/src/turn-latency.ts';

const line = (id: string, who: 'me' | 'agent' | 'other', text: string, typed = false) => ({
  id,
  who,
  text,
  typed,
});
const known = (...lines: readonly ReturnType<typeof line>[]) =>
  new Map(lines.map(({ id, text }) => [id, text]));
const NOBODY = new Map<string, string>();

it('counts from what was written to the first words of the answer, once', () => {
  const asked = line('1', 'me', 'Hello', true);
  const waiting = followTurn({}, NOBODY, [asked], 1_000, undefined);
  const begun = line('2', 'agent', 'Hel');
  const answered = followTurn(waiting, known(asked), [asked, begun], 1_600, undefined);
  expect(answered).toEqual({ lastMs: 600 });
  const more = [asked, line('2', 'agent', 'Hello, you'), line('3', 'agent', 'And more')];
  expect(followTurn(answered, known(asked, begun), more, 2_000, undefined)).toEqual({
    lastMs: 600,
  });
});

it('counts what was spoken from its last sound, not from its transcript', () => {
  const interim = line('1', 'me', 'Hel');
  const waiting = followTurn({}, NOBODY, [interim], 1_000, 950);
  const final = line('1', 'me', 'Hello.');
  const heard = followTurn(waiting, known(interim), [final], 1_500, 1_100);
  const answer = line('2', 'agent', 'Hi');
  expect(followTurn(heard, known(final), [final, answer], 1_700, 1_100)).toEqual({ lastMs: 600 });
});

it('measures nothing that nobody asked for, and nothing between others', () => {
  const lines = [line('1', 'agent', 'Welcome'), line('2', 'other', 'Hello', true)];
  const so = followTurn({}, NOBODY, lines, 1_000, undefined);
  const after = [...lines, line('3', 'agent', 'Hello, other')];
  expect(followTurn(so, known(...lines), after, 1_500, 900)).toEqual({});
});
