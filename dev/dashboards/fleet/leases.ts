import type { Row } from '../board.ts';
import { graph, percentiles } from '../panels.ts';
import { perMinute, within, withinFromFirst } from '../promql.ts';

/** How bots keep their rooms, and give them on. */
export const LEASES: Row = {
  title: 'Leases and handovers',
  panels: [
    graph({
      title: 'Beats of leases, a minute',
      about: 'One beat extends all leases of a worker. Good: no failed ones; a few are retried.',
      unit: 'short',
      queries: { '{{result}}': perMinute('troupe_lease_beats_total', { by: 'result' }) },
    }),
    graph({
      title: 'Leases lost, in 10 minutes',
      about: 'Rooms that another worker took, or whose lease ran out unheard. Good: none.',
      unit: 'short',
      queries: { lost: within('10m', 'troupe_leases_lost_total') },
      alert: { name: 'TroupeLeasesLost', above: 5 },
    }),
    graph({
      title: 'Handovers, in 10 minutes',
      about:
        'Rooms given to a successor, and rooms that arrived so. A worker that ends does so within seconds, mostly before Prometheus has read what it `sent`: `arrived` is counted by those who go on. At the line a roll-out leaves rooms silent.',
      unit: 'short',
      queries: {
        '{{result}}': within('10m', 'troupe_handovers_total', { by: 'result' }),
        '{{arrival}}, arrived': withinFromFirst(
          '10m',
          'troupe_activation_to_joined_seconds_count',
          {
            by: 'arrival',
            where: 'arrival=~"handover|takeover"',
          },
        ),
      },
      alert: { name: 'TroupeHandoversFail', above: 3 },
    }),
    graph({
      title: 'How long a handover takes',
      about:
        'From the wish to the successor’s message: the reply’s end (at most 5 s) and the save. Of workers that end it is mostly lost (see Handovers): it tells of rooms that are handed over at 8 hours.',
      ifEmpty: 'None so far',
      unit: 's',
      queries: percentiles('troupe_handover_seconds'),
    }),
    graph({
      title: 'Paths to rooms, a minute',
      about: 'Paths that broke, and attempts to join anew. Good: none; together they are LiveKit.',
      unit: 'short',
      queries: {
        broke: perMinute('troupe_link_losses_total'),
        'joined anew': perMinute('troupe_rejoins_total'),
      },
    }),
    graph({
      title: 'Failures of services, a minute',
      about: 'What we depend on, by the error’s kind; tries of one call count each. Good: none.',
      ifEmpty: 'None so far',
      unit: 'short',
      queries: {
        '{{service}} {{error}}': perMinute('troupe_service_errors_total', {
          by: 'service, error',
        }),
      },
    }),
  ],
};
