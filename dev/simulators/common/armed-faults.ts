/** A fault that waits for its victims; `times` counts down. */
export type Armed<F> = F & { readonly id: string };

/** The faults that are armed, oldest first. */
export interface ArmedFaults<F> {
  readonly arm: (fault: F) => Armed<F>;
  /** Without an id: all. Whether any was armed. */
  readonly disarm: (id?: string) => boolean;
  readonly list: () => readonly Armed<F>[];
  /** The first one that `strikes`, counted. */
  readonly take: (strikes: (fault: F) => boolean) => Armed<F> | undefined;
}

/** Arms nothing yet. A fault without `times` strikes until it is disarmed. */
export function makeArmedFaults<
  F extends { readonly times?: number | undefined },
>(): ArmedFaults<F> {
  const armed = new Map<string, Armed<F>>();
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
    take(strikes) {
      for (const fault of armed.values()) {
        if (!strikes(fault)) continue;
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
