import type { WorkerEvent } from './measured-worker.ts';

/** What workers warned of. */
export interface Troubles {
  readonly see: (event: WorkerEvent) => void;
  /** How often each warning or error was logged so far: `warn lease-lost`. */
  counts(): Readonly<Record<string, number>>;
}

export function openTroubles(): Troubles {
  const counts: Record<string, number> = {};
  return {
    see({ event, line: { level } }) {
      if (level !== 'warn' && level !== 'error') return;
      const name = `${level} ${event}`;
      counts[name] = (counts[name] ?? 0) + 1;
    },
    counts: () => ({ ...counts }),
  };
}
