import { makeArmedFaults } from '../common/armed-faults.ts';
import type { ArmedFaults } from '../common/armed-faults.ts';
import type { ConnectionFault, Fault, SpeechFault } from './settings.ts';

/** The faults that are armed, and whom they strike. */
export interface Faults extends Pick<ArmedFaults<Fault>, 'arm' | 'disarm' | 'list'> {
  /** What befalls a new connection, counted. */
  takeForConnection(): ConnectionFault | undefined;
  /** What befalls a context that begins with `text`, counted. */
  takeForSpeech(text: string): SpeechFault | undefined;
}

export function makeFaults(): Faults {
  const { take, ...faults } = makeArmedFaults<Fault>();
  return {
    ...faults,
    takeForConnection: () => take(isOfConnection)?.kind as ConnectionFault | undefined,
    takeForSpeech: (text) =>
      take((fault) => !isOfConnection(fault) && fits(fault as SpeechFault, text)) as
        | SpeechFault
        | undefined,
  };
}

function isOfConnection({ kind }: Fault): boolean {
  return ['unauthorized', 'too-many', 'unavailable', 'hang'].includes(kind);
}

function fits({ match }: SpeechFault, text: string): boolean {
  return match === undefined || text.includes(match);
}
