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
import { memoryOrder } from './memory-order.ts'
import { type PairingContext, pairCandidates } from './pair-candidates.ts'
import { choosePairs, type PairChoice } from './pair-choice.ts'
import { type PairFunctions, pairFunctions } from './pair-function.ts'
import { type PairedLoop, rewriteWithPairs } from './pair-rewrite.ts'
import { profileOf, pureFunctions } from './per-function.ts'
import { everyInstruction, freshId, isRare } from './regions.ts'
import { rewriteRegion } from './rewrite.ts'
import { type Loop, unroll } from './unroll.ts'

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
const MIN_PART = 0.1
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
  const made = { ...shared, options, plans: new Map() }
  if (isUsual) remembered.set(module, made)
  return made
}

/** Instructions of functions and of those they usually call; callees come first. */
export function workOf(functions: readonly KernelFunction[]): Map<string, number> {
  const work = new Map<string, number>()
  for (const f of functions) {
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
  let current = f
  for (const loop of everyInstruction(f.body)) {
    if (loop.kind !== 'loop' || loop.isBrief || !isScalar(loop)) continue
    const plan = bestPlan(current, loop, shared)
    if (plan) current = replaceLoop(current, loop.results, plan.finish())
  }
  return current
}

/** Without loops inside and without vectors. */
function isScalar(loop: Loop): boolean {
  for (const i of everyInstruction(loop.body)) {
    if (i.kind === 'loop' || (i.kind === 'op' && i.result.type === 'v128')) return false
  }
  return true
}

export function replaceLoop(
  f: KernelFunction,
  results: readonly Value[],
  instead: readonly Instruction[],
): KernelFunction {
  const isIt = (owner: Instruction) => owner.kind === 'loop' && owner.results === results
  const body = rewriteRegion(f.body, {
    plain: instruction => instruction,
    before: owner => (isIt(owner) ? instead : []),
    compound: instruction => (isIt(instruction) ? undefined : instruction),
    yields: region => region.yields,
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
  const context = contextOf(f, loop, shared)
  const { chosen, gain } = choose(context, loop.twins ?? new Map(), shared)
  const rewritten = once(() => rewriteWithPairs(context, chosen, freshId(f)))
  return { gain, frames: 1, rewritten, finish: () => flat(rewritten()) }
}

function planUnrolled(f: KernelFunction, loop: Loop, shared: Shared): Plan[] {
  const double = unroll(loop, freshId(f))
  if (!double) return []
  const holder = { ...f, body: { ...f.body, instructions: [...f.body.instructions, double.loop] } }
  const context = contextOf(holder, double.loop, shared)
  const { chosen, gain } = choose(context, double.twin, shared)
  const rewritten = once(() => rewriteWithPairs(context, chosen, double.nextId + 1))
  const finish = () => double.instructions(flat(rewritten()))
  const longer = UNROLLING * loop.body.instructions.length
  return [{ gain: gain / 2 - longer, frames: 2, rewritten, finish }]
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function choose(context: PairingContext, twin: ReadonlyMap<Value, Value>, shared: Shared): PairChoice {
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

function contextOf(f: KernelFunction, loop: Loop, { pairs, pure }: Shared): PairingContext {
  const constants = new Map<Value, number | bigint>()
  for (const instruction of everyInstruction(f.body)) {
    if (instruction.kind === 'const') constants.set(instruction.result, instruction.value)
  }
  const graph = bodyGraph(loop.body, memoryOrder(f, pure))
  return { loop, graph, constantOf: value => constants.get(value), wideFunction: pairs.find }
}
