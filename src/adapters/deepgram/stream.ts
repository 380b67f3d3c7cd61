import type { TroupeError } from '../../errors.ts';
import type { Timer } from '../../lib/clock.ts';
import { backoffMs } from '../../lib/retry.ts';
import type { SttEvent, SttOptions, SttStream } from '../../ports/speech-to-text.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionDeps } from './connection.ts';
import { makeError } from './errors.ts';
import type { Results } from './messages.ts';
import { toCode, toQuery } from './query.ts';
import { makeUnfinishedSound } from './unfinished-sound.ts';

/** What a stream needs. */
export interface StreamDeps extends ConnectionDeps {
  readonly model: string;
  readonly random: () => number;
}

/**
 * Opens one speaker's stream over as many connections as it takes. Each begins with the sound whose
 * words are not final yet, and counts its time from there. A refusal at the very beginning ends the
 * stream, since who waits for it has a second provider; so do 30 s of sound that nobody answers.
 */
export function openStream(
  deps: StreamDeps,
  options: SttOptions,
  listen: (event: SttEvent) => void,
): SttStream {
  const { clock } = deps;
  const query = toQuery(deps.model, options);
  const told = options.language === undefined ? undefined : toCode(options.language);
  const sound = makeUnfinishedSound(WAITING_LIMIT_MS);
  let phase: 'opening' | 'open' | 'broken' | 'ended' = 'opening';
  let opened = 0;
  /** In a row, without any sound that was heard in between. */
  let failures = 0;
  let pause: Timer | undefined;
  /** Where in the stream's sound the connection's began; all in ms. */
  let zeroMs = 0;
  let heardMs = 0;
  /** Up to here the words have come, or will not. */
  let doneMs = 0;
  /** What the flush that is waited for is about. */
  let flushMs: number | undefined;
  let flushLimit: Timer | undefined;
  /** There is an interim that no final has replaced. */
  let unsettled = false;
  let connection = open();

  function open(): Connection {
    return connect(deps, query, { opened: onOpened, understood, lost });
  }

  function onOpened(): void {
    phase = 'open';
    opened += 1;
    zeroMs = sound.fromMs();
    for (const piece of sound.pieces()) connection.send(piece);
    if (flushMs !== undefined) askForFinals();
  }

  function lost(error: TroupeError): void {
    failures += 1;
    flushLimit?.[Symbol.dispose]();
    if (opened === 0 || !error.retryable || failures > COMEBACKS) return end(error);
    phase = 'broken';
    pause = clock.after(backoffMs(BACKOFF, failures, deps.random()), () => {
      phase = 'opening';
      connection = open();
    });
  }

  function understood(results: Results): void {
    const toMs = Math.min(sound.pushedMs(), zeroMs + results.toMs);
    if (toMs > heardMs) failures = 0;
    heardMs = Math.max(heardMs, toMs);
    tell({ type: 'acknowledged', audioToMs: heardMs });
    unsettled = !results.isFinal && results.text !== '';
    // An empty final after words takes nothing back: as others report, they had been said.
    if (results.text !== '') tellWords(results);
    if (!results.isFinal) return;
    doneMs = Math.max(doneMs, toMs);
    sound.finish(toMs);
    if (isAnswer(toMs, results.fromFinalize)) tellFlushed();
  }

  function tellWords({ text, confidence, language, isFinal, ...at }: Results): void {
    const times = { audioFromMs: zeroMs + at.saidFromMs, audioToMs: zeroMs + at.saidToMs };
    if (!isFinal) tell({ type: 'interim', text, ...times });
    else tell({ type: 'final', text, confidence, language: language ?? told, ...times });
  }

  /** A final that came by itself answers a flush only when nothing is left after it. */
  function isAnswer(toMs: number, fromFinalize: boolean): boolean {
    return flushMs !== undefined && toMs >= flushMs - (fromFinalize ? NEARLY_ALL_MS : ROUNDING_MS);
  }

  function askForFinals(): void {
    connection.finalize();
    // What is too short for it the provider does not answer.
    flushLimit = clock.after(FLUSH_LIMIT_MS, tellFlushed);
  }

  function tellFlushed(): void {
    flushLimit?.[Symbol.dispose]();
    doneMs = Math.max(doneMs, flushMs ?? 0);
    flushMs = undefined;
    unsettled = false;
    tell({ type: 'flushed' });
  }

  function tell(event: SttEvent): void {
    if (phase !== 'ended') listen(event);
  }

  function end(error: TroupeError | undefined): void {
    if (phase === 'ended') return;
    phase = 'ended';
    pause?.[Symbol.dispose]();
    flushLimit?.[Symbol.dispose]();
    connection[Symbol.dispose]();
    queueMicrotask(() => listen({ type: 'ended', error }));
  }

  return {
    push(pcm) {
      // An empty message would close the stream.
      if (phase === 'ended' || pcm.length === 0) return;
      const piece = sound.push(pcm);
      if (phase === 'open') connection.send(piece);
      if (sound.pushedMs() - heardMs > WAITING_LIMIT_MS) {
        end(makeError('unavailable', new Error(UNHEARD)));
      }
    },
    flush() {
      if (phase === 'ended') return;
      flushLimit?.[Symbol.dispose]();
      flushMs = sound.pushedMs();
      if (flushMs - doneMs <= ROUNDING_MS) queueMicrotask(tellFlushed);
      else if (phase === 'open') askForFinals();
    },
    isIdle: () =>
      flushMs === undefined &&
      !unsettled &&
      sound.pushedMs() - Math.max(heardMs, doneMs) <= NEARLY_ALL_MS,
    [Symbol.dispose]: () => end(undefined),
  };
}

const WAITING_LIMIT_MS = 30_000;
const UNHEARD = `over ${WAITING_LIMIT_MS / 1_000} s of sound were not answered`;
const COMEBACKS = 4;
const BACKOFF = { firstMs: 200, maxMs: 2_000 };
/** Three times what a final takes. */
const FLUSH_LIMIT_MS = 1_000;
/** What may be on its way when all is heard that matters. */
const NEARLY_ALL_MS = 500;
/** The provider counts in frames of its own. */
const ROUNDING_MS = 20;
