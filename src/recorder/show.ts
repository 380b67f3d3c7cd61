import { differences } from './difference.ts';
import type { Difference } from './difference.ts';
import type { RecordedStep, RecordingHead } from './recording.ts';
import type { ReplayEnd } from './replay.ts';

/** The head of a recording for a reader. */
export function showHead(head: RecordingHead): string {
  const { session, room, epoch, character, startedAt, version, redacted } = head;
  return printable(
    [
      `${character.name} in room ${room}, session ${session}, epoch ${epoch}`,
      `recorded ${startedAt} by version ${version}, ${redacted ? 'redacted' : 'with its text'}`,
    ].join('\n'),
  );
}

/**
 * One event for a reader: when it came, in seconds of the talk, and what it was; what of the state it
 * changed; what was done. Counters and timers are left out: commands tell of timers.
 */
export function showStep(
  head: RecordingHead,
  step: RecordedStep,
  before: unknown,
  after: unknown,
): string {
  const { type, at, ...rest } = step.event;
  const time = ((at - head.at) / 1_000).toFixed(3).padStart(9);
  const changes = [...differences(before, after)].filter(({ path }) => !UNSHOWN.test(path));
  return printable(
    [
      `${time}  ${step.n} ${type}${brief(rest)}`,
      ...(step.policy === undefined ? [] : ['the rules are others from here on']),
      ...changes.map(
        ({ path, recorded, now }) => `${path.slice(1)}: ${show(recorded)} -> ${show(now)}`,
      ),
      ...step.commands.map((command) => `> ${showCommand(command)}`),
      ...(step.diverged === undefined
        ? []
        : [`the talk itself did otherwise: ${JSON.stringify(step.diverged.live)}`]),
    ].join('\n           '),
  );
}

/** How a replay ended, for a reader. */
export function showEnd(end: ReplayEnd): string {
  if (end.kind === 'same') {
    return `${end.events} events, each with the same outcome as recorded${CUT[end.ended]}`;
  }
  return printable(showDifference(end.n, end.difference));
}

const CUT = {
  complete: '',
  'size-limit': '; the recording was cut there: it had reached its size',
  'disk-behind': '; the recording was cut there: the disk was too slow',
  failed: '; the recording was cut there: the recorder failed',
};

function showDifference(n: number, { path, recorded, now }: Difference): string {
  const where = n === 0 ? 'before the first event' : `at event ${n}`;
  const lines = [`recorded: ${show(recorded)}`, `now:      ${show(now)}`];
  return [`first difference ${where}: ${path === '' ? 'the core failed' : path}`, ...lines].join(
    '\n  ',
  );
}

const UNSHOWN = /^\/(?:last|timers\/|recentTurnIds\/|ownWords\/|spokenTurns\/)/;

function showCommand(command: unknown): string {
  const { type, ...rest } = command as Readonly<Record<string, unknown>>;
  return `${String(type)}${brief(rest)}`;
}

function brief(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${show(value)}`)
    .join('');
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** What people wrote must not steer a terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '�');
}
