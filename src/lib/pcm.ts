/** A copy that falls to silence, evenly, by its end: sound that is cut clicks. */
export function fadeOut(pcm: Int16Array): Int16Array {
  return pcm.map((sample, at) => (sample * (pcm.length - at)) / pcm.length);
}

/** A copy that rises from silence, evenly, over its first `length` samples. */
export function fadeIn(pcm: Int16Array, length: number): Int16Array {
  return pcm.map((sample, at) => (at < length ? (sample * at) / length : sample));
}

/** A copy that is continued with silence until its length is a multiple of `unit`. */
export function padTo(pcm: Int16Array, unit: number): Int16Array {
  const padded = new Int16Array(Math.ceil(pcm.length / unit) * unit);
  padded.set(pcm);
  return padded;
}
