import { constants, openSync, writeSync } from 'node:fs';

/**
 * Keeps this machine's cores from sleeping until this process ends, where Linux lets us (root): a virtual
 * core that was halted wakes up late, and both the delay and the work of waking it count as ours. It is what
 * cyclictest does: the request holds as long as the file is open (Linux, PM Quality of Service Interface).
 */
export function stayAwake(): void {
  try {
    // Where there is no such device, none is to be made.
    const file = openSync('/dev/cpu_dma_latency', constants.O_WRONLY);
    writeSync(file, new Uint8Array(new Int32Array([LATENCY_US]).buffer));
    request = file;
  } catch {
    // The result says so.
  }
}

/** Whether the cores are kept awake. */
export function areCoresAwake(): boolean {
  return request !== undefined;
}

/** The longest that waking up may take. */
const LATENCY_US = 0;

/** Held open. */
let request: number | undefined;
