import { STT_SAMPLE_RATE } from '../../ports/speech-to-text.ts';
import type { SttOptions } from '../../ports/speech-to-text.ts';

/** How a stream is asked for: with interims, and written as one writes. */
export interface Query {
  readonly model: string;
  readonly encoding: 'linear16';
  readonly sample_rate: number;
  readonly language: string;
  readonly interim_results: 'true';
  readonly punctuate: 'true';
  readonly endpointing: number;
  readonly keyterm?: string[];
}

/** Asks for a language without its region, which not every model has; `multi` finds out by itself. */
export function toQuery(model: string, { language, names = [] }: SttOptions): Query {
  // Older models refuse them; whether `multi` takes them was not to be found out.
  const takesNames = model.startsWith('nova-3') && language !== undefined;
  return {
    model,
    encoding: 'linear16',
    sample_rate: STT_SAMPLE_RATE,
    language: language === undefined ? 'multi' : toCode(language),
    interim_results: 'true',
    // `smart_format` would do it too, but holds finals back.
    punctuate: 'true',
    endpointing: ENDPOINTING_MS,
    ...(takesNames && names.length > 0 && { keyterm: [...names] }),
  };
}

/** A language as Deepgram names it. */
export function toCode(language: string): string {
  return new Intl.Locale(language).language;
}

/** Shorter cuts between words, longer holds finals back: turns are joined of finals anyway. */
const ENDPOINTING_MS = 100;
