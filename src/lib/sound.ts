/** Sound as it comes in, kept for as long as it may have to be played again. Places are samples. */
export interface Sound {
  append(pcm: Int16Array): void;
  /** Where the sound ends so far. */
  length(): number;
  /** A copy of at most `length` samples from `from` on, which was not forgotten. */
  read(from: number, length: number): Int16Array;
  /** Lets go of what lies before `place`. */
  forget(place: number): void;
}

/** Opens a sound that is empty. */
export function openSound(): Sound {
  const chunks: { readonly from: number; readonly pcm: Int16Array }[] = [];
  let end = 0;
  return {
    append(pcm) {
      if (pcm.length === 0) return;
      chunks.push({ from: end, pcm });
      end += pcm.length;
    },
    length: () => end,
    read(from, length) {
      const to = Math.min(end, from + length);
      const copy = new Int16Array(Math.max(0, to - from));
      for (const chunk of chunks) {
        if (chunk.from >= to) break;
        const skipped = Math.max(0, from - chunk.from);
        const part = chunk.pcm.subarray(skipped, to - chunk.from);
        if (part.length > 0) copy.set(part, chunk.from + skipped - from);
      }
      return copy;
    },
    forget(place) {
      const kept = chunks.findIndex(({ from, pcm }) => from + pcm.length > place);
      chunks.splice(0, kept === -1 ? chunks.length : kept);
    },
  };
}
