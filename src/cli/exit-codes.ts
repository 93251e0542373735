/** What the exit code of `dspc` tells a script. */
export const EXIT = {
  ok: 0,
  /** The program has errors. */
  program: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A file cannot be read or written. */
  file: 3,
  /** Sound cannot be played here. */
  audio: 4,
  /** A fault while running: of the compiled program, or of dspc. */
  fault: 5,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
