/**
 * From a function of scalars to one of two or four lanes, with the same bits.
 *
 * Comes in: a pure function of codegen/math. Goes out: one that takes and gives vectors of two values each (of four, if
 * all that it computes has 32 bits), or nothing if it cannot be made well. A stage of its own so that mathematical
 * functions are written once.
 *
 * Both sides of a branch are computed and the right one is taken, except where one side is a rare case: then the
 * whole function is computed lane by lane, or by one that does for all cases.
 */
import { FunctionBuilder } from './builder.ts'
import type { Instruction, KernelFunction, Region, Value } from './kernel.ts'
import {
  allHold,
  asNumber,
  constantPair,
  gatherLanes,
  laneOf,
  type Pair,
  pairOperation,
  type ScalarType,
} from './pair-op.ts'
import { profileOf } from './per-function.ts'
import { definitions, everyInstruction, isRare, isWhole, TRAPPING } from './regions.ts'

/** Instructions of a branch up to which both sides are computed. */
const MAX_BRANCH = 80

export type Lanes = 2 | 4

export interface PairFunctions {
  /** The name of the function of pairs, or of four lanes; undefined if there is none. */
  readonly find: (name: string, lanes?: Lanes) => string | undefined
  /** What was made, callees first. */
  readonly made: readonly KernelFunction[]
}

export function pairFunctions(functions: readonly KernelFunction[]): PairFunctions {
  const scalar = new Map(functions.map(f => [f.name, f]))
  const known = new Map<string, string | undefined>()
  const made: KernelFunction[] = []
  const find = (name: string, lanes: Lanes = 2): string | undefined => {
    const wide = wideName(name, lanes)
    if (known.has(wide)) return known.get(wide)
    // A pass before this one may have made it.
    const existing = scalar.get(wide)
    known.set(wide, existing?.name)
    if (existing) return existing.name
    const f = scalar.get(name)
    const several = f && remember(f, lanes, callee => find(callee, lanes))
    if (several) {
      made.push(...several)
      known.set(wide, several.at(-1)!.name)
    }
    return known.get(wide)
  }
  return { find, made }
}

/** One call, or one of pairs for each half; the function of pairs must be there. */
export function callInLanes(
  b: FunctionBuilder,
  find: PairFunctions['find'],
  name: string,
  args: readonly Value[],
  lanes: Lanes,
): Value {
  const whole = find(name, lanes)
  if (whole) return b.call(whole, 'v128', args)
  const pair = find(name)!
  const upper = args.map(a => b.op('i32x4.shuffle_2323', a, a))
  return b.op('i32x4.shuffle_0145', b.call(pair, 'v128', args), b.call(pair, 'v128', upper))
}

const wideName = (name: string, lanes: Lanes) => `${name}.${lanes === 2 ? 'pair' : 'four'}`

/** Made before, from the same function when it called the same functions of lanes. */
interface Remembered {
  readonly assumed: string
  readonly made: readonly KernelFunction[] | undefined
}

const remembered = {
  2: new WeakMap<KernelFunction, Remembered>(),
  4: new WeakMap<KernelFunction, Remembered>(),
}

type Find = (name: string) => string | undefined

function remember(f: KernelFunction, lanes: Lanes, find: Find): readonly KernelFunction[] | undefined {
  const assumed = profileOf(f)
    .calls.map(name => find(name) ?? '-')
    .join(' ')
  const known = remembered[lanes].get(f)
  if (known?.assumed === assumed) return known.made
  const made = lanes === 2 || isOf32Bits(f) ? makeWideFunction(f, lanes, find) : undefined
  remembered[lanes].set(f, { assumed, made })
  return made
}

function isOf32Bits({ parameters, body }: KernelFunction): boolean {
  const fits = ({ type }: Value) => type === 'f32' || type === 'i32'
  if (!parameters.every(fits)) return false
  for (const i of everyInstruction(body)) if (!definitions(i).every(fits)) return false
  return true
}

interface Maker {
  readonly f: KernelFunction
  readonly lanes: Lanes
  readonly b: FunctionBuilder
  readonly find: Find
  readonly pairs: Map<Value, Pair>
  readonly constants: Map<Value, number | bigint>
  readonly parameters: readonly Value[]
  usesSingles: boolean
}

const singlesName = (f: KernelFunction, lanes: Lanes) =>
  `${f.name}.slow.${lanes === 2 ? 'halves' : 'quarters'}`

/** The function lane by lane, where needed, and the function of lanes. */
function makeWideFunction(f: KernelFunction, lanes: Lanes, find: Find): KernelFunction[] | undefined {
  if (!f.result || f.result === 'v128' || (isRare(f.name) && !isWhole(f.name))) return undefined
  const b = new FunctionBuilder()
  const parameters = f.parameters.map(() => b.parameter('v128'))
  const pairs = new Map(
    f.parameters.map((p, i) => [p, { kind: p.type as ScalarType, vector: parameters[i]! }]),
  )
  const maker: Maker = { f, lanes, b, find, pairs, constants: new Map(), parameters, usesSingles: false }
  const results = translate(maker, f.body, true)
  if (!results) return undefined
  const result = asNumber(b, results[0]!)
  const whole = b.finish(wideName(f.name, lanes), parameters, result.vector)
  return maker.usesSingles ? [byLanes(f, lanes), whole] : [whole]
}

function byLanes(f: KernelFunction, lanes: Lanes): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = f.parameters.map(() => b.parameter('v128'))
  const results = Array.from({ length: lanes }, (_, lane) => {
    const args = parameters.map((vector, i) =>
      laneOf(b, { kind: f.parameters[i]!.type as ScalarType, vector }, lane),
    )
    return b.call(f.name, f.result!, args)
  })
  return b.finish(singlesName(f, lanes), parameters, gatherLanes(b, results).vector)
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
      const result =
        pairOperation(b, instruction.op, args, constantOf) ?? scalarised(maker, instruction, args)
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

/** An instruction without a vector form, on each lane. */
function scalarised(
  { b, lanes }: Maker,
  { op }: Extract<Instruction, { kind: 'op' }>,
  args: readonly Pair[],
): Pair {
  const single = (_: unknown, lane: number) => b.op(op, ...args.map(a => laneOf(b, a, lane)))
  return gatherLanes(b, Array.from({ length: lanes }, single))
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

/** `then` is the usual case: taken when it is for all lanes. */
function unlessRare(maker: Maker, { condition, thenRegion, elseRegion, results }: If): boolean {
  const { b, f, lanes, parameters } = maker
  let possible = true
  const usual = () => {
    const yields = translate(maker, thenRegion, true)
    possible = yields !== undefined
    return yields ? [asNumber(b, yields[0]!).vector] : [parameters[0]!]
  }
  const whole = wholeOf(maker, elseRegion)
  if (!whole) maker.usesSingles = true
  const otherwise = () => [b.call(whole ?? singlesName(f, lanes), 'v128', parameters)]
  const [vector] = b.if(allHold(b, pairOf(maker, condition), lanes), usual, otherwise)
  maker.pairs.set(results[0]!, { kind: f.result as ScalarType, vector: vector! })
  return possible
}

/** The function of lanes that is right for any arguments, if the region asks one of scalars that is. */
function wholeOf({ f, find }: Maker, { instructions }: Region): string | undefined {
  const [call, ...others] = instructions
  if (call?.kind !== 'call' || others.length > 0 || !isWhole(call.function)) return undefined
  return call.args.every((a, i) => a === f.parameters[i]) ? find(call.function) : undefined
}

function computeBoth(maker: Maker, { condition, thenRegion, elseRegion, results }: If): boolean {
  const { b, pairs } = maker
  const chosen = pairOf(maker, condition)
  const first = translate(maker, thenRegion, false)
  const second = translate(maker, elseRegion, false)
  if (!first || !second) return false
  for (const [i, result] of results.entries()) {
    const constantOf = (pair: Pair) => {
      const { yields } = pair === first[i] ? thenRegion : elseRegion
      return pair === chosen ? undefined : maker.constants.get(yields[i]!)
    }
    const pair = pairOperation(b, 'select', [first[i]!, second[i]!, chosen], constantOf)
    pairs.set(result, pair!)
  }
  return true
}
