/**
 * How long a frame takes: an estimate for a whole program.
 *
 * Comes in: a module. Goes out: the loops in which its frames are computed, and cycles a frame. A module of its own:
 * passes ask it which of two ways to write a program is faster, and `--explain-cost` what a program costs.
 */
import { costOfLoop, costsOfCalls, type LoopCost } from './cost-loop.ts'
import type { Instruction, KernelModule, Value } from './kernel.ts'
import { everyInstruction } from './regions.ts'
import type { Loop } from './unroll.ts'

export interface FrameLoopCost extends LoopCost {
  readonly loop: Loop
  /** Frames that a turn computes. */
  readonly frames: number
}

/** What a loop costs each time it is begun and ended, in cycles. */
const BEGIN = 14
export interface FramesCost {
  readonly loops: readonly FrameLoopCost[]
  readonly cyclesPerFrame: number
}

/** `step` is what the counter grows by in a frame; divided, loops begin anew after `piece` frames. */
export function costOfFrames(module: KernelModule, step: number, piece = 64): FramesCost {
  const compute = module.functions.find(f => f.name === 'compute')
  const functions = new Map(module.functions.map(f => [f.name, f]))
  const costOfCall = costsOfCalls(name => functions.get(name))
  const loops: FrameLoopCost[] = []
  const constants = new Map<Value, number>()
  for (const i of compute ? everyInstruction(compute.body) : []) {
    if (i.kind === 'const' && i.result.type === 'i32') constants.set(i.result, Number(i.value))
  }
  for (const i of compute ? everyInstruction(compute.body) : []) {
    if (i.kind !== 'loop' || i.isBrief || !isInnermost(i)) continue
    // A counter that is counted in lanes is one of two frames.
    const grown = growth(i, constants) ?? 2 * step
    loops.push({ loop: i, frames: grown / step, ...costOfLoop(i, costOfCall) })
  }
  const begin = loops.length > 1 ? (BEGIN * loops.length) / piece : 0
  return { loops, cyclesPerFrame: loops.reduce((sum, l) => sum + l.cycles / l.frames, begin) }
}

function isInnermost({ body }: Loop): boolean {
  for (const i of everyInstruction(body)) if (i.kind === 'loop') return false
  return true
}

/** What a loop's counter grows by in a turn. */
function growth(loop: Loop, constants: ReadonlyMap<Value, number>): number | undefined {
  const definitions = new Map<Value, Instruction>()
  for (const i of loop.body.instructions) if (i.kind === 'op') definitions.set(i.result, i)
  let sum = 0
  let at = loop.body.yields[0]!
  while (at !== loop.carried[0]) {
    const definition = definitions.get(at)
    if (definition?.kind !== 'op' || definition.op !== 'i32.add') return undefined
    const [x, y] = definition.args as [Value, Value]
    const [step, rest] = constants.has(y) ? [y, x] : [x, y]
    if (!constants.has(step)) return undefined
    sum += constants.get(step)!
    at = rest
  }
  return sum
}
