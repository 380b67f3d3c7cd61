import type { Row } from '../board.ts';
import { graph, percentiles } from '../panels.ts';
import { perMinute, total } from '../promql.ts';

/** How talks are saved. */
export const MEMORY: Row = {
  title: 'Memory of the talks',
  panels: [
    graph({
      title: 'From a change to its save',
      about: 'Good: under a second. It is in nobody’s way, but what is not saved a crash takes.',
      unit: 's',
      queries: percentiles('troupe_context_save_lag_seconds'),
    }),
    graph({
      title: 'Rooms not saved',
      about: 'Their last save failed; it is tried again. Good: none.',
      unit: 'none',
      queries: { rooms: total('troupe_contexts_unsaved') },
      alert: { name: 'TroupeMemoryUnsaved', above: 0 },
    }),
    graph({
      title: 'Failures of memory, a minute',
      about: 'Saves and inboxes that failed, and usage that could not be saved. Good: none.',
      unit: 'short',
      queries: {
        saves: perMinute('troupe_context_save_failures_total'),
        inboxes: perMinute('troupe_inbox_failures_total'),
        'usage lost': perMinute('troupe_usage_lost_total'),
      },
    }),
  ],
};
