import type { Board } from './board.ts';
import { GLANCE } from './conversations/glance.ts';
import { INTERRUPTIONS } from './conversations/interruptions.ts';
import { LATENCY } from './conversations/latency.ts';
import { TURNS } from './conversations/turns.ts';

/** Whether people are answered, how soon, and how well bots and people take turns. */
export const CONVERSATIONS: Board = {
  name: 'conversations',
  title: 'Troupe / Conversations',
  description: 'Whether people are answered, how soon, and how well bots and people take turns.',
  rows: [GLANCE, TURNS, LATENCY, INTERRUPTIONS],
};
