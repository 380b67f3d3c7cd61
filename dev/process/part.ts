/** A part of the stack that can go away and come back, always on the same address. */
export interface Part {
  /** Ends it as a crash would: at once, without a word to its clients. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it answers. Does nothing while it runs. */
  start(): Promise<void>;
}

/** The lifetime of a part that belongs to somebody else. */
export function borrowedPart(name: string): Part & AsyncDisposable {
  async function refuse(): Promise<never> {
    throw new Error(`${name} is shared: open a stack of your own to stop it`);
  }
  return { stop: refuse, start: refuse, [Symbol.asyncDispose]: () => Promise.resolve() };
}
