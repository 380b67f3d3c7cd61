/** What a frame costs that does not fit at all, in dB² of a band; also where one sounds alone. */
export const MISFIT = 60;
/** A frame of an unknown sound: a recording must fit better than this, for long enough. */
export const UNKNOWN = 24;
/** A faint frame that noise covers. */
export const COVERED = 8;
/** A frame of a recording that is made up or left out, as jitter buffers do. */
export const WARP = 8;
/** To begin a recording, and what each frame of it costs that is left out. */
export const ENTER = 10;
export const MISSED = 5;
/** To come into a recording that has begun. */
export const ENTER_INSIDE = 250;
/** To break a recording off. */
export const LEAVE_INSIDE = 160;
/** Paths that are this much dearer than the best are given up. */
export const BEAM = 380;
