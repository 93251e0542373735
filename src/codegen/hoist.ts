/**
 * Moves what does not change inside a loop to before it.
 *
 * Comes in: a kernel module. Goes out: the same with pure instructions and constant loads in front of the
 * outermost loop that does not define their operands. A pass of its own; it makes conditional work of a frame
 * unconditional work of a block, so it only moves out of an `if` what cannot trap.
 */
import type { Instruction, KernelFunction } from './kernel.ts'
import { perFunction } from './per-function.ts'
import { definitions, operands, profileOf, TRAPPING } from './regions.ts'
import { type Compound, type Plain, rewriteRegion } from './rewrite.ts'

interface Loop {
  readonly hoisted: Instruction[]
  /** `if`s around the loop, inside the function. */
  readonly conditions: number
}

export const hoist = perFunction(hoistFunction)

function hoistFunction(f: KernelFunction, pure: ReadonlySet<string>): KernelFunction {
  if (!profileOf(f).hasLoop) return f
  const loops: Loop[] = []
  const finished = new Map<Compound, Loop>()
  /** How many loops are around the definition of a value, by id. */
  const depth = new Int32Array(profileOf(f).ids)
  let conditions = 0
  let moved = 0
  const define = (instruction: Instruction, level: number) => {
    const defined = definitions(instruction)
    for (let k = 0; k < defined.length; k++) depth[defined[k]!.id] = level
  }
  const plain = (instruction: Plain): Instruction | undefined => {
    let level = 0
    const used = operands(instruction)
    for (let k = 0; k < used.length; k++) level = Math.max(level, depth[used[k]!.id]!)
    const outer = loops[level]
    const stays = !outer || !movable(instruction, pure, conditions > outer.conditions)
    define(instruction, stays ? loops.length : level)
    if (stays) return instruction
    outer.hoisted.push(instruction)
    moved++
    return undefined
  }
  const body = rewriteRegion(f.body, {
    plain,
    enter: owner => {
      if (owner.kind === 'if') conditions++
      else {
        loops.push({ hoisted: [], conditions })
        for (const { id } of owner.carried) depth[id] = loops.length
      }
    },
    leave: owner => {
      if (owner.kind === 'if') conditions--
      else finished.set(owner, loops.pop()!)
    },
    before: owner => finished.get(owner)?.hoisted ?? [],
    compound: instruction => {
      define(instruction, loops.length)
      return instruction
    },
  })
  return moved > 0 ? { ...f, body } : f
}

function movable(instruction: Plain, pure: ReadonlySet<string>, isConditional: boolean): boolean {
  switch (instruction.kind) {
    case 'const':
      return true
    case 'op':
      return !(isConditional && TRAPPING.test(instruction.op))
    case 'load':
      return instruction.constant && !isConditional
    case 'call':
      return pure.has(instruction.function)
    case 'store':
      return false
  }
}
