/**
 * Levels that everybody agrees on.
 */

/** 40 dB above full scale: nobody wants to hear that. */
export const RUNAWAY = 100
