import { isTroupeError } from '../errors.ts';
import type { Observation, Observe } from '../ports/observe.ts';
import type { Log } from './log.ts';
import { traceOfTurn } from './trace-ids.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** One log line for each kind of observation: its level and its constant message. */
export const LINES: Readonly<Record<Observation['type'], readonly [Level, string]>> = {
  'activation-received': ['debug', 'activation received'],
  'activation-settled': ['info', 'activation settled'],
  'queue-failed': ['warn', 'queue call failed'],
  'receiving-paused': ['warn', 'receiving paused'],
  'receiving-resumed': ['info', 'receiving resumed'],
  beaten: ['debug', 'leases extended'],
  'beat-failed': ['warn', 'lease beat failed'],
  'lease-lost': ['warn', 'lease lost'],
  'bot-started': ['info', 'bot started'],
  'bot-ended': ['info', 'bot ended'],
  'handover-sent': ['info', 'handover sent'],
  'handover-failed': ['warn', 'handover failed'],
  'drain-started': ['info', 'drain started'],
  'drain-ended': ['info', 'drain ended'],
  'room-joined': ['info', 'room joined'],
  'room-rejoining': ['warn', 'rejoining the room'],
  'mode-switched': ['info', 'the talk goes on in another mode'],
  'link-lost': ['warn', 'path to the room lost'],
  'link-restored': ['info', 'path to the room restored'],
  'chat-refused': ['warn', 'chat message refused'],
  'turn-dropped': ['info', 'turn dropped'],
  'turn-committed': ['debug', 'turn committed'],
  'reply-held': ['debug', 'reply held'],
  'reply-resumed': ['debug', 'reply resumed'],
  'reply-cancelled': ['debug', 'reply cancelled'],
  'reply-finished': ['info', 'reply finished'],
  'reply-timed': ['info', 'reply timed'],
  usage: ['debug', 'provider called'],
  'provider-failed': ['warn', 'provider failed'],
  'provider-paused': ['warn', 'provider fails again and again and is left alone for a while'],
  'provider-restored': ['info', 'provider works again'],
  'provider-fallback': ['info', 'another provider stands in'],
  'provider-off': ['error', 'provider refused our key and is off until a restart'],
  'publish-failed': ['warn', 'publishing failed'],
  'context-saved': ['debug', 'context saved'],
  'context-save-failed': ['warn', 'saving the context failed'],
  'context-compacted': ['info', 'context compacted'],
  'inbox-failed': ['error', 'reading or writing the inbox failed'],
  'recording-ended': ['info', 'recording ended'],
  'recording-failed': ['warn', 'the rest of the talk is not recorded'],
  'recordings-deleted': ['info', 'old recordings deleted'],
  'recordings-not-deleted': ['warn', 'old recordings could not be deleted'],
  'usage-save-failed': ['warn', 'saving what providers took failed'],
  'usage-lost': ['error', 'what providers took could not be saved'],
  'session-opened': ['info', 'session opened'],
  'session-left-behind': ['error', 'a session that no bot was asked for could not be removed'],
  'request-failed': ['error', 'request failed'],
  listening: ['info', 'listening'],
  warning: ['warn', 'warning'],
  'unexpected-error': ['error', 'unexpected error'],
};

/** Turns observations into log lines. The only place that knows how a fact reads in the log. */
export function observeInto(log: Log): Observe {
  return (observation) => {
    const { type, ...fields } = observation;
    const [level, message] = LINES[type];
    log[level](describeFields({ event: type, ...traceOf(observation), ...fields }), message);
  };
}

/** By it a line is found beside the turn's trace, and the other way round. */
function traceOf(observation: Observation): { readonly traceId?: string } {
  if (observation.session === undefined || !('turnId' in observation)) return {};
  const { session, turnId } = observation;
  return turnId === undefined ? {} : { traceId: traceOfTurn(session, turnId) };
}

function describeFields(fields: Record<string, unknown>): Record<string, unknown> {
  return 'error' in fields ? { ...fields, error: describeError(fields['error']) } : fields;
}

/**
 * What may be logged of an error. A foreign error's message is left out: a provider's may quote the
 * prompt that it refused. Its name, code and stack say where it came from.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (isTroupeError(error)) {
    const { kind, fault, service, message, retryable } = error;
    return { kind, fault, service, message, retryable };
  }
  if (!(error instanceof Error)) return { name: typeof error };
  return { name: error.name, code: codeOf(error), stack: stackOf(error) };
}

/** A code such as `ECONNRESET`; a vendor may put a text into its place. */
function codeOf(error: Error): string | undefined {
  const code = String((error as NodeJS.ErrnoException).code);
  return /^(?!undefined$)\w{1,40}$/.test(code) ? code : undefined;
}

/** The frames alone: a stack begins with the message, of which a line may look like a frame. */
function stackOf(error: Error): string | undefined {
  return error.stack
    ?.replace(error.message, '')
    .split('\n')
    .filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .join('\n');
}
