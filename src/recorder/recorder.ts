import type { Command } from '../conversation/commands.ts';
import type { ConversationDeps } from '../conversation/conversation.ts';
import type { ConversationEvent } from '../conversation/events.ts';
import { reduce } from '../conversation/reduce.ts';
import { initialState } from '../conversation/state.ts';
import type { ConversationPolicy, ConversationState } from '../conversation/state.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Recordings } from '../ports/recordings.ts';
import { applyDelta, deltaOf, plain } from './delta.ts';
import { fileNameOf } from './file-name.ts';
import { outline } from './outline.ts';
import { FORMAT, stateOfHead, toState } from './recording.ts';
import type { RecordedStep, RecordingEnd, RecordingHead } from './recording.ts';
import { asItIs, makeRedact } from './redact.ts';

/** Which talk is recorded. */
export type RecordingSubject = Pick<RecordingHead, 'room' | 'session' | 'epoch' | 'character'>;

export interface RecorderDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly recordings: Recordings;
}

/** Records one talk. */
export interface Recorder extends AsyncDisposable {
  /** Takes what the conversation's tap sees; never throws and never waits. */
  readonly take: NonNullable<ConversationDeps['tap']>;
}

/**
 * Opens the recording of a talk that begins now. A redacted one does not hold the talk's events but
 * copies in other words, and what the core makes of those: so it can be replayed as it stands. `policy`
 * is asked at each event, as the conversation asks it.
 */
export function openRecorder(
  { clock, observe, random, recordings }: RecorderDeps,
  subject: RecordingSubject,
  policy: () => ConversationPolicy,
): Recorder {
  const at = clock.monotonicMs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const file = fileNameOf({ ...subject, startedAt });
  // By value: some rules are asked of others each time they are read.
  const rulesNow = (): ConversationPolicy => plain(policy()) as ConversationPolicy;
  let rules = rulesNow();
  const { withText, maxBytes, version } = recordings;
  const redact = withText ? asItIs : makeRedact({ ...listenedTo(rules), random });
  let state = initialState(at);
  let [events, bytes] = [0, 0];
  let closing: Promise<void> | undefined;
  let failed = false;
  const sink = recordings.open(file, fail);

  function take(event: ConversationEvent, live: ConversationState, done: readonly Command[]): void {
    if (closing !== undefined || failed) return;
    try {
      write(makeStep(event, live, done));
    } catch (error) {
      fail(error);
      void end('failed', events);
    }
  }

  function makeStep(
    event: ConversationEvent,
    live: ConversationState,
    done: readonly Command[],
  ): RecordedStep {
    const now = rulesNow();
    const changed = deltaOf(rules, now) === undefined ? undefined : now;
    rules = now;
    const copy = redact(event);
    const next = reduce(state, copy, rules);
    const changes = deltaOf(state, next.state) ?? {};
    state = next.state;
    const diverged = hasDiverged(next.commands, done) ? follow(live, done) : undefined;
    events += 1;
    return { n: events, policy: changed, event: copy, changes, commands: next.commands, diverged };
  }

  /** From here on the copy is where the talk is. */
  function follow(live: ConversationState, done: readonly Command[]): RecordedStep['diverged'] {
    const changes = deltaOf(state, redact(live)) ?? {};
    state = toState(applyDelta(plain(state), changes));
    return { live: done.map(outline), changes };
  }

  function write(entry: RecordedStep | RecordingHead): void {
    const line = JSON.stringify(entry);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes - TAIL_BYTES) void end('size-limit', events - 1);
    else if (!sink.write(line)) void end('disk-behind', events - 1);
  }

  function end(how: RecordingEnd, whole: number): Promise<void> {
    closing = close(how, whole);
    return closing;
  }

  async function close(how: RecordingEnd, whole: number): Promise<void> {
    await sink.close(JSON.stringify({ ended: how, events: whole }));
    if (!failed) observe({ type: 'recording-ended', file, how, events: whole });
  }

  function fail(error: unknown): void {
    if (failed) return;
    failed = true;
    observe({ type: 'recording-failed', file, error });
  }

  write({
    troupeRecording: FORMAT,
    version,
    startedAt,
    ...subject,
    redacted: !withText,
    at,
    policy: rules,
    state: stateOfHead(at),
  });
  return {
    take,
    [Symbol.asyncDispose]: async () => {
      if (!failed) await (closing ?? end('complete', events));
    },
  };
}

/** Names that the bot listens to stay what they are: they are the character's, not the people's. */
function listenedTo({ botName, addressing, voiceIds }: ConversationPolicy) {
  return { names: [botName, ...addressing.names, ...addressing.phrases], voiceIds };
}

/** Whether the copy did something else than the talk. */
function hasDiverged(copied: readonly Command[], done: readonly Command[]): boolean {
  return JSON.stringify(copied.map(outline)) !== JSON.stringify(done.map(outline));
}

/** What the last line may need. */
const TAIL_BYTES = 100;
