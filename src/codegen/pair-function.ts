/**
 * From a function of scalars to one of pairs, with the same bits.
 *
 * Comes in: a pure function of codegen/math. Goes out: one that takes and gives vectors of two values each, or
 * nothing if it cannot be made well. A stage of its own so that mathematical functions are written once.
 *
 * Both sides of a branch are computed and the right one is taken, except where one side is a rare case: then the
 * whole function is computed by halves.
 */
import { FunctionBuilder } from './builder.ts'
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import {
  asNumber,
  bothHold,
  constantPair,
  gatherPair,
  laneOf,
  type Pair,
  pairOperation,
  type ScalarType,
} from './pair-op.ts'
import { profileOf } from './per-function.ts'
import { everyInstruction, isRare, TRAPPING } from './regions.ts'

/** Instructions of a branch up to which both sides are computed. */
const MAX_BRANCH = 80

export interface PairFunctions {
  /** The name of the function of pairs; undefined if there is none. */
  readonly find: (name: string) => string | undefined
  /** What was made, callees first. */
  readonly made: readonly KernelFunction[]
}

export function pairFunctions(functions: readonly KernelFunction[]): PairFunctions {
  const scalar = new Map(functions.map(f => [f.name, f]))
  const known = new Map<string, string | undefined>()
  const made: KernelFunction[] = []
  const find = (name: string): string | undefined => {
    if (known.has(name)) return known.get(name)
    // A pass before this one may have made it.
    const existing = scalar.get(pairName(name))
    known.set(name, existing?.name)
    if (existing) return existing.name
    const f = scalar.get(name)
    const pair = f && remember(f, find)
    if (pair) {
      made.push(...pair)
      known.set(name, pair.at(-1)!.name)
    }
    return known.get(name)
  }
  return { find, made }
}

const pairName = (name: string) => `${name}.pair`

/** Made before, from the same function when it called the same functions of pairs. */
const remembered = new WeakMap<
  KernelFunction,
  { readonly assumed: string; readonly made: readonly KernelFunction[] | undefined }
>()

function remember(f: KernelFunction, find: Maker['find']): readonly KernelFunction[] | undefined {
  const assumed = profileOf(f)
    .calls.map(name => find(name) ?? '-')
    .join(' ')
  const known = remembered.get(f)
  if (known?.assumed === assumed) return known.made
  const made = makePairFunction(f, find)
  remembered.set(f, { assumed, made })
  return made
}

interface Maker {
  readonly f: KernelFunction
  readonly b: FunctionBuilder
  readonly find: (name: string) => string | undefined
  readonly pairs: Map<Value, Pair>
  readonly constants: Map<Value, number | bigint>
  readonly parameters: readonly Value[]
  usesHalves: boolean
}

const halvesName = (f: KernelFunction) => `${f.name}.slow.halves`

/** The function by halves, where needed, and the function of pairs. */
function makePairFunction(f: KernelFunction, find: Maker['find']): KernelFunction[] | undefined {
  if (!f.result || f.result === 'v128' || isRare(f.name)) return undefined
  const b = new FunctionBuilder()
  const parameters = f.parameters.map(() => b.parameter('v128'))
  const pairs = new Map(
    f.parameters.map((p, i) => [p, { kind: p.type as ScalarType, vector: parameters[i]! }]),
  )
  const maker: Maker = { f, b, find, pairs, constants: new Map(), parameters, usesHalves: false }
  const results = translate(maker, f.body, true)
  if (!results) return undefined
  const result = asNumber(b, results[0]!)
  const whole = b.finish(pairName(f.name), parameters, result.vector)
  return maker.usesHalves ? [byHalves(f), whole] : [whole]
}

function byHalves(f: KernelFunction): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = f.parameters.map(() => b.parameter('v128'))
  const half = (lane: 0 | 1) => {
    const args = parameters.map((vector, i) =>
      laneOf(b, { kind: f.parameters[i]!.type as ScalarType, vector }, lane),
    )
    return b.call(f.name, f.result!, args)
  }
  return b.finish(halvesName(f), parameters, gatherPair(b, half(0), half(1)).vector)
}

/** The yields of the region; `isLast` if they are the function's result. Undefined if it cannot be done. */
function translate(maker: Maker, region: Region, isLast: boolean): Pair[] | undefined {
  for (const instruction of region.instructions) {
    if (!translateInstruction(maker, instruction, isLast && region.yields[0])) return undefined
  }
  return region.yields.map(value => pairOf(maker, value))
}

function pairOf({ b, pairs, constants }: Maker, value: Value): Pair {
  const known = pairs.get(value)
  if (known) return known
  const pair = constantPair(b, value.type as ScalarType, constants.get(value)!)
  return pair
}

function translateInstruction(
  maker: Maker,
  instruction: Instruction,
  last: Value | false | undefined,
): boolean {
  const { b, pairs } = maker
  switch (instruction.kind) {
    case 'const':
      maker.constants.set(instruction.result, instruction.value)
      return true
    case 'op': {
      // A branch that is not taken must not trap.
      if (TRAPPING.test(instruction.op)) return false
      const args = instruction.args.map(a => pairOf(maker, a))
      const constantOf = (pair: Pair) => maker.constants.get(instruction.args[args.indexOf(pair)]!)
      const result = pairOperation(b, instruction.op, args, constantOf) ?? scalarised(b, instruction, args)
      pairs.set(instruction.result, result)
      return true
    }
    case 'call': {
      const name = maker.find(instruction.function)
      if (!name || !instruction.result) return false
      const args = instruction.args.map(a => asNumber(b, pairOf(maker, a)).vector)
      const kind = instruction.result.type as ScalarType
      pairs.set(instruction.result, { kind, vector: b.call(name, 'v128', args) })
      return true
    }
    case 'if':
      return translateIf(maker, instruction, last)
    default:
      return false
  }
}

/** An instruction without a vector form, on each half. */
function scalarised(
  b: FunctionBuilder,
  { op }: Extract<Instruction, { kind: 'op' }>,
  args: readonly Pair[],
): Pair {
  const half = (lane: 0 | 1) => b.op(op, ...args.map(a => laneOf(b, a, lane)))
  return gatherPair(b, half(0), half(1))
}

type If = Extract<Instruction, { kind: 'if' }>

function callsRare(region: Region): boolean {
  return [...everyInstruction(region)].some(i => i.kind === 'call' && isRare(i.function))
}

function translateIf(maker: Maker, instruction: If, last: Value | false | undefined): boolean {
  const { thenRegion, elseRegion, results } = instruction
  const rare = [callsRare(thenRegion), callsRare(elseRegion)]
  const isLast = results.length === 1 && results[0] === last
  if (rare[0] || rare[1]) return isLast && !rare[0] && unlessRare(maker, instruction)
  for (const region of [thenRegion, elseRegion]) {
    if ([...everyInstruction(region)].length > MAX_BRANCH) return false
  }
  return computeBoth(maker, instruction)
}

/** `then` is the usual case: taken when it is for both halves. */
function unlessRare(maker: Maker, { condition, thenRegion, results }: If): boolean {
  const { b, f, parameters } = maker
  let possible = true
  const usual = () => {
    const yields = translate(maker, thenRegion, true)
    possible = yields !== undefined
    return yields ? [asNumber(b, yields[0]!).vector] : [parameters[0]!]
  }
  const halves = () => [b.call(halvesName(f), 'v128', parameters)]
  const [vector] = b.if(bothHold(b, pairOf(maker, condition)), usual, halves)
  maker.usesHalves = true
  maker.pairs.set(results[0]!, { kind: f.result as ScalarType, vector: vector! })
  return possible
}

function computeBoth(maker: Maker, { condition, thenRegion, elseRegion, results }: If): boolean {
  const { b, pairs } = maker
  const chosen = pairOf(maker, condition)
  const first = translate(maker, thenRegion, false)
  const second = translate(maker, elseRegion, false)
  if (!first || !second) return false
  for (const [i, result] of results.entries()) {
    const pair = pairOperation(b, 'select', [first[i]!, second[i]!, chosen], () => undefined)
    pairs.set(result, pair!)
  }
  return true
}
