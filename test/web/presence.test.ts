import { expect, it } from 'vitest';
import { describePresence } from '../../web/src/presence.ts';
import type { Attendance } from '../../web/src/presence.ts';

const attendance = (more: Partial<Attendance>): Attendance => ({
  cutOff: false,
  inRoom: false,
  cameBefore: false,
  overdue: false,
  state: 'connecting',
  ...more,
});

it.each([
  [{}, 'Mira is on the way…', false, false],
  [{ overdue: true }, 'Mira has not come', false, true],
  [{ inRoom: true, state: 'connecting' }, 'Coming in…', false, false],
  [{ inRoom: true, state: 'initializing' }, 'Getting ready…', false, false],
  [{ inRoom: true, state: 'listening' }, 'Listening', true, false],
  [{ inRoom: true, state: 'thinking' }, 'Thinking', true, false],
  [{ inRoom: true, state: 'speaking' }, 'Speaking', true, false],
  [{ cameBefore: true }, 'Mira is coming back…', false, false],
  [{ cameBefore: true, overdue: true }, 'Mira has left', false, true],
  [
    { cutOff: true, inRoom: true, state: 'listening' },
    'Connection lost, trying again…',
    false,
    true,
  ],
] as const)('%j reads “%s”', (seen, words, here, missing) => {
  expect(describePresence('Mira', attendance(seen))).toEqual({ words, here, missing });
});
