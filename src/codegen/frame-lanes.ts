/**
 * What can be computed for several frames at once, and what that costs.
 *
 * Comes in: an instruction of a frame loop. Goes out: whether all lanes of a vector can be computed together, and
 * estimates in scalar instructions a frame. A module of its own, as it is all a matter of machines.
 *
 * In single precision four frames fill a vector, in double two. Each lane has the bits of the scalar instruction.
 */
import type { CostOfCall } from './cost-flat.ts'
import type { Access } from './frame-memory.ts'
import type { Instruction, KernelType } from './kernel.ts'
import type { PairFunctions } from './pair-function.ts'
import { hasPairForm } from './pair-op.ts'

export interface Machine extends Pricing {
  readonly costOfCall: CostOfCall
}

/** What rough prices are made of. */
export interface Pricing {
  /** Frames in a vector. */
  readonly lanes: 2 | 4
  readonly pairFunction: PairFunctions['find']
  /** Instructions of a function and of those it usually calls. */
  readonly workOf: (name: string) => number
}

const fits = (lanes: 2 | 4, type: KernelType): boolean =>
  lanes === 2 ? type !== 'v128' : type === 'f32' || type === 'i32'

export function canRunInLanes(
  { lanes, pairFunction }: Machine,
  instruction: Instruction | undefined,
  access: Access | undefined,
  isConstant: (index: number) => boolean,
): boolean {
  switch (instruction?.kind) {
    case 'op':
      if (!fits(lanes, instruction.result.type) || !instruction.args.every(v => fits(lanes, v.type)))
        return false
      return hasPairForm(instruction.op, isConstant(1))
    case 'call':
      if (!instruction.result || !fits(lanes, instruction.result.type)) return false
      return (
        instruction.args.every(v => fits(lanes, v.type)) && pairFunction(instruction.function) !== undefined
      )
    case 'load':
      return fits(lanes, instruction.result.type)
    case 'store':
      return fits(lanes, instruction.value.type) && access?.kind !== 'anywhere'
    default:
      return false
  }
}

const DEAR: readonly (readonly [RegExp, number])[] = [
  [/\.(div|sqrt)$/, 4],
  [/trunc_sat/, 5],
  [/\.(floor|ceil|trunc|nearest)$/, 1.5],
  [/^f.*\.(min|max)$/, 2],
  [/^select$/, 1.5],
]

const known = new Map<string, number>()

function costOfOp(op: string): number {
  let found = known.get(op)
  if (found === undefined) {
    found = DEAR.find(([pattern]) => pattern.test(op))?.[1] ?? 1
    known.set(op, found)
  }
  return found
}

/** To find the place in a delay line; two places in two lanes are found by pairs as well. */
const costOfAddress = ({ lanes }: Pricing, access: Access | undefined): number =>
  access?.kind === 'ring' && lanes === 4 ? 2 : 0

/** Of one frame, computed alone. */
export function serialCost(machine: Pricing, instruction: Instruction, access?: Access): number {
  if (instruction.kind === 'op') return costOfOp(instruction.op)
  return instruction.kind === 'call'
    ? Math.max(1, machine.workOf(instruction.function))
    : 1 + costOfAddress(machine, access)
}

/** Of one frame, computed with its neighbours. */
export function laneCost(machine: Pricing, instruction: Instruction, access: Access | undefined): number {
  const { lanes } = machine
  if (instruction.kind === 'op') return Math.min(1.5, costOfOp(instruction.op)) / lanes
  if (instruction.kind === 'call') {
    // Both sides of branches; pairs of doubles where there is no function of four.
    const isWhole = lanes === 4 && machine.pairFunction(instruction.function, 4) !== undefined
    return (isWhole ? 0.3 : 0.55) * serialCost(machine, instruction)
  }
  if (instruction.kind === 'load' && (access?.kind === 'anywhere' || !access)) return 2.2
  return ((instruction.kind === 'load' ? 1 : 1.5) + costOfAddress(machine, access)) / lanes
}
