import type { Clock } from '../lib/clock.ts';
import type { MetricName } from './metric-table.ts';

/** States that end by time alone, and are read when somebody looks. */
export interface Holds {
  /** It is so from now on, for so many ms; 0: it is not. */
  begin(metric: MetricName, labels: Readonly<Record<string, string>>, forMs: number): void;
  /** Each that ever began. */
  read(): readonly Hold[];
}

export interface Hold {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly isOn: boolean;
}

/** Opens the list of them; it is as long as the labels have values. */
export function openHolds(clock: Pick<Clock, 'monotonicMs'>): Holds {
  const known = new Map<string, Omit<Hold, 'isOn'> & { readonly until: number }>();
  return {
    begin(metric, labels, forMs) {
      const until = clock.monotonicMs() + forMs;
      known.set(JSON.stringify([metric, labels]), { metric, labels, until });
    },
    read: () =>
      [...known.values()].map(({ until, ...hold }) => ({
        ...hold,
        isOn: clock.monotonicMs() < until,
      })),
  };
}
