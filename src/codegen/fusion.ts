/**
 * Merges loops that run over the same piece one after another.
 *
 * Comes in: a module whose divided loops are in lanes and transposed. Goes out: the same; what one loop handed to the
 * next through memory stays in registers where both now do the same frames in a turn. A pass of its own: before
 * transposition serial loops go by single frames, and which loops do not is seen only after it.
 *
 * Loops of a piece may run turn by turn in their order (frame-plan: what a delay line brings is as old as a piece, or
 * was written earlier in the same turn). What remains to be looked at are rooms, in which a later turn must find what
 * it found before.
 */
import { costOfLoop, costsOfCalls } from './cost-loop.ts'
import { type Joined, joinLoops } from './fusion-join.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { operationsOf } from './memory-order.ts'
import { replaceLoop } from './pairs.ts'
import { everyInstruction } from './regions.ts'
import type { Loop } from './unroll.ts'

export interface FusionOptions {
  /** Merges whatever it costs: for tests. */
  readonly always?: boolean
}

/** Loads that must be spared, and part of the time that may be left: a longer loop is harder on registers. */
const LEAST_SPARED = 8
const WORTH = 0.95

export function fuseLoops(module: KernelModule, { always = false }: FusionOptions = {}): KernelModule {
  const compute = module.functions.find(f => f.name === 'compute')
  const owner = compute && loopOverPieces(compute)
  if (!owner) return module
  const functions = new Map(module.functions.map(f => [f.name, f]))
  const costOfCall = costsOfCalls(name => functions.get(name))
  const cycles = (loop: Loop) => costOfLoop(loop, costOfCall).cycles
  const isWorth = ({ loop, spared }: Joined, earlier: Loop, later: Loop) =>
    spared.length >= LEAST_SPARED && cycles(loop) <= WORTH * (cycles(earlier) + cycles(later))
  const joining = { defined: operationsOf(compute), counters: new Set<Value>(), reads: countReads(compute) }
  const made: Instruction[] = []
  for (const instruction of owner.body.instructions) {
    const at = isPiece(instruction) ? made.findLastIndex(isPiece) : -1
    const [earlier, later] = [made[at] as Loop, instruction as Loop]
    const joined = at < 0 ? undefined : joinLoops(joining, earlier, made.slice(at + 1), later)
    if (!joined || !(always || isWorth(joined, earlier, later))) {
      made.push(instruction)
      continue
    }
    for (const space of joined.spared) joining.reads.set(space, joining.reads.get(space)! - 1)
    made.splice(at, made.length - at, ...joined.before, joined.loop, ...joined.after)
  }
  if (made.length === owner.body.instructions.length) return module
  const body = { ...owner.body, instructions: made }
  const merged = replaceLoop(compute, owner.results, [{ ...owner, body }])
  return { ...module, functions: module.functions.map(f => (f === compute ? merged : f)) }
}

function countReads({ body }: KernelFunction): Map<string, number> {
  const reads = new Map<string, number>()
  for (const i of everyInstruction(body))
    if (i.kind === 'load' && i.space !== undefined) reads.set(i.space, (reads.get(i.space) ?? 0) + 1)
  return reads
}

const isPiece = (i: Instruction): boolean => i.kind === 'loop' && i.isPiece === true

function loopOverPieces(f: KernelFunction): Loop | undefined {
  for (const i of everyInstruction(f.body))
    if (i.kind === 'loop' && i.body.instructions.filter(isPiece).length > 1) return i
  return undefined
}
