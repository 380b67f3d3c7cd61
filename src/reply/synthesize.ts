import { isTroupeError, TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { openScope } from '../lib/scope.ts';
import type { Scope } from '../lib/scope.ts';
import type { SpeechEvent, SpeechRequest, TextToSpeech } from '../ports/text-to-speech.ts';
import { slowMs } from './heard-words.ts';
import { SAMPLES_PER_MS } from './playhead.ts';
import type { Script } from './script.ts';

export interface SynthesizeDeps {
  readonly tts: TextToSpeech;
  readonly clock: Clock;
}

/** How long a provider may be silent that owes us sound. */
const SILENCE_LIMIT_MS = 4_000;
const ATTEMPTS = 2;

/**
 * Streams the sound of a script under a watchdog. Asks a second time only while nothing has come.
 * @throws TroupeError of the last attempt; ends in silence when `signal` aborts.
 */
export async function* synthesize(
  deps: SynthesizeDeps,
  request: SpeechRequest,
  script: Script,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent> {
  for (let attempt = 1; ; attempt += 1) {
    let begun = false;
    try {
      for await (const event of watch(deps, request, script, signal)) {
        begun = true;
        yield event;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      const isWorthIt = !begun && isTroupeError(error) && error.retryable;
      if (!isWorthIt || attempt === ATTEMPTS) throw error;
    }
  }
}

async function* watch(
  { tts, clock }: SynthesizeDeps,
  request: SpeechRequest,
  script: Script,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent> {
  using scope = openScope(signal);
  let samples = 0;
  let movedAt = clock.monotonicMs();
  const moved = (): void => void (movedAt = clock.monotonicMs());
  /** Between two sentences of a slow model a provider has nothing to say, and cannot tell so. */
  const isOwed = (): boolean =>
    script.isWhole() || samples / SAMPLES_PER_MS < slowMs(script.text()) / 3;
  const leftMs = (): number =>
    isOwed() ? movedAt + SILENCE_LIMIT_MS - clock.monotonicMs() : SILENCE_LIMIT_MS;
  const stream = tts.speak(request, noting(script.read(), moved), scope.signal);
  const events = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextWithin(clock, events, leftMs, scope);
      if (next.done === true) return;
      moved();
      if (next.value.type === 'audio') samples += next.value.pcm.length;
      yield next.value;
    }
  } finally {
    // Ends the work with the scope's end; not waited for, since a stalled provider never answers.
    events.return?.().catch(() => undefined);
  }
}

/** The text as the provider takes it; each piece, and the end, make it owe us sound anew. */
async function* noting(text: AsyncIterable<string>, moved: () => void): AsyncGenerator<string> {
  for await (const piece of text) {
    moved();
    yield piece;
  }
  moved();
}

async function nextWithin(
  clock: Clock,
  events: AsyncIterator<SpeechEvent>,
  leftMs: () => number,
  scope: Scope,
): Promise<IteratorResult<SpeechEvent>> {
  const look = (): Disposable => {
    const waitMs = leftMs();
    if (waitMs <= 0) scope.end(silent());
    return clock.after(Math.max(0, waitMs), () => void (timer = look()));
  };
  let timer = look();
  try {
    return await unlessAborted(events.next(), scope.signal);
  } finally {
    timer[Symbol.dispose]();
  }
}

function silent(): TroupeError {
  return new TroupeError(`the voice was silent for ${SILENCE_LIMIT_MS} ms`, {
    kind: 'timeout',
    fault: 'provider',
    service: 'tts',
  });
}
