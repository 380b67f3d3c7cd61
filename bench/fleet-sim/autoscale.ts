import type { Agenda } from './agenda.ts';
import { makeAutoscaler, SYNC_S } from './autoscaler.ts';
import { makeCounter } from './counter.ts';
import type { Fleet } from './fleet.ts';
import { makeRandom } from './random.ts';
import type { FleetSettings } from './settings.ts';

/** How often the queue's true count is noted, in seconds. */
const NOTE_S = 5;

/** Has KEDA and the HPA scale a fleet by its queue, from the smallest fleet on. */
export function autoscale(
  agenda: Agenda,
  fleet: Fleet,
  { autoscaling, cluster }: FleetSettings,
  seed: number,
): void {
  const autoscaler = makeAutoscaler(autoscaling);
  const counter = makeCounter(makeRandom(seed, 'counter'), cluster.counterLagS);
  let cached = 0;

  every(agenda, NOTE_S, () => counter.note(agenda.now(), fleet.messages()));
  every(agenda, autoscaling.pollingS, () => {
    cached = counter.read(agenda.now());
    scaleTo(autoscaler.poll(agenda.now(), cached, fleet.scale()));
  });
  every(agenda, SYNC_S, () => {
    const messages = autoscaling.isCached ? cached : counter.read(agenda.now());
    scaleTo(autoscaler.sync(agenda.now(), messages, fleet.scale()));
  });
  fleet.scaleTo(autoscaling.minPods);

  function scaleTo(pods: number): void {
    if (pods !== fleet.scale()) fleet.scaleTo(pods);
  }
}

/** Runs something again and again, first after one period. */
export function every(agenda: Agenda, periodS: number, run: () => void): void {
  agenda.after(periodS, () => {
    run();
    every(agenda, periodS, run);
  });
}
