/**
 * What boxes are values of: the definitions behind a box, beyond the one name that it has.
 *
 * Comes in: applications, as they are evaluated. Goes out: for a box the functions that gave it, outermost first,
 * and the files where its definitions stand. Apart from the boxes themselves because it only serves names: two
 * boxes are equal whatever they are called.
 */
import type { SourceFile } from '../source.ts'
import type { Box } from './box.ts'
import { IdMap } from './id-map.ts'

/** A function that a box is a value of: `lowpass` of `lowpass(1, 1000)`. */
export interface Callee {
  readonly name: string
  readonly file: SourceFile | undefined
}

/** One box may be the value of many functions that call each other; the outermost of them are enough. */
const MOST_CALLEES = 4
const NONE: readonly Callee[] = []

export class CalleeTable {
  /** Where the definition stands that names a box. */
  readonly files = new IdMap<Box, SourceFile>()
  /** What the outputs of a recursion are called inside: parameters of the function that is its left side. */
  readonly outputs = new IdMap<Box, readonly string[]>()
  private readonly callees = new IdMap<Box, readonly Callee[]>()

  /** Outermost first. */
  of(box: Box): readonly Callee[] {
    return this.callees.get(box) ?? NONE
  }

  add(box: Box, name: string, file: SourceFile | undefined): void {
    const known = this.of(box)
    if (known.some(c => c.name === name)) return
    this.callees.set(box, [{ name, file }, ...known].slice(0, MOST_CALLEES))
  }

  /** A box made from another is a value of the same definitions. */
  inherit(from: Box, to: Box): void {
    const file = this.files.get(from)
    if (file && !this.files.has(to)) this.files.set(to, file)
    const outputs = this.outputs.get(from)
    if (outputs && !this.outputs.has(to)) this.outputs.set(to, outputs)
    const callees = this.callees.get(from)
    if (callees && !this.callees.has(to)) this.callees.set(to, callees)
  }
}
