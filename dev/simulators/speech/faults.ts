import type { Fault, OpeningFault, StreamFault } from './settings.ts';

/** A fault that waits for its victims; `times` counts down. */
export type ArmedFault = Fault & { readonly id: string };

/** The faults that are armed, oldest first. */
export interface Faults {
  arm(fault: Fault): ArmedFault;
  /** Without an id: all. Whether there was anything to disarm. */
  disarm(id?: string): boolean;
  list(): readonly ArmedFault[];
  /** What befalls a stream that is to be opened, counted. */
  takeForOpening(): OpeningFault | undefined;
  /** What befalls a new connection of a stream, counted. */
  takeForConnection(): StreamFault | undefined;
}

export function makeFaults(): Faults {
  const armed = new Map<string, ArmedFault>();
  let count = 0;

  function take(opening: boolean): Fault | undefined {
    for (const fault of armed.values()) {
      if (isOfOpening(fault) !== opening) continue;
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
    takeForOpening: () => take(true)?.kind as OpeningFault | undefined,
    takeForConnection: () => take(false) as StreamFault | undefined,
  };
}

function isOfOpening({ kind }: Fault): boolean {
  return ['unauthorized', 'rate-limited', 'unavailable', 'hang'].includes(kind);
}
