/** Sound of visitors, both ways: 16 kHz, mono, 16 bit. */
export const SOUND_RATE = 16_000;

/** One side of a talk, in its own time; what was not written is silence. */
export interface Tape {
  /** Puts the sound where it belongs, or right behind what is there: frames come a little off. */
  write(atMs: number, pcm: Int16Array): void;
  samples(): Int16Array;
}

/** Opens a tape that begins at `startMs` of `performance.now()`. */
export function openTape(startMs: number): Tape {
  const frames: { readonly at: number; readonly pcm: Int16Array }[] = [];
  let end = 0;
  return {
    write(atMs, pcm) {
      const due = Math.max(0, Math.round(((atMs - startMs) / 1_000) * SOUND_RATE));
      const at = Math.abs(due - end) < JITTER ? end : Math.max(due, end);
      frames.push({ at, pcm });
      end = at + pcm.length;
    },
    samples() {
      const all = new Int16Array(end);
      for (const { at, pcm } of frames) all.set(pcm, at);
      return all;
    },
  };
}

const JITTER = SOUND_RATE * 0.12;

/** A WAV file of two sides, left and right. */
export function toWav(left: Int16Array, right: Int16Array): Uint8Array {
  const length = Math.max(left.length, right.length);
  const bytes = Buffer.alloc(HEADER + length * 4);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(HEADER - 8 + length * 4, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(SOUND_RATE, 24);
  bytes.writeUInt32LE(SOUND_RATE * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(length * 4, 40);
  for (let at = 0; at < length; at += 1) {
    bytes.writeInt16LE(left[at] ?? 0, HEADER + at * 4);
    bytes.writeInt16LE(right[at] ?? 0, HEADER + at * 4 + 2);
  }
  return bytes;
}

const HEADER = 44;
