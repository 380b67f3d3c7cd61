import type { Message } from './check-messages.ts';
import type { Fault } from './settings.ts';

/** A fault that waits for its requests; `times` counts down. */
export type ArmedFault = Fault & { readonly id: string };

/** The faults that are armed, oldest first. */
export interface Faults {
  arm(fault: Fault): ArmedFault;
  /** Without an id: all. Whether there was anything to disarm. */
  disarm(id?: string): boolean;
  list(): readonly ArmedFault[];
  /** The fault that strikes this request, counted. */
  take(messages: readonly Message[]): ArmedFault | undefined;
}

export function makeFaults(): Faults {
  const armed = new Map<string, ArmedFault>();
  let count = 0;
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
    take(messages) {
      for (const fault of armed.values()) {
        if (!strikes(fault, messages)) continue;
        if (fault.times === 1) armed.delete(fault.id);
        else if (fault.times !== undefined) {
          armed.set(fault.id, { ...fault, times: fault.times - 1 });
        }
        return fault;
      }
      return undefined;
    },
  };
}

function strikes({ match }: Fault, messages: readonly Message[]): boolean {
  return match === undefined || messages.some((message) => message.text.includes(match));
}
