/** Something that `troupe check` found wrong with a service. */
export interface Finding {
  /**
   * `error`: the service does not work, or talks can be lost or doubled by it; `warning`: it works,
   * but less well, or only up to a size.
   */
  readonly severity: 'error' | 'warning';
  /** What is wrong; a part of a sentence. */
  readonly what: string;
  /** Why that matters; a part of a sentence. */
  readonly why?: string;
  /** Lines for a shell that mend it. */
  readonly mend?: readonly string[];
}
