import { makeSeats } from '../../src/resilience/seats.ts';
import { watchHealth } from '../../src/resilience/health.ts';
import { withFallbackStt } from '../../src/resilience/fallback-stt.ts';
import type { GuardedStt } from '../../src/resilience/fallback-stt.ts';
import type { SttEvent, SttOptions } from '../../src/ports/speech-to-text.ts';
import type { TroupeError } from '../../src/errors.ts';
import { openHandClock } from '../support/hand-clock.ts';

/** A stream as the provider's side has it; nothing is told within a call, but `atOpen`. */
export interface ManualStream {
  readonly options: SttOptions;
  readonly tell: (event: Exclude<SttEvent, { readonly type: 'ended' }>) => void;
  readonly fail: (error: TroupeError | undefined) => void;
  /** Ms of sound, and of such as is not all zeros. */
  pushedMs: number;
  loudMs: number;
  flushes: number;
  closed: boolean;
  idle: boolean;
}

interface SttWorldOptions {
  readonly seats?: number;
  readonly providers?: readonly string[];
  /** What a provider does within the call that opens a stream. */
  readonly atOpen?: Readonly<Record<string, (stream: ManualStream) => void>>;
}

/** Two providers in our hands, `one` and `two`, and rooms whose ears are made of both. */
export function openSttWorld({
  seats = 10,
  providers = ['one', 'two'],
  atOpen = {},
}: SttWorldOptions = {}) {
  const clock = openHandClock();
  const observed: string[] = [];
  const deps = {
    clock,
    observe: (seen: { readonly type: string; readonly provider?: string }) =>
      void observed.push(`${seen.type} ${seen.provider}`),
  };
  const streams: Record<string, ManualStream[]> = {};
  const guards = providers.map((name): GuardedStt => {
    const own: ManualStream[] = (streams[name] = []);
    return {
      stt: {
        name,
        finalP99Ms: name.length * 100,
        open(options, listen) {
          const counts = { pushedMs: 0, loudMs: 0, flushes: 0, closed: false, idle: true };
          const stream: ManualStream = {
            ...counts,
            options,
            tell: listen,
            fail: (error) => listen({ type: 'ended', error }),
          };
          own.push(stream);
          atOpen[name]?.(stream);
          return {
            push(pcm) {
              stream.pushedMs += pcm.length / 16;
              stream.loudMs += pcm.filter((sample) => sample !== 0).length / 16;
            },
            flush: () => void (stream.flushes += 1),
            isIdle: () => stream.idle,
            [Symbol.dispose]: () => void (stream.closed = true),
          };
        },
      },
      health: watchHealth(deps, name),
      seats: makeSeats(seats),
    };
  });
  const openRoom = () => withFallbackStt(clock, guards as unknown as [GuardedStt, ...GuardedStt[]]);
  const room = openRoom();
  return {
    clock,
    observed,
    streams: (name: string): readonly ManualStream[] => streams[name] ?? [],
    health: (name: string) => guards[providers.indexOf(name)]!.health,
    room,
    openRoom,
    /** One speaker of a room: what was told, and sound in frames of 50 ms: `#` speech, however soft. */
    speaker: (of = room) => {
      const told: SttEvent[] = [];
      let speaks = false;
      const options = { language: 'en', isSpeaking: () => speaks };
      const stream = of.open(options, (event) => void told.push(event));
      return {
        stream,
        told,
        types: () => told.map(({ type }) => type),
        hears(ms: number, what: '#' | '.' = '#') {
          for (let at = 0; at < ms; at += 50) {
            clock.pass(50);
            speaks = what === '#';
            stream.push(new Int16Array(800).fill(speaks ? 20 : 0));
          }
        },
      };
    },
  };
}

/** Words of a stream, by its own time. */
export function words(type: 'interim' | 'final', text: string, audioToMs: number) {
  const times = { audioFromMs: audioToMs - 500, audioToMs };
  if (type === 'interim') return { type, text, ...times };
  return { type, text, confidence: 0.9, language: 'en', ...times };
}
