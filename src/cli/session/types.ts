/**
 * The REPL as plain data: what a session is, what it asks to be done, and what it is told. Types only.
 *
 * The core is two pure functions, `step` (a line was typed) and `respond` (something was done); what does the work
 * and the terminal know nothing but these types.
 */
import type { Control } from '../../core/program.ts'
import type { Diagnostic } from '../../diagnostics.ts'
import type { MigrationReport } from '../../runtime/migration-types.ts'
import type { PlayerStatus, SnapshotId, SwapOutcome } from '../../runtime/player-types.ts'

/** One statement of the program, and where the user wrote it. */
export interface Piece {
  readonly kind: 'definition' | 'import' | 'declare'
  /** What it defines, imports or declares: a later piece of the same kind and key replaces it. */
  readonly key: string
  /** `session`, or the name of a file. */
  readonly origin: string
  /** Of `text` in the text of its origin. */
  readonly offset: number
  readonly text: string
  /** Put around it by the session, as `process = ` around an expression. */
  readonly head: string
  readonly tail: string
}

/** The text of a program, and which part of it comes from where. */
export interface Composed {
  /** How diagnostics of the compiler call it. */
  readonly name: string
  readonly text: string
  readonly parts: readonly ComposedPart[]
  /** The definition that is the program, unless it is `process`. */
  readonly entry?: string
}

export interface ComposedPart {
  readonly start: number
  readonly end: number
  readonly origin: string
  readonly offset: number
}

/** One state of the program in the chain of undo and redo. */
export interface Version {
  readonly id: number
  readonly pieces: readonly Piece[]
  /** State of the player when this version was left. */
  readonly snapshot?: SnapshotId
}

/** What is known of the program that was compiled last. */
export interface ProgramFacts {
  readonly inputs: number
  readonly outputs: number
  readonly controls: readonly Control[]
}

export interface Session {
  /** Name of the program: that of the file, or `session`. */
  readonly name: string
  /** Every line that was typed, each with its line break. */
  readonly transcript: string
  /** Texts of the files that pieces come from. */
  readonly files: ReadonlyMap<string, string>
  /** What was typed of an input that is not complete yet, and where it begins in the transcript. */
  readonly pending: { readonly text: string; readonly offset: number } | undefined
  readonly versions: readonly Version[]
  /** Index of the version that is being edited. */
  readonly current: number
  /** Id of the version that was compiled last without errors; it is the one that sounds. */
  readonly running: number | undefined
  readonly program: ProgramFacts | undefined
  /** What ran before that, and comes back should it be muted. */
  readonly former:
    | { readonly running: number | undefined; readonly program: ProgramFacts | undefined }
    | undefined
  /** Expression that is measured beside the program, if the program that runs has one. */
  readonly tap: string | undefined
  readonly playing: boolean
  readonly status: PlayerStatus | undefined
  readonly report: MigrationReport | undefined
  readonly recording: string | undefined
  /** Whether anything went wrong so far; tells the exit code of a script. */
  readonly failed: boolean
  readonly nextId: number
}

/** How a measurement is shown. Times in seconds. */
export interface View {
  readonly kind: 'scope' | 'spectrum' | 'probe'
  readonly seconds: number
  readonly trigger: number | undefined
  readonly gain: number
  readonly offset: number
  /** Drawn again and again until a key is pressed. */
  readonly live: boolean
}

/** What an expression is asked for. */
export type Purpose =
  /** Typed by itself: shown, or played if it sounds. `offset` is its place in the transcript. */
  | { readonly kind: 'show'; readonly offset: number }
  | { readonly kind: 'type' }
  | { readonly kind: 'plot'; readonly seconds: number }
  | { readonly kind: 'tap'; readonly view: View }

export type Effect =
  /** A result. */
  | { readonly kind: 'print'; readonly text: string }
  /** A remark that a script does not want to see. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'diagnose'; readonly diagnostics: readonly Diagnostic[] }
  /** Compile, and put it in the place of what runs. */
  | {
      readonly kind: 'run'
      readonly version: number
      readonly source: Composed
      readonly restore?: SnapshotId
    }
  /** Find out what kind of thing the `process` of the source is. */
  | {
      readonly kind: 'evaluate'
      readonly source: Composed
      readonly expression: string
      readonly purpose: Purpose
    }
  | {
      readonly kind: 'plot'
      readonly source: Composed
      readonly expression: string
      readonly seconds: number
    }
  /** Run the source, whose first outputs are heard, and show the others; `source` is absent when it runs already. */
  | {
      readonly kind: 'tap'
      readonly source: Composed | undefined
      readonly expression: string
      /** First output that is shown, and how many. */
      readonly first: number
      readonly count: number
      readonly audible: number
      readonly view: View
    }
  | { readonly kind: 'draw'; readonly source: Composed; readonly file: string }
  | { readonly kind: 'listing'; readonly source: Composed; readonly file: string | undefined }
  | { readonly kind: 'set'; readonly address: string; readonly value: number }
  | { readonly kind: 'document'; readonly name: string; readonly source: Composed }
  | { readonly kind: 'play' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'record'; readonly file: string | undefined }
  | { readonly kind: 'save'; readonly file: string; readonly text: string }
  | { readonly kind: 'load'; readonly file: string }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'quit' }

/** What an expression turned out to be. */
export type Evaluated =
  /** Known before the first sample. */
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  /** `text` says more about each output, for `:type`. */
  | {
      readonly kind: 'block'
      readonly inputs: number
      readonly outputs: number
      readonly text: readonly string[]
    }
  | {
      readonly kind: 'function'
      readonly inputs: number
      readonly outputs: number
      readonly parameters: number
      readonly signature?: Signature | undefined
    }
  /** A function that says nothing of itself before it is called. */
  | { readonly kind: 'rules'; readonly signature: Signature }

/** How a function is called. */
export interface Signature {
  /** Of its parameters. */
  readonly names: readonly string[]
  /** As its library shows it: `_ : lowpass(N, fc) : _`. */
  readonly usage?: string
}

export type Response =
  | {
      readonly kind: 'ran'
      readonly version: number
      readonly program: ProgramFacts
      readonly outcome?: SwapOutcome
    }
  | {
      readonly kind: 'evaluated'
      readonly expression: string
      readonly purpose: Purpose
      readonly value: Evaluated
    }
  | { readonly kind: 'tapped'; readonly expression: string }
  /** From the compiler, with places in the source that it was given. */
  | { readonly kind: 'compiled'; readonly source: Composed; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'wrong'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'loaded'; readonly file: string; readonly text: string }
  /** The program was muted, and the one before it plays. */
  | { readonly kind: 'recovered' }
  | { readonly kind: 'playing'; readonly playing: boolean }
  | { readonly kind: 'recording'; readonly file: string | undefined }
  | { readonly kind: 'status'; readonly status: PlayerStatus }

export interface Step {
  readonly session: Session
  readonly effects: readonly Effect[]
}
