/**
 * Phases and counters that run around, without waiting for the division.
 *
 * Comes in: a module with its calls. Goes out: the same, where what the next frame waits for, and which is x - ⌊x⌋ or
 * x mod n, is x itself as long as x is in range, by a branch that processors guess. A pass of its own, as it is a matter
 * of processors: a phase runs around once in many frames, and in all others the recursion is the addition alone, a quarter
 * of the chain of addition, rounding and subtraction. Where the guess fails it costs about as much as it gives elsewhere.
 * In lanes it fails whenever one of them runs around: they stay as they are.
 *
 * Bits stay: for 0 ≤ x < 1, ⌊x⌋ = +0 and x - 0 = x; for 0 ≤ x < n, x mod n = x. That is asked of the bits of x as an
 * unsigned integer, so that -0, which would become +0, negative numbers and NaN take the other way.
 */
import type { Instruction, KernelFunction, KernelModule, KernelType, Value } from './kernel.ts'
import { type Definitions, operationsOf } from './memory-order.ts'
import { inCompute } from './per-function.ts'
import { definitions, freshId, valuesUsed } from './regions.ts'
import { rewriteRegion } from './rewrite.ts'
import { components } from './strongly-connected.ts'
import type { Loop } from './unroll.ts'

type Wrapping = Extract<Instruction, { kind: 'op' | 'call' }>

/** `instruction` gives `x` where the bits of x are below those of the number `below`. */
export interface Wrap {
  readonly instruction: Wrapping
  readonly x: Value
  readonly below: number | Value
  /** What only `instruction` uses: computed where it is. */
  readonly floor?: Instruction
}

/** Whether an instruction is one that wraps; in a list, they have to be asked in its order. */
export function wrapFinder(isConstant: Definitions): (instruction: Instruction) => Wrap | undefined {
  const floors = new Map<Value, Instruction & { kind: 'op' }>()
  return instruction => {
    if (instruction.kind === 'call') return wrappingCall(instruction, isConstant)
    if (instruction.kind !== 'op') return undefined
    const { op, args, result } = instruction
    if (op === 'f32.floor' || op === 'f64.floor') floors.set(result, instruction)
    if (op !== 'f32.sub' && op !== 'f64.sub') return undefined
    const floor = floors.get(args[1]!)
    if (!floor || floor.args[0] !== args[0]) return undefined
    return { instruction, x: args[0]!, below: 1, floor }
  }
}

function wrappingCall(call: Instruction & { kind: 'call' }, isConstant: Definitions): Wrap | undefined {
  const [x, n] = call.args
  if (call.function !== 'fmod' && call.function !== 'remInt') return undefined
  const definition = isConstant.get(n!)
  if (definition?.kind !== 'const')
    return call.function === 'remInt' ? { instruction: call, x: x!, below: n! } : undefined
  const below = Number(definition.value)
  return below > 0 && below < Infinity ? { instruction: call, x: x!, below } : undefined
}

export function guessWraps(module: KernelModule): KernelModule {
  return inCompute(module, rewrite)
}

type Fresh = (type: KernelType) => Value

function rewrite(f: KernelFunction): KernelFunction {
  let nextId = freshId(f)
  const fresh: Fresh = type => ({ id: nextId++, type })
  const known = operationsOf(f)
  const body = rewriteRegion(f.body, {
    compound: i => (i.kind === 'loop' ? inLoop(i, known, fresh) : i),
  })
  return body === f.body ? f : { ...f, body }
}

function inLoop(loop: Loop, known: Definitions, fresh: Fresh): Loop {
  const { instructions } = loop.body
  const wrapOf = wrapFinder(known)
  const all = instructions.flatMap(i => wrapOf(i) ?? [])
  if (all.length === 0) return loop
  const recurrent = recurrences(loop)
  const uses = usesIn(loop)
  const wraps = all.filter(
    ({ instruction, floor }) =>
      recurrent.has(instruction) && (!floor || uses.get(definitions(floor)[0]!) === 1),
  )
  const found = new Map(wraps.map(wrap => [wrap.instruction as Instruction, wrap]))
  const moved = new Set(wraps.map(({ floor }) => floor))
  const list = instructions.flatMap(i => {
    const wrap = found.get(i)
    return wrap ? guess(wrap, fresh) : moved.has(i) ? [] : [i]
  })
  return { ...loop, body: { ...loop.body, instructions: list } }
}

function usesIn({ body, condition }: Loop): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>()
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1)
  for (const i of body.instructions) valuesUsed(i).forEach(use)
  body.yields.forEach(use)
  use(condition)
  return uses
}

/** Instructions that wait for themselves in the turn before. */
function recurrences({ body, carried }: Loop): ReadonlySet<Instruction> {
  const { instructions, yields } = body
  const count = instructions.length
  const definedAt = new Map(carried.map((value, k) => [value, count + k]))
  const successors: number[][] = Array.from({ length: count + carried.length }, () => [])
  const connect = (value: Value, to: number) => {
    const from = definedAt.get(value)
    if (from !== undefined) successors[from]!.push(to)
  }
  instructions.forEach((i, at) => {
    for (const value of valuesUsed(i)) connect(value, at)
    for (const value of definitions(i)) definedAt.set(value, at)
  })
  yields.forEach((value, k) => {
    connect(value, count + k)
  })
  const circles = components(successors).filter(({ length }) => length > 1)
  return new Set(circles.flat().flatMap(at => instructions[at] ?? []))
}

function guess({ instruction, x, below, floor }: Wrap, fresh: Fresh): Instruction[] {
  const made: Instruction[] = []
  const integer = x.type === 'f64' ? 'i64' : 'i32'
  const op = (type: KernelType, name: string, ...args: Value[]): Value => {
    const result = fresh(type)
    made.push({ kind: 'op', result, op: name, args })
    return result
  }
  const constant = (value: number | bigint): Value => {
    const result = fresh(integer)
    made.push({ kind: 'const', result, value })
    return result
  }
  const bits = x.type === 'i32' ? x : op(integer, `${integer}.reinterpret_${x.type}`, x)
  const bound = typeof below === 'number' ? constant(bitsOf(below, x.type)) : below
  let condition = op('i32', `${integer}.lt_u`, bits, bound)
  // As an unsigned integer a negative bound is above all.
  if (bound === below) condition = op('i32', 'i32.and', condition, op('i32', 'i32.gt_s', bound, constant(0)))
  const wrapped = fresh(x.type)
  const thenRegion = { instructions: [], yields: [x] }
  const elseRegion = {
    instructions: [...(floor ? [floor] : []), { ...instruction, result: wrapped }],
    yields: [wrapped],
  }
  return [...made, { kind: 'if', results: [instruction.result!], condition, thenRegion, elseRegion }]
}

function bitsOf(value: number, type: KernelType): number | bigint {
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'i32') return value
  if (type === 'f32') {
    view.setFloat32(0, value)
    return view.getInt32(0)
  }
  view.setFloat64(0, value)
  return view.getBigInt64(0)
}
