/**
 * For how long a save, or a transcript of what was just said, lets others go first, in ms. The end of a
 * turn sets much in motion on one thread, and of all that the model's request alone is waited for by
 * somebody who wants to hear: in ten rooms it left 33 ms after the decision, and leaves after 12.
 */
export const GIVE_WAY_MS = 20;
