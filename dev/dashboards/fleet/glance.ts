import type { Row } from '../board.ts';
import { figure } from '../panels.ts';
import { percentile, share, total } from '../promql.ts';

/** The numbers to look at first. */
export const GLANCE: Row = {
  title: 'At a glance',
  panels: [
    figure({
      title: 'Rooms',
      about: 'Rooms that have their bot.',
      unit: 'none',
      expr: total('troupe_slots_used'),
    }),
    figure({
      title: 'Places taken',
      about: 'Rooms by places. Good: 60 to 85 %; the autoscaler adds workers before it is 95 %.',
      unit: 'percentunit',
      max: 1,
      expr: share(total('troupe_slots_used'), total('troupe_slots')),
      alert: { name: 'TroupeFleetFull', above: 0.95 },
    }),
    figure({
      title: 'Workers ready',
      about:
        'Workers that can be counted on; a full one is ready. Good: as many as the Deployment wants.',
      unit: 'none',
      expr: total('troupe_ready'),
      alert: { name: 'TroupeNoWorker', below: 1 },
    }),
    figure({
      title: 'Wait in the queue (P95)',
      about:
        'Age of a message when a worker takes it, over 5 minutes. Good: under a second. A minute means that workers are missing.',
      unit: 's',
      expr: percentile(0.95, 'troupe_activation_age_seconds', {}, '5m'),
      alert: { name: 'TroupeRoomsWait', above: 60 },
    }),
    figure({
      title: 'Workers that receive nothing',
      about:
        'They paused as a service that all rooms need fails: queue, database, LiveKit, a key. Good: none.',
      unit: 'none',
      expr: total('troupe_receiving_paused'),
      alert: { name: 'TroupeReceivingPaused', above: 1 },
    }),
    figure({
      title: 'Rooms not saved',
      about:
        'Rooms whose last save failed: their talk goes on, and is lost with the worker. Good: none.',
      unit: 'none',
      expr: total('troupe_contexts_unsaved'),
      alert: { name: 'TroupeMemoryUnsaved', above: 0 },
    }),
  ],
};
