import { isTroupeError, TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { openReplay } from '../lib/replay.ts';
import { openScope } from '../lib/scope.ts';
import type { Slots } from '../lib/slots.ts';
import type { SpeechEvent, SpeechRequest, TextToSpeech } from '../ports/text-to-speech.ts';
import type { Health } from './health.ts';

/** A provider of voices, how it fares, and how much may be asked of it at the same time. */
export interface GuardedTts {
  readonly tts: TextToSpeech;
  readonly health: Health;
  readonly slots: Slots;
}

/** How long a request waits for a slot. */
const SLOT_WAIT_MS = 1_500;
/** How long a provider that has text may be silent before its first sound; after it others watch. */
const FIRST_SOUND_LIMIT_MS = 1_900;

/**
 * A voice made of several providers: each speech is asked of the first one that is well and free, and
 * begun anew with the next one where it fails before its first sound. `voiceOwner` names the provider
 * that `request.voice` is of; the others speak with their own default.
 */
export function withFallbackTts(
  clock: Clock,
  providers: readonly [GuardedTts, ...GuardedTts[]],
  voiceOwner: string,
): TextToSpeech {
  return {
    name: providers[0].tts.name,
    async warmUp() {
      await providers.find(({ health }) => health.isWell())?.tts.warmUp();
    },
    async *speak(request, text, signal) {
      const script = openReplay(text);
      let failure = nobody();
      let begun = false;
      try {
        for (const provider of providers) {
          if (!provider.health.mayAsk()) continue;
          const voice = provider.tts.name === voiceOwner ? request.voice : undefined;
          const asked = { ...request, voice };
          try {
            for await (const event of ask(clock, provider, asked, script.read(), signal)) {
              if (!begun) provider.health.servesInsteadOf(providers[0].health);
              begun = true;
              script.forget();
              yield event;
            }
            return;
          } catch (error) {
            if (begun || !isOfTts(error)) throw error;
            failure = error;
          }
        }
        if (!signal.aborted) throw failure;
      } finally {
        script.close();
      }
    },
  };
}

/** Asks one provider; gives nothing before there is something to hear. */
async function* ask(
  clock: Clock,
  { tts, health, slots }: GuardedTts,
  request: SpeechRequest,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent> {
  using slot = await slots.take(SLOT_WAIT_MS, signal);
  if (signal.aborted) return;
  if (slot === undefined) throw failure('quota', `${tts.name}: all slots are taken`);
  try {
    for await (const event of fromFirstSound(clock, tts, request, text, signal)) {
      if (event.type === 'audio') health.worked();
      yield event;
    }
  } catch (error) {
    if (!signal.aborted && isOfTts(error)) health.failed(error);
    if (!signal.aborted) throw error;
  }
  // Whoever listens gives up a provider that falls silent in the middle.
  if (isOfTts(signal.reason)) health.failed(signal.reason);
}

async function* fromFirstSound(
  clock: Clock,
  tts: TextToSpeech,
  request: SpeechRequest,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent> {
  using scope = openScope(signal);
  let limit: Timer | undefined;
  const owed = (): void => {
    limit ??= clock.after(FIRST_SOUND_LIMIT_MS, () =>
      scope.end(failure('timeout', `${tts.name} made no sound in ${FIRST_SOUND_LIMIT_MS} ms`)),
    );
  };
  const stream = tts.speak(request, noting(text, owed), scope.signal);
  const events = stream[Symbol.asyncIterator]();
  /** Words whose sound may never come. */
  const early: SpeechEvent[] = [];
  try {
    let next = await unlessAborted(events.next(), scope.signal);
    while (next.done !== true && next.value.type !== 'audio') {
      early.push(next.value);
      next = await unlessAborted(events.next(), scope.signal);
    }
    limit?.[Symbol.dispose]();
    yield* early;
    for (; next.done !== true; next = await events.next()) yield next.value;
  } finally {
    limit?.[Symbol.dispose]();
    // Ends the work with the scope's end; not waited for, since a stalled provider never answers.
    events.return?.().catch(() => undefined);
  }
}

async function* noting(text: AsyncIterable<string>, comes: () => void): AsyncGenerator<string> {
  for await (const piece of text) {
    comes();
    yield piece;
  }
}

function isOfTts(error: unknown): error is TroupeError {
  return isTroupeError(error) && error.service === 'tts';
}

function nobody(): TroupeError {
  return failure('unavailable', 'no provider of voices is well');
}

/** To ask again at once would find the same. */
function failure(kind: 'unavailable' | 'quota' | 'timeout', message: string): TroupeError {
  return new TroupeError(message, { kind, fault: 'provider', service: 'tts', retryable: false });
}
