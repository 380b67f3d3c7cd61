import type { WebSocket } from 'ws';
import type { StreamFault } from './settings.ts';

/** What befalls one connection of a stream. */
export interface Mishap {
  /** Counts sound as it comes in: after enough of it the fault strikes. */
  count(bytes: number): void;
  /** Whether the connection takes nothing any more, and says nothing. */
  isStalled(): boolean;
}

/** What a fault strikes. */
export interface Victim {
  readonly socket: WebSocket;
  readonly bytesPerSecond: number;
  /** A message that is cut off, as this provider's begin. */
  readonly garbage: string;
  slowDown(byMs: number): void;
  /** Closes as if no sound had come. */
  idle(): void;
}

/** Waits for the moment of `fault`; without one nothing happens. */
export function openMishap(fault: StreamFault | undefined, victim: Victim): Mishap {
  const { socket, bytesPerSecond } = victim;
  let waiting = fault;
  let bytes = 0;
  let stalled = false;

  function strike(struck: StreamFault): void {
    if (struck.kind === 'garbage') return socket.send(victim.garbage);
    if (struck.kind === 'slow') return victim.slowDown(struck.byMs);
    if (struck.kind === 'idle') return victim.idle();
    // What came with the fault was not taken, nor acknowledged.
    stalled = true;
    if (struck.kind === 'server-error') socket.close(1_011, 'Internal error');
    // What was said before leaves first.
    if (struck.kind === 'cut') setTimeout(() => socket.terminate(), CUT_MS);
  }

  return {
    count(more) {
      bytes += more;
      if (waiting === undefined || bytes < (waiting.afterMs / 1_000) * bytesPerSecond) return;
      const struck = waiting;
      waiting = undefined;
      strike(struck);
    },
    isStalled: () => stalled,
  };
}

const CUT_MS = 20;
