/** Where the recordings of talks go. */
export interface Recordings {
  /** Begins one under a name that no other has. Never throws and never waits. */
  open(name: string, told: (failure: unknown) => void): RecordingSink;
  /** Most bytes that a recording may have. */
  readonly maxBytes: number;
  /** Whether what was said, and who said it, is recorded as it was. */
  readonly withText: boolean;
  /** The product's version. */
  readonly version: string;
}

/** One recording under way. A failure is told once; after it, all that comes is dropped. */
export interface RecordingSink {
  /** Takes a line, without its end; `false` where too much waits to be written already. */
  write(line: string): boolean;
  /** Takes a last line, and resolves when all is written or the time for that is over; never rejects. */
  close(line: string): Promise<void>;
}
