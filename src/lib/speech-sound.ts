/** A run of characters and when it sounds, in ms. */
export interface TimedText {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Sound and word times of one speech, made of what a provider sends. */
export interface SpeechSound {
  /** Takes 16-bit little-endian sound, cut anywhere; gives what can be passed on, its own array. */
  sound(bytes: Uint8Array): Int16Array | undefined;
  /** Takes words whose times count from the run's first sample. */
  words(words: readonly TimedText[]): void;
  /** The words whose times in the speech are known by now, once. */
  takeWords(): readonly TimedText[];
  /** The next sound begins another run, of which the words' times begin at 0 again. */
  nextRun(): void;
  /** Whether anything was to be heard yet. */
  isAudible(): boolean;
}

/** A bit of silence belongs to a word's start. */
const KEPT_SILENCE_MS = 40;

/** About -46 dB of full scale: breath and the noise of a synthesis are below. */
const AUDIBLE = 164;

/**
 * Opens one speech. Its leading silence, which some voices have 200 ms of, is cut to 40 ms: a
 * listener would wait for it. Words' times are shifted with it, and go on from run to run.
 */
export function openSpeechSound(sampleRate: number): SpeechSound {
  const kept = (KEPT_SILENCE_MS * sampleRate) / 1_000;
  const toMs = (samples: number): number => (samples * 1_000) / sampleRate;
  let oddByte: number | undefined;
  let silence = new Int16Array(0);
  let audible = false;
  let cut = 0;
  let taken = 0;
  let runFrom = 0;
  let waiting: TimedText[] = [];

  /** Whole samples, in memory of their own: what a socket gives is a view into its pool. */
  function toSamples(bytes: Uint8Array): Int16Array {
    const odd = oddByte === undefined ? [] : [oddByte];
    const joined = new Uint8Array(odd.length + bytes.length);
    joined.set(odd);
    joined.set(bytes, odd.length);
    oddByte = joined.length % 2 === 1 ? joined.at(-1) : undefined;
    return new Int16Array(joined.buffer, 0, joined.length >> 1);
  }

  function trim(pcm: Int16Array): Int16Array | undefined {
    const joined = new Int16Array(silence.length + pcm.length);
    joined.set(silence);
    joined.set(pcm, silence.length);
    const first = joined.findIndex((sample) => Math.abs(sample) > AUDIBLE);
    audible = first >= 0;
    const from = Math.max(0, (audible ? first : joined.length) - kept);
    cut += from;
    silence = audible ? new Int16Array(0) : joined.slice(from);
    return audible ? joined.slice(from) : undefined;
  }

  return {
    sound(bytes) {
      const pcm = toSamples(bytes);
      if (pcm.length === 0) return undefined;
      taken += pcm.length;
      return audible ? pcm : trim(pcm);
    },
    words(words) {
      const shift = toMs(runFrom);
      waiting.push(
        ...words.map(({ text, fromMs, toMs }) => ({
          text,
          fromMs: fromMs + shift,
          toMs: toMs + shift,
        })),
      );
    },
    takeWords() {
      // How much is cut is known only once there was something to hear.
      if (!audible) return [];
      const words = waiting;
      waiting = [];
      return words.map(({ text, fromMs, toMs: until }) => ({
        text,
        fromMs: Math.max(0, fromMs - toMs(cut)),
        toMs: Math.max(0, until - toMs(cut)),
      }));
    },
    nextRun() {
      oddByte = undefined;
      runFrom = taken;
    },
    isAudible: () => audible,
  };
}
