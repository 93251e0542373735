/**
 * Computes what is alike in pairs, with vector instructions: the same samples in less time.
 *
 * Comes in: a module whose functions are not inlined yet, so that a call is one instruction. Goes out: the same, its
 * frame loop rewritten where an estimate says that it pays. Two ways are compared: pairs within a frame (voices,
 * channels, parallel filters), and the loop unrolled to two frames, where what does not depend on the past is alike
 * in both. Each half has the bits of the scalar instruction.
 */
import { bodyGraph } from './body-graph.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { fourCandidates } from './lane-candidates.ts'
import { type Definitions, memoryOrder, operationsOf } from './memory-order.ts'
import { type Candidate, type PairingContext, pairCandidates } from './pair-candidates.ts'
import { choosePairs, type PairChoice } from './pair-choice.ts'
import { type PairFunctions, pairFunctions } from './pair-function.ts'
import { type PairedLoop, rewriteWithPairs } from './pair-rewrite.ts'
import { profileOf, pureFunctions } from './per-function.ts'
import { everyInstruction, freshId, isRare } from './regions.ts'
import { rewriteRegion } from './rewrite.ts'
import { type Loop, type Twins, unroll } from './unroll.ts'

export interface PairOptions {
  readonly unrolled?: boolean
  readonly withinFrame?: boolean
  /** Also four values in a vector. */
  readonly fours?: boolean
  /** Pairs whatever it costs: for tests. */
  readonly always?: boolean
}

/** Instructions of a loop body: beyond, finding pairs takes too long, and engines optimise badly. */
const MAX_BODY = 5000
const MAX_UNROLLED = 1500
/** Saved instructions, per frame, below which a loop stays as it is, and as a part of its work. */
const MIN_GAIN = 3
const MIN_PART = 0.06
/** Saved within a frame, as a part, two frames are not tried any more: that takes twice as long to find out. */
const GOOD_PART = 0.18
/** What a longer loop costs, as a part of its instructions. */
const UNROLLING = 0.02

export function computeInPairs(module: KernelModule, options: PairOptions = {}): KernelModule {
  const shared = sharedOf(module, options)
  const functions = module.functions.map(f => (f.name === 'compute' ? rewriteFunction(f, shared) : f))
  const at = functions.findIndex(f => f.exported)
  return { ...module, functions: functions.toSpliced(at, 0, ...shared.pairs.made) }
}

/** Instructions that pairs would save in a frame; the plan is remembered. */
export function gainOfPairs(module: KernelModule, f: KernelFunction, loop: Loop): number {
  return bestPlan(f, loop, sharedOf(module, NO_OPTIONS))?.gain ?? 0
}

const NO_OPTIONS: PairOptions = {}
const remembered = new WeakMap<KernelModule, Shared>()

function sharedOf(module: KernelModule, options: PairOptions): Shared {
  const isUsual = Object.keys(options).length === 0
  const known = isUsual ? remembered.get(module) : undefined
  if (known) return known
  const { functions } = module
  const shared = { pairs: pairFunctions(functions), sizes: workOf(functions), pure: pureFunctions(functions) }
  const made = { ...shared, options, plans: new Map(), known: new Map() }
  if (isUsual) remembered.set(module, made)
  return made
}

/** Instructions of functions and of those they usually call; callees come first. */
export function workOf(functions: readonly KernelFunction[]): Map<string, number> {
  const work = new Map<string, number>()
  for (const f of functions) {
    // Nobody calls what the host calls.
    if (f.exported) continue
    const { size, calls } = profileOf(f)
    const usual = calls.filter(name => !isRare(name)).map(name => work.get(name) ?? 0)
    work.set(
      f.name,
      usual.reduce((sum, inner) => sum + inner, size),
    )
  }
  return work
}

interface Shared {
  readonly pairs: PairFunctions
  readonly sizes: ReadonlyMap<string, number>
  readonly pure: ReadonlySet<string>
  readonly options: PairOptions
  /** Found before. */
  readonly plans: Map<Loop, Plan | undefined>
  readonly known: Map<KernelFunction, Known>
}

/** Of a function. */
interface Known {
  readonly definitions: Definitions
  /** Ids from here on are free: each plan takes some, be it carried out or not. */
  nextId: number
}

function knownOf(f: KernelFunction, { known }: Shared): Known {
  let found = known.get(f)
  if (!found) known.set(f, (found = { definitions: operationsOf(f), nextId: freshId(f) }))
  return found
}

/** A way to compute a loop in lanes. */
interface Plan {
  /** Instructions saved in one frame. */
  readonly gain: number
  readonly frames: number
  readonly rewritten: () => PairedLoop
  /** What stands in place of the loop. */
  readonly finish: () => readonly Instruction[]
}

/** Rewrites innermost loops for which there is a plan. */
function rewriteFunction(f: KernelFunction, shared: Shared): KernelFunction {
  const instead = new Map<readonly Value[], readonly Instruction[]>()
  for (const loop of everyInstruction(f.body)) {
    if (loop.kind !== 'loop' || loop.isBrief || !isScalar(loop)) continue
    const plan = bestPlan(f, loop, shared)
    if (plan) instead.set(loop.results, plan.finish())
  }
  return instead.size === 0 ? f : replaceLoops(f, instead)
}

/** Without loops inside and without vectors. */
function isScalar(loop: Loop): boolean {
  for (const i of everyInstruction(loop.body)) {
    if (i.kind === 'loop' || (i.kind === 'op' && i.result.type === 'v128')) return false
  }
  return true
}

export const replaceLoop = (
  f: KernelFunction,
  results: readonly Value[],
  instead: readonly Instruction[],
): KernelFunction => replaceLoops(f, new Map([[results, instead]]))

/** Loops by their results. */
function replaceLoops(
  f: KernelFunction,
  instead: ReadonlyMap<readonly Value[], readonly Instruction[]>,
): KernelFunction {
  const body = rewriteRegion(f.body, {
    before: owner => instead.get(owner.kind === 'loop' ? owner.results : []) ?? [],
    compound: instruction => (instead.has(instruction.results) ? undefined : instruction),
  })
  return { ...f, body }
}

function bestPlan(f: KernelFunction, loop: Loop, shared: Shared): Plan | undefined {
  if (!shared.plans.has(loop)) shared.plans.set(loop, findPlan(f, loop, shared))
  return shared.plans.get(loop)
}

function findPlan(f: KernelFunction, loop: Loop, shared: Shared): Plan | undefined {
  const size = [...everyInstruction(loop.body)].length
  if (size > MAX_BODY) return undefined
  const { withinFrame = true, unrolled = true } = shared.options
  const plans: Plan[] = []
  if (withinFrame) plans.push(planWithin(f, loop, shared))
  const work = workOfLoop(loop, shared)
  const isGood = (plans[0]?.gain ?? 0) > GOOD_PART * work
  if (unrolled && size <= MAX_UNROLLED && !isGood) plans.push(...planUnrolled(f, loop, shared))
  const best = plans.sort((a, b) => b.gain - a.gain)[0]
  return best && (shared.options.always || best.gain >= Math.max(MIN_GAIN, MIN_PART * work))
    ? best
    : undefined
}

function workOfLoop(loop: Loop, { sizes }: Shared): number {
  let work = 0
  for (const i of everyInstruction(loop.body)) work += i.kind === 'call' ? (sizes.get(i.function) ?? 1) : 1
  return work
}

function planWithin(f: KernelFunction, loop: Loop, shared: Shared): Plan {
  const known = knownOf(f, shared)
  const context = contextOf(known.definitions, loop, shared)
  const { chosen, gain } = choose(context, loop.twins ?? new Map(), shared)
  const rewritten = once(() => rewrite(context, chosen, known))
  return { gain, frames: 1, rewritten, finish: () => flat(rewritten()) }
}

function planUnrolled(f: KernelFunction, loop: Loop, shared: Shared): Plan[] {
  const known = knownOf(f, shared)
  const double = unroll(loop, known.nextId)
  if (!double) return []
  known.nextId = double.nextId + 1
  const own = operationsOf(double.loop)
  const definitions = { get: (value: Value) => own.get(value) ?? known.definitions.get(value) }
  const context = contextOf(definitions, double.loop, shared)
  const { chosen, gain } = choose(context, double.twin, shared)
  const rewritten = once(() => rewrite(context, chosen, known))
  const finish = () => double.instructions(flat(rewritten()))
  const longer = UNROLLING * loop.body.instructions.length
  return [{ gain: gain / 2 - longer, frames: 2, rewritten, finish }]
}

function rewrite(context: PairingContext, chosen: readonly Candidate[], known: Known): PairedLoop {
  const rewritten = rewriteWithPairs(context, chosen, known.nextId)
  known.nextId = rewritten.nextId
  return rewritten
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function choose(context: PairingContext, twin: Twins, shared: Shared): PairChoice {
  const found = pairCandidates(context, twin)
  const fours = shared.options.fours === false ? [] : fourCandidates(context, found)
  if (shared.options.always) {
    const joined = new Set(fours.flatMap(four => four.halves ?? []))
    const chosen = [...found.pairs.filter(pair => !joined.has(pair)), ...fours]
    return { chosen, gain: chosen.length }
  }
  const { sizes, pairs } = shared
  return choosePairs(context, found.pairs, fours, {
    work: name => sizes.get(name) ?? 0,
    hasFour: name => pairs.find(name, 4) !== undefined,
  })
}

const flat = ({ before, loop, after }: PairedLoop): Instruction[] => [...before, loop, ...after]

function contextOf(definitions: Definitions, loop: Loop, { pairs, pure }: Shared): PairingContext {
  const graph = bodyGraph(loop.body, memoryOrder(definitions, pure))
  const constantOf = (value: Value) => {
    const definition = definitions.get(value)
    return definition?.kind === 'const' ? definition.value : undefined
  }
  return { loop, graph, constantOf, wideFunction: pairs.find }
}
