import { TroupeError } from '../errors.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { STT_SAMPLE_RATE } from '../ports/speech-to-text.ts';
import type { SpeechToText, SttEvent, SttOptions, SttStream } from '../ports/speech-to-text.ts';
import type { Health } from './health.ts';
import { openKeptSpeech } from './kept-speech.ts';
import { hasSeat, makeSeats, takeSeat } from './seats.ts';
import type { Seats, Sitter } from './seats.ts';
import { watchStall } from './stall-watch.ts';
import type { StallWatch } from './stall-watch.ts';

/** A provider of ears, how it fares, and how many streams it may have in this process. */
export interface GuardedStt {
  readonly stt: SpeechToText;
  readonly health: Health;
  readonly seats: Seats;
}

type Guarded = readonly [GuardedStt, ...GuardedStt[]];

/** Streams that one room may have, whoever serves them. */
const SEATS_OF_ROOM = 4;

/**
 * The ear of one room, made of several providers. A stream is opened at the first one that is well; one
 * that fails, or says nothing to 1 s of speech for 2 s, hands over to the next one, which hears again what
 * has not become words. Where seats are rare the idlest stream gives its own up until somebody speaks
 * there; sound for which there is no seat yet waits, the last 30 s of it.
 */
export function withFallbackStt(clock: Clock, providers: Guarded): SpeechToText {
  const room = makeSeats(SEATS_OF_ROOM);
  const serving = new Set<Leg>();
  const [{ stt: first }] = providers;
  return {
    name: first.name,
    get finalP99Ms() {
      const waits = [...serving].map(({ provider }) => provider.stt.finalP99Ms);
      return waits.length === 0 ? first.finalP99Ms : Math.max(...waits);
    },
    open: (options, listen) => openStream({ clock, providers, room, serving }, options, listen),
  };
}

interface StreamDeps {
  readonly clock: Clock;
  readonly providers: Guarded;
  readonly room: Seats;
  /** What serves the room now: the slowest of them is waited for. */
  readonly serving: Set<Leg>;
}

/** One provider's share of a stream. */
interface Leg {
  readonly provider: GuardedStt;
  readonly stream: SttStream;
  readonly seat: Disposable;
  readonly watch: StallWatch;
  /** Whether it has told anything. */
  told: boolean;
  /** Where the sound ends that was given to others before it, in ms. */
  readonly knownToMs: number;
}

/** Openings in a row that got no further: each provider once, or the only one twice. */
const MOST_FRUITLESS = 2;
/** A pause within a sentence is shorter. */
const IDLE_MS = 1_000;
/** How often a seat is looked for. */
const LOOK_MS = 100;

function openStream(
  { clock, providers, room, serving }: StreamDeps,
  options: SttOptions,
  listen: (event: SttEvent) => void,
): SttStream {
  const speech = openKeptSpeech();
  let leg: Leg | undefined;
  let order: readonly GuardedStt[] = providers;
  let fruitless = 0;
  let spokenAt = clock.monotonicMs();
  /** How far the flush goes that is waited for. */
  let flushMs: number | undefined;
  let looking: Timer | undefined;
  let ended = false;

  const sitter: Sitter = {
    idleSinceMs() {
      const isIdle = leg?.stream.isIdle() === true && clock.monotonicMs() - spokenAt >= IDLE_MS;
      return isIdle ? spokenAt : undefined;
    },
    rise: drop,
  };

  function drop(): void {
    const left = leg;
    leg = undefined;
    if (left !== undefined) serving.delete(left);
    left?.watch[Symbol.dispose]();
    left?.seat[Symbol.dispose]();
    left?.stream[Symbol.dispose]();
  }

  /** Opens a stream at a provider; false where there is no seat just now, or nobody to ask. */
  function sit(inNeed: boolean): boolean {
    const provider = order.find(
      ({ seats, health }) => hasSeat([room, seats], inNeed) && health.mayAsk(),
    );
    if (provider === undefined) return false;
    fruitless += 1;
    const { fromMs, pcm } = speech.read();
    /** What it tells before we have its stream. */
    const early: SttEvent[] = [];
    let isOpen = false;
    const told = (event: SttEvent): void => {
      if (!isOpen) early.push(event);
      else if (leg === own) hear(own, fromMs, event);
    };
    const own: Leg = {
      provider,
      seat: takeSeat([room, provider.seats], sitter),
      watch: watchStall(clock, () => fail(own, deaf(provider.stt.name))),
      told: false,
      knownToMs: speech.pushedMs(),
      stream: provider.stt.open(options, told),
    };
    leg = own;
    serving.add(own);
    isOpen = true;
    early.forEach(told);
    // It may have failed already: others serve then, or somebody looks for one.
    if (leg !== own) return true;
    give(own, pcm, speech.hasSpeech() ? 'speech' : 'silence');
    if (flushMs !== undefined) own.stream.flush();
    return true;
  }

  function give({ stream, watch }: Leg, pcm: Int16Array, what: 'speech' | 'silence'): void {
    if (pcm.length === 0) return;
    if (what === 'speech') watch.gave((pcm.length * 1_000) / STT_SAMPLE_RATE);
    stream.push(pcm);
  }

  /** Somebody speaks: looks for a seat until there is one. */
  function lookForSeat(): void {
    looking?.[Symbol.dispose]();
    looking = undefined;
    if (ended || leg !== undefined || sit(true)) return;
    if (order.every(({ health }) => !health.isWell())) return end(nobody());
    looking = clock.after(LOOK_MS, lookForSeat);
  }

  function hear(own: Leg, fromMs: number, event: SttEvent): void {
    if (event.type === 'ended') return onEnded(own, event.error ?? nobody());
    if (event.type === 'flushed') return onFlushed(own);
    own.watch.alive();
    own.provider.health.worked();
    if (!own.told) own.provider.health.servesInsteadOf(providers[0].health);
    own.told = true;
    const audioToMs = fromMs + event.audioToMs;
    if (event.type === 'final') speech.settle(audioToMs);
    // Who breaks at what others broke at would hear it again, and again.
    if (event.type === 'final' || audioToMs > own.knownToMs) fruitless = 0;
    if (event.type === 'acknowledged') return listen({ type: 'acknowledged', audioToMs });
    listen({ ...event, audioFromMs: fromMs + event.audioFromMs, audioToMs });
  }

  function onEnded(own: Leg, error: TroupeError): void {
    // Providers close a stream that is quiet for long: it is opened again when somebody speaks.
    const isMissed = !own.told || speech.hasSpeech() || flushMs !== undefined;
    if (isMissed || error.kind === 'auth') fail(own, error);
    else drop();
  }

  function onFlushed(own: Leg): void {
    // It gave up waiting for what it has never heard.
    if (own.watch.isOwed()) return fail(own, deaf(own.provider.stt.name));
    speech.settle(flushMs ?? 0);
    flushMs = undefined;
    listen({ type: 'flushed' });
  }

  function fail({ provider }: Leg, error: TroupeError): void {
    provider.health.failed(error);
    drop();
    order = [...providers.filter((one) => one !== provider), provider];
    if (fruitless >= MOST_FRUITLESS) return end(error);
    if (!sit(speech.hasSpeech())) lookForSeat();
  }

  function end(error: TroupeError | undefined): void {
    if (ended) return;
    ended = true;
    looking?.[Symbol.dispose]();
    drop();
    queueMicrotask(() => listen({ type: 'ended', error }));
  }

  sit(false);
  return {
    push(pcm) {
      if (ended || pcm.length === 0) return;
      const what = options.isSpeaking?.() === false ? 'silence' : 'speech';
      speech.push(pcm, what);
      if (what === 'speech') spokenAt = clock.monotonicMs();
      if (leg !== undefined) give(leg, pcm, what);
      else if (looking === undefined && speech.hasSpeech()) lookForSeat();
    },
    flush() {
      if (ended) return;
      if (leg === undefined && !speech.hasSpeech()) {
        return queueMicrotask(() => !ended && listen({ type: 'flushed' }));
      }
      flushMs = speech.pushedMs();
      leg?.stream.flush();
    },
    isIdle: () => leg?.stream.isIdle() ?? !speech.hasSpeech(),
    [Symbol.dispose]: () => end(undefined),
  };
}

function deaf(name: string): TroupeError {
  return failure('timeout', `${name} says nothing of what it hears`);
}

function nobody(): TroupeError {
  return failure('unavailable', 'no provider of ears is well');
}

function failure(kind: 'timeout' | 'unavailable', message: string): TroupeError {
  return new TroupeError(message, { kind, fault: 'provider', service: 'stt' });
}
