import type { Row } from '../board.ts';
import { graph, percentiles } from '../panels.ts';
import { perMinute, perMinuteSeen, percentile, within } from '../promql.ts';

const GIVEN_UP = { where: 'outcome=~"malformed|dead-lettered|dropped"' };

/** How rooms come to their bots, and how bots end. */
export const ARRIVALS: Row = {
  title: 'From the queue into the room',
  panels: [
    graph({
      title: 'Wait in the queue',
      about:
        'Age of a message when a worker takes it, by the clocks of queue and worker. Good: P95 under a second; at the line rooms have waited for a minute.',
      unit: 's',
      queries: percentiles('troupe_activation_age_seconds'),
      alert: { name: 'TroupeRoomsWait', above: 60 },
    }),
    graph({
      title: 'From receipt to joined (P95)',
      about:
        'By how the room came: `fresh`, `takeover` of a room whose worker is gone, `handover`. Good: a second; more is LiveKit or the database.',
      unit: 's',
      queries: {
        '{{arrival}}': percentile(0.95, 'troupe_activation_to_joined_seconds', {
          by: 'arrival',
        }),
      },
    }),
    graph({
      title: 'Activations by outcome, a minute',
      about:
        '`started` and `adopted` have a bot; `rerouted` and `deferred` come again; `unbeaten` and `not-acquired` are left to others; `malformed`, `dead-lettered` and `dropped` are given up; the rest are refusals (docs/protocol.md).',
      unit: 'short',
      isStacked: true,
      queries: { '{{outcome}}': perMinuteSeen('troupe_activations_total', { by: 'outcome' }) },
    }),
    graph({
      title: 'Activations given up, in 15 minutes',
      about: 'Good: none. The dead-letter queue has each with its reason.',
      unit: 'short',
      queries: {
        '{{outcome}}': within('15m', 'troupe_activations_total', { ...GIVEN_UP, by: 'outcome' }),
      },
      alert: { name: 'TroupeActivationsGivenUp', above: 5 },
    }),
    graph({
      title: 'Bots that left, a minute',
      about: 'By why. Good: people went (`last-human-left`, `idle`, `room-deleted`).',
      unit: 'short',
      isStacked: true,
      queries: {
        '{{reason}}': perMinute('troupe_bots_ended_total', { by: 'reason', where: 'how="left"' }),
      },
    }),
    graph({
      title: 'Bots by how they ended, a minute',
      about:
        '`left` of themselves, `handed-over` in a roll-out; `lost` (another worker has the room) and `failed` are seldom.',
      unit: 'short',
      isStacked: true,
      queries: { '{{how}}': perMinute('troupe_bots_ended_total', { by: 'how' }) },
    }),
  ],
};
