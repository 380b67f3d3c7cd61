/** A benchmark: takes its own command line, says what it does on stderr, returns its figures. */
export type Bench = (args: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
