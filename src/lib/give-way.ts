/**
 * For how long a save, a transcript of what was just said and the state of thinking let others go first,
 * in ms. The end of a turn sets much in motion on one thread, and of all that the model's request alone is
 * waited for by somebody who wants to hear: in ten rooms it left 33 ms after the decision (median of 40
 * turns of the bench voice-latency), and 12 once saves and transcripts gave way.
 */
export const GIVE_WAY_MS = 20;
