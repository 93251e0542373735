/**
 * What an output of sound is: one interface, so that the render loop does not know where its frames go.
 */

/** Of the samples that an output is given: interleaved 32-bit floats. */
export interface StreamFormat {
  readonly channels: number
  readonly sampleRate: number
  /** Most frames of one write. */
  readonly mostFrames: number
  /** How many frames will come in all, if that is known. */
  readonly frames?: number | undefined
  /** Frames that wait in the output, wanted; Infinity: as many as it takes. */
  readonly latency: number
}

/** Writes that may be under way at a time. */
export const MOST_WRITES = 8

export interface Output {
  /** What the output makes of the program's channels: devices get at least two. */
  readonly leastChannels: number
  /** Whether it plays by a clock of its own and slows its writes down when it has enough. */
  readonly device: boolean
  open(format: StreamFormat): Promise<void>
  /**
   * Takes interleaved samples. They must not change until `done`, which says that more may come; it is called once,
   * at once or later.
   */
  write(samples: Float32Array, done: () => void): void
  /** All that was written is heard; then closes. */
  drain(): Promise<void>
  /** Closes at once. */
  stop(): void
}

/** Why an output cannot be used, or went away. The key of a message of the table, with its arguments. */
export type OutputFault =
  | { readonly name: 'speakerMissing' }
  | { readonly name: 'speakerNotBuilt' }
  | { readonly name: 'noSoundDevice'; readonly reason: string }
  | { readonly name: 'playerMissing'; readonly command: string }
  | { readonly name: 'outputFailed'; readonly output: string; readonly reason: string }
  | { readonly name: 'outputUnwritable'; readonly file: string; readonly reason: string }
  /** The reader of a pipe has enough: no failure. */
  | { readonly name: 'readerGone' }

export class OutputError extends Error {
  readonly fault: OutputFault

  constructor(fault: OutputFault) {
    super(fault.name)
    this.fault = fault
  }
}

export interface OutputOptions {
  readonly device?: string | undefined
  /** The output cannot go on. At most once. */
  readonly failed: (fault: OutputFault) => void
}

/** Checks that the output can be used, as far as that goes without opening it. Rejects with OutputError. */
export type Backend = (options: OutputOptions) => Promise<Output>

/** What an output that only keeps time pretends to hold at most, in seconds. */
export const CLOCKED_SECONDS = 0.5
