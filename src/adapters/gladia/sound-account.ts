import { STT_SAMPLE_RATE } from '../../ports/speech-to-text.ts';

/**
 * Keeps account of one session's sound. The session counts all that it is sent, also the silence
 * that we put in; whoever listens counts what was pushed. Times in ms.
 */
export interface SoundAccount {
  pushed(samples: number): void;
  /** Silence that nobody pushed. */
  filled(samples: number): void;
  /** The provider has taken the session's sound up to this byte. */
  acknowledged(byte: number): void;
  /** A time of the session as one of what was pushed. */
  toPushedMs(sessionMs: number): number;
  /** Up to where what was pushed is taken. */
  takenMs(): number;
  /** How much sound of the session waits to be taken. */
  waitingMs(): number;
}

export function makeSoundAccount(): SoundAccount {
  /** Where in the session silence was put in, and how much, oldest first. */
  const fillings: { fromMs: number; ms: number }[] = [];
  let forgottenMs = 0;
  let sentMs = 0;
  let takenMs = 0;

  function toPushedMs(sessionMs: number): number {
    let inserted = forgottenMs;
    for (const { fromMs, ms } of fillings) {
      inserted += Math.min(ms, Math.max(0, sessionMs - fromMs));
    }
    return Math.max(0, sessionMs - inserted);
  }

  return {
    pushed: (samples) => void (sentMs += toMs(samples)),
    filled(samples) {
      const last = fillings.at(-1);
      if (last !== undefined && last.fromMs + last.ms === sentMs) last.ms += toMs(samples);
      else fillings.push({ fromMs: sentMs, ms: toMs(samples) });
      // Nothing comes any more that is older than several pauses.
      if (fillings.length > KEPT) forgottenMs += fillings.shift()?.ms ?? 0;
      sentMs += toMs(samples);
    },
    acknowledged: (byte) => void (takenMs = Math.max(takenMs, toMs(byte / 2))),
    toPushedMs,
    takenMs: () => toPushedMs(takenMs),
    waitingMs: () => sentMs - takenMs,
  };
}

function toMs(samples: number): number {
  return (samples * 1_000) / STT_SAMPLE_RATE;
}

const KEPT = 8;
