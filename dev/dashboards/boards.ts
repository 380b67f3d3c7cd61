import type { Board } from './board.ts';
import { CONVERSATIONS } from './conversations.ts';
import { FLEET } from './fleet.ts';
import { PROVIDERS_AND_COST } from './providers-and-cost.ts';

/** Every dashboard that the chart brings. */
export const BOARDS: readonly Board[] = [FLEET, CONVERSATIONS, PROVIDERS_AND_COST];
