/**
 * Rebuilds a region instruction by instruction.
 *
 * Comes in: a region and what a pass does with each instruction. Goes out: the new region. Shared by the
 * passes so that none of them recurses: regions may nest thousands deep.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import { type Compound, isCompound, type Plain } from './regions.ts'

export type { Compound, Plain } from './regions.ts'

/** Called in program order. */
export interface Rewriter {
  /** Before each region of a compound instruction, and after it, when its yields have been rewritten. */
  readonly enter?: (owner: Compound) => void
  readonly leave?: (owner: Compound) => void
  /** What stands in place of an instruction. */
  readonly plain: (instruction: Plain) => Instruction | undefined
  /** The same for a compound, given its new regions; the rest of it is as it was in `original`. */
  readonly compound: (instruction: Compound, original: Compound) => Instruction | undefined
  /** New yields of a region; of the whole when there is no owner. */
  readonly yields: (region: Region, owner: Compound | undefined) => readonly Value[]
  /** Instructions to put before a compound. */
  readonly before?: (owner: Compound) => readonly Instruction[]
}

interface Frame {
  readonly region: Region
  readonly owner: Compound | undefined
  readonly instructions: Instruction[]
  next: number
  /** The new first branch of the `if` at `next`, once there is one. */
  first: Region | undefined
}

const frame = (region: Region, owner: Compound | undefined): Frame => ({
  ...{ region, owner, instructions: [], next: 0, first: undefined },
})

export function rewriteRegion(root: Region, rewriter: Rewriter): Region {
  const around: Frame[] = []
  let top = frame(root, undefined)
  for (;;) {
    const owner = rewritePlain(top, rewriter)
    if (owner) {
      rewriter.enter?.(owner)
      around.push(top)
      top = frame(owner.kind === 'loop' ? owner.body : owner.thenRegion, owner)
      continue
    }
    const region = { instructions: top.instructions, yields: rewriter.yields(top.region, top.owner) }
    if (!top.owner) return region
    rewriter.leave?.(top.owner)
    const outer = around.at(-1)!
    if (top.owner.kind === 'if' && !outer.first) {
      outer.first = region
      rewriter.enter?.(top.owner)
      top = frame(top.owner.elseRegion, top.owner)
      continue
    }
    finishCompound(outer, top.owner, region, rewriter)
    top = around.pop()!
  }
}

/** Goes on to the next compound, or to the end. */
function rewritePlain(top: Frame, rewriter: Rewriter): Compound | undefined {
  const { instructions } = top.region
  while (top.next < instructions.length) {
    const instruction = instructions[top.next]!
    if (isCompound(instruction)) return instruction
    const updated = rewriter.plain(instruction)
    if (updated) top.instructions.push(updated)
    top.next++
  }
  return undefined
}

function finishCompound(outer: Frame, owner: Compound, last: Region, rewriter: Rewriter): void {
  const made: Compound =
    owner.kind === 'loop'
      ? { ...owner, body: last }
      : { ...owner, thenRegion: outer.first!, elseRegion: last }
  if (rewriter.before) for (const earlier of rewriter.before(owner)) outer.instructions.push(earlier)
  const updated = rewriter.compound(made, owner)
  if (updated) outer.instructions.push(updated)
  outer.first = undefined
  outer.next++
}

/** The instruction with other operands of its own; its regions stay. */
export function withOperands<I extends Instruction>(instruction: I, map: (value: Value) => Value): I {
  const i: Instruction = instruction
  switch (i.kind) {
    case 'const':
      return instruction
    case 'op':
    case 'call':
      return { ...i, args: i.args.map(map) } as Instruction as I
    case 'load':
      return { ...i, address: map(i.address) } as Instruction as I
    case 'store':
      return { ...i, address: map(i.address), value: map(i.value) } as Instruction as I
    case 'if':
      return { ...i, condition: map(i.condition) } as Instruction as I
    case 'loop':
      return { ...i, initial: i.initial.map(map), condition: map(i.condition) } as Instruction as I
  }
}
