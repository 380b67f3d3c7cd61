/** Sound of visitors, both ways: 16 kHz, mono, 16 bit. */
export const SOUND_RATE = 16_000;

/** One side of a talk, in its own time; what was not written is silence. */
export interface Tape {
  /** Keeps a frame that came then: on time, or late where others follow at once. */
  write(atMs: number, pcm: Int16Array): void;
  /** Each frame where it belongs, right behind the one before where only jitter parts them. */
  samples(): Int16Array;
}

/** Opens a tape that begins at `startMs` of `performance.now()`. */
export function openTape(startMs: number): Tape {
  const frames: Frame[] = [];
  return {
    write(atMs, pcm) {
      const at = Math.max(0, Math.round(((atMs - startMs) / 1_000) * SOUND_RATE));
      frames.push({ at, pcm });
    },
    samples() {
      const placed = inLine(frames);
      const last = placed.at(-1);
      const all = new Int16Array(last === undefined ? 0 : last.at + last.pcm.length);
      for (const { at, pcm } of placed) all.set(pcm, at);
      return all;
    },
  };
}

interface Frame {
  /** Its first sample. */
  readonly at: number;
  readonly pcm: Int16Array;
}

const JITTER = SOUND_RATE * 0.12;

/** A frame cannot have been due later than the next one allows: of a burst only the last is on time. */
function inLine(frames: readonly Frame[]): readonly Frame[] {
  let latest = Infinity;
  const due = frames.toReversed().map(({ at, pcm }) => {
    latest = Math.min(at, latest - pcm.length);
    return { at: latest, pcm };
  });
  let end = 0;
  return due.toReversed().map(({ at, pcm }) => {
    const place = at - end < JITTER ? end : at;
    end = place + pcm.length;
    return { at: place, pcm };
  });
}

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
