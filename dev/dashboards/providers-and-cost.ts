import type { Board } from './board.ts';
import { CALLS } from './providers/calls.ts';
import { COST } from './providers/cost.ts';
import { GLANCE } from './providers/glance.ts';
import { HEALTH } from './providers/health.ts';
import { VOLUME } from './providers/volume.ts';

/** Whether those whom we ask for words and voices answer, and what they cost. */
export const PROVIDERS_AND_COST: Board = {
  name: 'providers-and-cost',
  title: 'Troupe / Providers and cost',
  description: 'Whether those whom we ask for words and voices answer, and what they cost.',
  choosesProviders: true,
  rows: [GLANCE, CALLS, HEALTH, COST, VOLUME],
};
