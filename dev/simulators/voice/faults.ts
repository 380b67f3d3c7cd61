import type { ConnectionFault, Fault, SpeechFault } from './settings.ts';

/** A fault that waits for its victims; `times` counts down. */
export type ArmedFault = Fault & { readonly id: string };

/** The faults that are armed, oldest first. */
export interface Faults {
  arm(fault: Fault): ArmedFault;
  /** Without an id: all. Whether there was anything to disarm. */
  disarm(id?: string): boolean;
  list(): readonly ArmedFault[];
  /** What befalls a new connection, counted. */
  takeForConnection(): ConnectionFault | undefined;
  /** What befalls a context that begins with `text`, counted. */
  takeForSpeech(text: string): SpeechFault | undefined;
}

export function makeFaults(): Faults {
  const armed = new Map<string, ArmedFault>();
  let count = 0;

  function take(strikes: (fault: Fault) => boolean): Fault | undefined {
    for (const fault of armed.values()) {
      if (!strikes(fault)) continue;
      if (fault.times === 1) armed.delete(fault.id);
      else if (fault.times !== undefined) armed.set(fault.id, { ...fault, times: fault.times - 1 });
      return fault;
    }
    return undefined;
  }

  return {
    arm(fault) {
      const id = `fault-${++count}`;
      const entry = { ...fault, id };
      armed.set(id, entry);
      return entry;
    },
    disarm(id) {
      if (id !== undefined) return armed.delete(id);
      const any = armed.size > 0;
      armed.clear();
      return any;
    },
    list: () => [...armed.values()],
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
