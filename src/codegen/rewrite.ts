/**
 * Rebuilds a region instruction by instruction.
 *
 * Comes in: a region and what a pass does with each instruction. Goes out: the new region. Shared by the
 * passes so that none of them recurses: regions may nest thousands deep.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import { type Compound, indexOfCompound, isCompound, type Plain } from './regions.ts'

export type { Compound, Plain } from './regions.ts'

/** Called in program order. What is left out leaves things as they are. */
export interface Rewriter {
  /** Before each region of a compound instruction, and after it, when its yields have been rewritten. */
  readonly enter?: (owner: Compound) => void
  readonly leave?: (owner: Compound) => void
  /** What stands in place of an instruction. */
  readonly plain?: (instruction: Plain) => Instruction | undefined
  /** The same for a compound, given its new regions; the rest of it is as it was in `original`. */
  readonly compound?: (instruction: Compound, original: Compound) => Instruction | undefined
  /** New yields of a region; of the whole when there is no owner. */
  readonly yields?: (region: Region, owner: Compound | undefined) => readonly Value[]
  /** Instructions to put before a compound. */
  readonly before?: (owner: Compound) => readonly Instruction[]
}

interface Frame {
  readonly region: Region
  readonly owner: Compound | undefined
  /** What has been rewritten; undefined as long as nothing has changed. */
  made: Instruction[] | undefined
  next: number
  /** The new first branch of the `if` at `next`, once there is one. */
  first: Region | undefined
}

function frame(region: Region, owner: Compound | undefined): Frame {
  return { region, owner, made: undefined, next: 0, first: undefined }
}

/** A region in which nothing changes stays the same object, so that what is known of it is still known. */
export function rewriteRegion(root: Region, rewriter: Rewriter): Region {
  const around: Frame[] = []
  let top = frame(root, undefined)
  for (;;) {
    const owner = rewriter.plain ? rewritePlain(top, rewriter.plain) : skipPlain(top)
    if (owner) {
      rewriter.enter?.(owner)
      around.push(top)
      top = frame(owner.kind === 'loop' ? owner.body : owner.thenRegion, owner)
      continue
    }
    const region = finishRegion(top, rewriter)
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
function rewritePlain(top: Frame, plain: NonNullable<Rewriter['plain']>): Compound | undefined {
  const { instructions } = top.region
  let { made, next } = top
  for (; next < instructions.length; next++) {
    const instruction = instructions[next]!
    if (isCompound(instruction)) break
    const updated = plain(instruction)
    if (updated === instruction && !made) continue
    made ??= instructions.slice(0, next)
    if (updated) made.push(updated)
  }
  top.made = made
  top.next = next
  return instructions[next] as Compound | undefined
}

/** The same where plain instructions stay. */
function skipPlain(top: Frame): Compound | undefined {
  const { instructions } = top.region
  const from = top.next
  const next = indexOfCompound(instructions, from)
  if (top.made) for (let i = from; i < next; i++) top.made.push(instructions[i]!)
  top.next = next
  return instructions[next] as Compound | undefined
}

function finishRegion({ region, owner, made }: Frame, rewriter: Rewriter): Region {
  const yields = rewriter.yields ? rewriter.yields(region, owner) : region.yields
  if (!made && yields === region.yields) return region
  return { instructions: made ?? region.instructions, yields }
}

function finishCompound(outer: Frame, owner: Compound, last: Region, rewriter: Rewriter): void {
  const whole = withRegions(owner, outer.first, last)
  const earlier = rewriter.before ? rewriter.before(owner) : NOTHING
  const updated = rewriter.compound ? rewriter.compound(whole, owner) : whole
  if (updated !== owner || earlier.length > 0) outer.made ??= outer.region.instructions.slice(0, outer.next)
  if (outer.made) {
    for (const instruction of earlier) outer.made.push(instruction)
    if (updated) outer.made.push(updated)
  }
  outer.first = undefined
  outer.next++
}

const NOTHING: readonly Instruction[] = []

function withRegions(owner: Compound, first: Region | undefined, last: Region): Compound {
  if (owner.kind === 'loop') return last === owner.body ? owner : { ...owner, body: last }
  const isSame = first === owner.thenRegion && last === owner.elseRegion
  return isSame ? owner : { ...owner, thenRegion: first!, elseRegion: last }
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
