/**
 * What evaluation writes down beside values, so that a later evaluation can write it down again.
 *
 * Comes in: notes, as they are taken while expressions are evaluated. Goes out: the same notes, in the order in which a new
 * evaluation would take them, when a value that an earlier one found is used (decision 0023). A stage of its own because
 * values can be kept as they are, but which definition names a box first, for example, is another question in each
 * version of a program.
 */
import type { Expression } from '../parser/ast.ts'
import type { SourceFile, Span } from '../source.ts'
import type { Box } from './box.ts'
import type { Environment } from './environment.ts'
import type { Metadata } from './modules.ts'

/** Each says something of a box that may be known already, or opens a file. */
export type Note =
  | { readonly kind: 'name'; readonly box: Box; readonly name: string; readonly file: SourceFile }
  | { readonly kind: 'callee'; readonly box: Box; readonly of: Box; readonly name: string | undefined }
  | { readonly kind: 'outputs'; readonly box: Box; readonly names: readonly string[] }
  | { readonly kind: 'closed'; readonly box: Box; readonly closed: Box }
  | { readonly kind: 'declared'; readonly metadata: Metadata }
  | { readonly kind: 'file'; readonly file: string; readonly at: Span }
  | {
      readonly kind: 'contents'
      readonly of: Extract<Expression, { kind: 'environment' }>
      readonly environment: Environment
    }

/** What was noted while a value was found, and the traces of the values that it needed, in order. */
export interface Trace {
  /** The last version of the program in which it counts. */
  version: number
  /** Of the definition that the value is of, whose note is the last step. */
  name: string | undefined
  readonly steps: (Note | Trace)[]
  /** While it is found: what it is needed for. */
  around: Trace | undefined
}

/** What is known of an expression in a layer, or of a box that is closed. */
export interface Memo {
  /** Undefined while it is on its way. */
  value: Box | undefined
  /** Where there are several versions of the program. */
  readonly trace: Trace | undefined
}

/** Of one evaluation. */
export class Journal {
  private readonly version: number | undefined
  private readonly carryOut: (note: Note) => void
  private current: Trace | undefined

  /** `version`: of the program, from 1; undefined where there is only one. */
  constructor(version: number | undefined, carryOut: (note: Note) => void) {
    this.version = version
    this.carryOut = carryOut
  }

  /** Whether what was noted may have to be noted again. */
  get records(): boolean {
    return this.version !== undefined
  }

  note(note: Note): void {
    this.carryOut(note)
    this.record(note)
  }

  /** A note that was carried out. */
  record(note: Note): void {
    this.current?.steps.push(note)
  }

  /** What is noted from now on belongs to a value that is being found, until `end` is told of it. */
  begin(): Memo {
    const { version, current } = this
    if (version === undefined) return { value: undefined, trace: undefined }
    const trace = { version, name: undefined, steps: [], around: current }
    current?.steps.push(trace)
    this.current = trace
    return { value: undefined, trace }
  }

  end(memo: Memo, value: Box): Box {
    memo.value = value
    if (memo.trace) this.close(memo.trace)
    return value
  }

  private close(trace: Trace): void {
    const { around, steps } = trace
    this.current = around
    trace.around = undefined
    // Most values have nothing noted of them but what they need has, if anything.
    if (around && steps.length <= 1) around.steps.splice(-1, 1, ...steps)
  }

  /** A value is used that was found before: in this version, which has its notes, or in an earlier one. */
  recall({ value, trace }: Memo): Box | undefined {
    if (trace && trace.steps.length > 0) {
      this.include(trace)
      if (trace.version !== this.version) this.play(trace)
    }
    return value
  }

  /** A value got its name. Whoever recalls its trace takes the note with it. */
  noteName(note: Extract<Note, { kind: 'name' }>, trace: Trace | undefined): void {
    if (!trace || trace.name !== undefined) {
      if (trace?.name !== note.name) this.note(note)
      return
    }
    this.carryOut(note)
    trace.name = note.name
    trace.steps.push(note)
    this.include(trace)
  }

  private include(trace: Trace): void {
    const steps = this.current?.steps
    if (steps && steps[steps.length - 1] !== trace) steps.push(trace)
  }

  /** Without the stack of the engine: values may need each other thousands deep. */
  private play(trace: Trace): void {
    const work: { readonly trace: Trace; next: number }[] = []
    const enter = (each: Trace) => {
      each.version = this.version!
      work.push({ trace: each, next: 0 })
    }
    enter(trace)
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const step = top.trace.steps[top.next++]
      if (step === undefined) work.pop()
      else if ('kind' in step) this.carryOut(step)
      else if (step.version !== this.version) enter(step)
    }
  }
}
