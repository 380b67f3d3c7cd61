import type { EventBody, Person } from '../conversation/events.ts';
import { meterFor } from '../cost/meter-for.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { SpeechToText, SttEvent, SttStream } from '../ports/speech-to-text.ts';
import { openPieces } from './pieces.ts';
import type { Pieces } from './pieces.ts';

/** How speech is transcribed. */
export interface TranscriptionSettings {
  /** BCP 47, or `undefined` where the provider is to find out. */
  readonly language: string | undefined;
  /** Names that are likely to be said: the bot's own. */
  readonly names: readonly string[];
  /** Finals below this do not count; 0 to 1. */
  readonly minConfidence: number;
}

export interface TranscriptionDeps {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly stt: SpeechToText;
  readonly settings: TranscriptionSettings;
}

/** What one speaker says becomes words, in the speaker's own time. */
export interface Transcription extends Pieces {
  isIdle(): boolean;
  /** Asks for the last words of what was pushed so far. */
  flush(): Flush;
  close(): void;
}

/** Last words that were asked for. */
export interface Flush {
  /** Resolves once they have come, or none will; `late`: not within so many ms. */
  within(limitMs: number): Promise<'come' | 'late'>;
}

/** Whose it is. */
interface Whose {
  readonly person: Person;
  readonly isSpeaking: () => boolean;
  /** Where in their sound it begins. */
  readonly fromMs: number;
}

/** Opens a transcription; `ended` is called once it has ended by itself. */
export function transcribe(
  { stt, settings, clock, observe }: TranscriptionDeps,
  { person, isSpeaking, fromMs }: Whose,
  post: (event: EventBody) => void,
  ended: () => void,
): Transcription {
  const { identity } = person;
  let flushed = Promise.withResolvers<'come'>();

  function hear(event: SttEvent): void {
    if (event.type === 'flushed') return answer();
    if (event.type === 'ended') return end(event.error);
    if (event.type === 'acknowledged') return;
    const final = event.type === 'final';
    if (final && event.confidence < settings.minConfidence) {
      return post({ type: 'words-dropped', identity });
    }
    const [audioFrom, audioTo] = [fromMs + event.audioFromMs, fromMs + event.audioToMs];
    post({ type: 'words-heard', person, text: event.text, final, audioFrom, audioTo });
  }

  /** It is the answer to the last flush, and so to those before it. */
  function answer(): void {
    flushed.resolve('come');
    flushed = Promise.withResolvers();
  }

  function end(error: unknown): void {
    if (error !== undefined) observe({ type: 'provider-failed', provider: stt.name, error });
    answer();
    ended();
  }

  const { language, names } = settings;
  const meter = meterFor({ observe });
  const stream: SttStream = stt.open({ language, names, isSpeaking, meter }, hear);
  const pieces = openPieces((pcm) => stream.push(pcm));
  return {
    ...pieces,
    isIdle: () => stream.isIdle(),
    flush() {
      const { promise } = flushed;
      pieces.hurry();
      stream.flush();
      return {
        async within(limitMs) {
          const late = Promise.withResolvers<'late'>();
          using _limit = clock.after(limitMs, () => late.resolve('late'));
          return await Promise.race([promise, late.promise]);
        },
      };
    },
    close: () => stream[Symbol.dispose](),
  };
}
