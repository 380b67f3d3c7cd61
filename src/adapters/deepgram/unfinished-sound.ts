import { STT_SAMPLE_RATE } from '../../ports/speech-to-text.ts';

/** The sound whose words are not final: a new connection must hear it again. Times in ms of all. */
export interface UnfinishedSound {
  /** Keeps a copy, and gives it as bytes. */
  push(pcm: Int16Array): Uint8Array;
  /** The words up to here are final. */
  finish(untilMs: number): void;
  /** Where what is kept begins. */
  fromMs(): number;
  pieces(): readonly Uint8Array[];
  /** How much was pushed in all. */
  pushedMs(): number;
}

/** Keeps `limitMs` at most, the newest. */
export function makeUnfinishedSound(limitMs: number): UnfinishedSound {
  const pieces: Uint8Array[] = [];
  let fromByte = 0;
  let pushedBytes = 0;

  function finish(untilMs: number): void {
    const untilByte = Math.min(pushedBytes, 2 * Math.round((untilMs * BYTES_PER_MS) / 2));
    while (fromByte < untilByte) {
      const [oldest] = pieces;
      if (oldest === undefined) return;
      const cut = Math.min(oldest.length, untilByte - fromByte);
      fromByte += cut;
      if (cut === oldest.length) pieces.shift();
      else pieces[0] = oldest.subarray(cut);
    }
  }

  return {
    push(pcm) {
      const piece = new Uint8Array(pcm.slice().buffer);
      pieces.push(piece);
      pushedBytes += piece.length;
      finish(pushedBytes / BYTES_PER_MS - limitMs);
      return piece;
    },
    finish,
    fromMs: () => fromByte / BYTES_PER_MS,
    pieces: () => pieces,
    pushedMs: () => pushedBytes / BYTES_PER_MS,
  };
}

const BYTES_PER_MS = (STT_SAMPLE_RATE * 2) / 1_000;
