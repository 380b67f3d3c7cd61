import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { highest, perMinute, series, within } from '../promql.ts';

/** What the workers use, and what is wrong in them. */
export const PROCESSES: Row = {
  title: 'Processes (the five highest workers)',
  panels: [
    graph({
      title: 'Lag of the event loop (P99)',
      about: 'Good: under 50 ms. At the line voices stutter: too many rooms for the cores.',
      unit: 's',
      queries: { '{{pod}}': highest('nodejs_eventloop_lag_p99_seconds') },
      alert: { name: 'TroupeEventLoopSlow', above: 0.2 },
    }),
    graph({
      title: 'Cores in use',
      about: 'Processor time by time, of all threads. Compare it with the pod’s request.',
      unit: 'short',
      queries: {
        '{{pod}}': `topk(5, sum by (pod) (rate(${series('process_cpu_seconds_total')}[$__rate_interval])))`,
      },
    }),
    graph({
      title: 'Resident memory',
      about:
        'A worker recycles itself by draining at its mark (docs/scaling.md). The dashed limit is the container’s, where kube-state-metrics is scraped.',
      unit: 'bytes',
      queries: {
        '{{pod}}': highest('process_resident_memory_bytes'),
        'limit of the container':
          'min(kube_pod_container_resource_limits{namespace=~"$namespace",pod=~"$pod",container="worker",resource="memory"})',
      },
    }),
    graph({
      title: 'Native memory',
      about: 'Resident memory less heap and buffers: the media library mostly. Good: flat.',
      unit: 'bytes',
      queries: { '{{pod}}': highest('troupe_native_memory_bytes') },
    }),
    graph({
      title: 'JavaScript heap',
      about: 'In use. Good: a saw without a slope.',
      unit: 'bytes',
      queries: { '{{pod}}': highest('nodejs_heap_size_used_bytes') },
    }),
    graph({
      title: 'Open files and sockets',
      about: 'Good: it follows the rooms, and comes back with them. The limit is the process’s.',
      unit: 'short',
      queries: { '{{pod}}': highest('process_open_fds') },
    }),
    graph({
      title: 'Restarts of containers, in an hour',
      about: 'By kube-state-metrics; no data where nobody scrapes it. Good: none.',
      unit: 'short',
      queries: {
        '{{pod}}':
          'topk(5, sum by (pod) (increase(kube_pod_container_status_restarts_total{namespace=~"$namespace",pod=~"$pod",container="worker"}[1h])))',
      },
    }),
    graph({
      title: 'Defects, in 15 minutes',
      about:
        'Errors of ours that nobody caught (the log line `unexpected error`), and observations that were not counted. Good: none.',
      unit: 'short',
      queries: {
        unexpected: within('15m', 'troupe_unexpected_errors_total'),
        uncounted: within('15m', 'troupe_uncounted_observations_total'),
      },
      alert: { name: 'TroupeDefects', above: 0 },
    }),
    graph({
      title: 'Warnings, a minute',
      about: 'Of no kind of their own; docs/runbook.md has what each means.',
      unit: 'short',
      queries: { '{{pod}}': `topk(5, ${perMinute('troupe_warnings_total', { by: 'pod' })})` },
    }),
  ],
};
