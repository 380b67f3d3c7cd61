import type { Row } from '../board.ts';
import { graph } from '../panels.ts';
import { series, share, total } from '../promql.ts';

/** Of the two exporters, which name the queue each in its own label. */
const FIFO = 'dimension_QueueName=~"(.*[.]fifo)?",queue_name=~"(.*[.]fifo)?"';

/** Rooms, the places for them, and the queue before them. */
export const ROOMS: Row = {
  title: 'Rooms and workers',
  panels: [
    graph({
      title: 'Rooms by mode',
      about:
        'How rooms talk. `undecided` is a bot on its way; many that stay so do not come into their rooms.',
      unit: 'none',
      isStacked: true,
      queries: { '{{mode}}': total('troupe_rooms', { by: 'mode' }) },
    }),
    graph({
      title: 'Rooms by phase',
      about:
        'Good: nearly all `talking`. `starting` grows when joining is slow; `handing-over` is a roll-out.',
      unit: 'none',
      isStacked: true,
      queries: { '{{phase}}': total('troupe_rooms', { by: 'phase' }) },
    }),
    graph({
      title: 'Places',
      about: 'Places that are taken, and all of them. The gap is what a burst finds free.',
      unit: 'none',
      queries: { taken: total('troupe_slots_used'), all: total('troupe_slots') },
    }),
    graph({
      title: 'Places taken',
      about: 'Good: 60 to 85 %. At the line the fleet is full, and rooms wait for new workers.',
      unit: 'percentunit',
      max: 1,
      queries: { taken: share(total('troupe_slots_used'), total('troupe_slots')) },
      alert: { name: 'TroupeFleetFull', above: 0.95 },
    }),
    graph({
      title: 'Workers',
      about:
        'Ready, draining (they hand their rooms over to end), paused (they receive nothing), and those that do not answer Prometheus. Good: all ready; some draining in a roll-out.',
      unit: 'none',
      alsoFor: ['TroupeNoWorker', 'TroupeWorkerDown', 'TroupeGatewayDown', 'TroupeReceivingPaused'],
      queries: {
        ready: total('troupe_ready'),
        draining: total('troupe_draining'),
        paused: total('troupe_receiving_paused'),
        'no answer': `count(${series('up')} == 0)`,
      },
    }),
    graph({
      title: 'Depth of the queue, by others',
      about:
        'Workers do not know it. `KEDA` is what its scaler reads (keda_scaler_metrics_value of a ScaledObject that ends in -worker: visible and in flight, so at rest it is the rooms); the others are CloudWatch’s averages (aws_sqs_..., by either usual exporter; queues whose name ends in .fifo), minutes late. No data: nobody scrapes them here.',
      unit: 'none',
      queries: {
        KEDA: 'max by (scaledObject) (keda_scaler_metrics_value{scaledObject=~".*-worker"})',
        'waiting, {{dimension_QueueName}}{{queue_name}}': `max by (dimension_QueueName, queue_name) (aws_sqs_approximate_number_of_messages_visible_average{${FIFO}})`,
        'in flight, {{dimension_QueueName}}{{queue_name}}': `max by (dimension_QueueName, queue_name) (aws_sqs_approximate_number_of_messages_not_visible_average{${FIFO}})`,
      },
    }),
  ],
};
