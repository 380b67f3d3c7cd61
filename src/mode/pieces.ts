/** Sound on its way to a provider: each piece costs a message, and mostly an acknowledgement. */
export interface Pieces {
  /** Sends it at once, behind what waits. */
  push(pcm: Int16Array): void;
  /** Lets it wait until {@link PIECE_FRAMES} frames are together: for sound that nobody waits for. */
  gather(pcm: Int16Array): void;
  /** Sends what waits. */
  hurry(): void;
}

/** 256 ms at most wait. */
const PIECE_FRAMES = 8;

export function openPieces(send: (pcm: Int16Array) => void): Pieces {
  let waiting: Int16Array[] = [];

  function hurry(): void {
    const frames = waiting;
    waiting = [];
    if (frames.length > 0) send(join(frames));
  }

  return {
    hurry,
    push(pcm) {
      hurry();
      send(pcm);
    },
    gather(pcm) {
      waiting.push(pcm);
      if (waiting.length >= PIECE_FRAMES) hurry();
    },
  };
}

function join(frames: readonly Int16Array[]): Int16Array {
  const [first] = frames;
  if (first !== undefined && frames.length === 1) return first;
  const pcm = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    pcm.set(frame, at);
    at += frame.length;
  }
  return pcm;
}
