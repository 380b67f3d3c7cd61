import { pino } from 'pino';

/** How much is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A sink of leveled JSON lines; messages are constant, everything that varies is a field. */
export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * Fields that may carry what people said or wrote, or what opens a door. They are redacted in a line
 * and in its objects, which is as deep as an observation goes, so that a later field of that name
 * cannot leak by accident.
 */
const REDACTED =
  'text transcript prompt content messages heard original token apiKey secret authorization';

/** Opens the process's log on standard output: JSON, one line an event, with `worker` in each. */
export function makeLog(level: LogLevel, worker: string): Log {
  const options = {
    level,
    base: { worker },
    messageKey: 'message',
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: REDACTED.split(' ').flatMap((name) => [name, `*.${name}`]),
  };
  return pino(options, openOutput());
}

/** What is kept of a log that cannot be written, in characters; what comes after it is lost. */
const KEPT = 1 << 20;

/**
 * Standard output. A disk that is full takes no talk with it: what it does not take is kept for the
 * next line's try, up to a bound. Without a listener the first refusal would be thrown at whoever logs.
 */
function openOutput(): ReturnType<typeof pino.destination> {
  const output = pino.destination({ dest: 1, sync: true, maxLength: KEPT });
  output.on('error', () => undefined);
  return output;
}
