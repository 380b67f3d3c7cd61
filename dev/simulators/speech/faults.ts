import { makeArmedFaults } from '../common/armed-faults.ts';
import type { ArmedFaults } from '../common/armed-faults.ts';
import type { Fault, OpeningFault, StreamFault } from './settings.ts';

/** The faults that are armed, and whom they strike. */
export interface Faults extends Pick<ArmedFaults<Fault>, 'arm' | 'disarm' | 'list'> {
  /** What befalls a stream that is to be opened, counted. */
  takeForOpening(): OpeningFault | undefined;
  /** What befalls a new connection of a stream, counted. */
  takeForConnection(): StreamFault | undefined;
}

export function makeFaults(): Faults {
  const { take, ...faults } = makeArmedFaults<Fault>();
  return {
    ...faults,
    takeForOpening: () => take(isOfOpening)?.kind as OpeningFault | undefined,
    takeForConnection: () => take((fault) => !isOfOpening(fault)) as StreamFault | undefined,
  };
}

function isOfOpening({ kind }: Fault): boolean {
  return ['unauthorized', 'rate-limited', 'unavailable', 'hang'].includes(kind);
}
