/**
 * Rebuilds a region instruction by instruction.
 *
 * Comes in: a region and what a pass does with each instruction. Goes out: the new region. Shared by the
 * passes so that none of them recurses: regions may nest thousands deep.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import { regions } from './regions.ts'

export type Compound = Extract<Instruction, { kind: 'if' | 'loop' }>
export type Plain = Exclude<Instruction, Compound>

/** Called in program order. */
export interface Rewriter {
  /** Before each region of a compound instruction, and after it, when its yields have been rewritten. */
  readonly enter?: (owner: Compound) => void
  readonly leave?: (owner: Compound) => void
  /** What stands in place of an instruction. */
  readonly plain: (instruction: Plain) => Instruction | undefined
  /** The same for a compound, given its new regions; the rest of it is as it was. */
  readonly compound: (instruction: Compound) => Instruction | undefined
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
  /** New regions of the compound at `next`. */
  inner: Region[]
}

const frame = (region: Region, owner: Compound | undefined): Frame => ({
  ...{ region, owner, instructions: [], next: 0, inner: [] },
})

export function rewriteRegion(root: Region, rewriter: Rewriter): Region {
  const stack: Frame[] = [frame(root, undefined)]
  for (;;) {
    const top = stack.at(-1)!
    const instruction = top.region.instructions[top.next]
    if (instruction === undefined) {
      const region = { instructions: top.instructions, yields: rewriter.yields(top.region, top.owner) }
      stack.pop()
      if (!top.owner) return region
      rewriter.leave?.(top.owner)
      stack.at(-1)!.inner.push(region)
    } else if (isCompound(instruction)) {
      const next = regions(instruction)[top.inner.length]
      if (next) {
        rewriter.enter?.(instruction)
        stack.push(frame(next, instruction))
      } else {
        for (const earlier of rewriter.before?.(instruction) ?? []) top.instructions.push(earlier)
        push(top, rewriter.compound(withRegions(instruction, top.inner)))
      }
    } else {
      push(top, rewriter.plain(instruction))
    }
  }
}

function push(top: Frame, instruction: Instruction | undefined): void {
  if (instruction) top.instructions.push(instruction)
  top.next++
  if (top.inner.length > 0) top.inner = []
}

function isCompound(instruction: Instruction): instruction is Compound {
  return instruction.kind === 'if' || instruction.kind === 'loop'
}

function withRegions(instruction: Compound, inner: readonly Region[]): Compound {
  if (instruction.kind === 'loop') return { ...instruction, body: inner[0]! }
  return { ...instruction, thenRegion: inner[0]!, elseRegion: inner[1]! }
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
