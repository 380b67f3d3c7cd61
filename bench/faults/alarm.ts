import { loadavg } from 'node:os';
import type { WorkerLogLine } from '../../dev/worker-process.ts';
import { evidenceOf } from './evidence.ts';
import type { Observations, Violation } from './observations.ts';

/** Tells of violations as they are found, each once, with what happened shortly before. */
export interface Alarm {
  /** Keeps what a worker says about a room: it explains, it proves nothing. */
  readonly hear: (worker: string, line: WorkerLogLine) => void;
  tell(found: readonly Violation[], seen: Observations): void;
  readonly told: () => readonly Violation[];
}

/** Which run, and how it is repeated. */
export interface Run {
  readonly seed: number;
  readonly begunAt: number;
  readonly command: string;
}

/** Fields of every line, which tell nothing here. */
const COMMON_FIELDS = new Set(['event', 'level', 'time', 'pid', 'hostname', 'message', 'room']);
interface Line {
  readonly at: number;
  readonly worker: string;
  readonly room: unknown;
  readonly text: string;
}

const BEFORE_MS = 25_000;
const KEPT_LINES = 40_000;
const SHOWN_LINES = 25;

export function openAlarm({ seed, begunAt, command }: Run): Alarm {
  const told = new Map<string, Violation>();
  const lines: Line[] = [];
  const since = (at: number): string => `${((at - begunAt) / 1_000).toFixed(1)} s`;

  function explain(violation: Violation, seen: Observations): string {
    const { at, room, worker, invariant, what } = violation;
    const isBefore = (one: { readonly at: number }): boolean =>
      one.at > at - BEFORE_MS && one.at <= at;
    const struck = seen.faults
      .filter(isBefore)
      .map(({ at, phase, id, kind, worker = '', path = '' }) =>
        `    ${since(at)} ${phase} ${id} ${kind} ${worker} ${path}`.trimEnd(),
      );
    const said = lines
      .filter(
        (one) =>
          isBefore(one) && (worker === undefined ? one.room === room : one.worker === worker),
      )
      .slice(-SHOWN_LINES)
      .map(({ at, text }) => `    ${since(at)} ${text}`);
    const span = { from: at - BEFORE_MS, to: at };
    const sightings = room === undefined ? [] : evidenceOf(room, seen, span);
    return [
      `VIOLATION of ${invariant}, seed ${seed}, ${since(at)}${room === undefined ? '' : `, room ${room}`}: ${what}`,
      `  load average ${loadavg()[0]?.toFixed(1)}; faults before:`,
      ...struck,
      '  seen of the room:',
      ...sightings.map((one) => `    ${since(one.at)} ${one.text}`),
      '  what workers said of it, each by its own clock:',
      ...said,
      `  again: ${command}`,
    ].join('\n');
  }

  return {
    hear(worker, line) {
      const { event, time, room } = line;
      if (event === undefined) {
        // What the runtime or a native library prints when a process breaks down.
        lines.push({ at: Date.now(), worker, room, text: `${worker} prints: ${line.message}` });
        return;
      }
      const rest = Object.entries(line).filter(([field]) => !COMMON_FIELDS.has(field));
      const text = `${worker} ${event} ${JSON.stringify(Object.fromEntries(rest)).slice(0, 300)}`;
      // A worker's own clock may be stepped: it is shown, and nothing is sorted by it.
      const clock = String(time).slice(14, 23);
      lines.push({ at: Date.now(), worker, room, text: `${clock} ${text}` });
      if (lines.length > KEPT_LINES) lines.shift();
    },
    tell(found, seen) {
      for (const violation of found) {
        const key = `${violation.invariant} ${violation.key}`;
        if (told.has(key)) continue;
        told.set(key, violation);
        console.error(explain(violation, seen));
      }
    },
    told: () => [...told.values()],
  };
}
