import { makeArmedFaults } from '../common/armed-faults.ts';
import type { Armed, ArmedFaults } from '../common/armed-faults.ts';
import type { Message } from './check-messages.ts';
import type { Fault } from './settings.ts';

/** The faults that are armed, and whom they strike. */
export interface Faults extends Pick<ArmedFaults<Fault>, 'arm' | 'disarm' | 'list'> {
  /** The fault that strikes this request, counted. */
  takeFor(messages: readonly Message[]): Armed<Fault> | undefined;
}

export function makeFaults(): Faults {
  const { take, ...faults } = makeArmedFaults<Fault>();
  return {
    ...faults,
    takeFor: (messages) => take((fault) => strikes(fault, messages)),
  };
}

function strikes({ match }: Fault, messages: readonly Message[]): boolean {
  return match === undefined || messages.some((message) => message.text.includes(match));
}
