/**
 * What the model's thread is asked. One window of each of some streams, as wide as the model reads
 * at once; or to keep nothing more of a stream.
 */
export type Question =
  | {
      readonly type: 'judge';
      /** Whose windows, in the order of the samples; each stream at most once. */
      readonly streams: readonly number[];
      readonly samples: Int16Array<ArrayBuffer>;
    }
  | { readonly type: 'forget'; readonly stream: number };

/** What it says: first that it has loaded the model, then one answer to each `judge`, in order. */
export type Answer =
  | { readonly type: 'loaded' }
  /** How surely each window of the batch holds speech, 0 to 1. */
  | { readonly type: 'judged'; readonly probabilities: Float32Array<ArrayBuffer> };
