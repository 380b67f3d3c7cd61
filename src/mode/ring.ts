/** The last sound that was heard. */
export interface Ring {
  push(pcm: Int16Array): void;
  /** A copy of what is kept, oldest first. */
  read(): Int16Array;
}

/** Keeps the last `capacity` samples. */
export function openRing(capacity: number): Ring {
  const kept = new Int16Array(capacity);
  let total = 0;
  return {
    push(pcm) {
      const last = pcm.length > capacity ? pcm.subarray(pcm.length - capacity) : pcm;
      const at = (total + pcm.length - last.length) % capacity;
      const head = last.subarray(0, capacity - at);
      kept.set(head, at);
      kept.set(last.subarray(head.length), 0);
      total += pcm.length;
    },
    read() {
      if (total < capacity) return kept.slice(0, total);
      const at = total % capacity;
      const sound = new Int16Array(capacity);
      sound.set(kept.subarray(at), 0);
      sound.set(kept.subarray(0, at), capacity - at);
      return sound;
    },
  };
}
