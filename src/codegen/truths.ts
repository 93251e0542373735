/**
 * Makes numbers of comparisons without leaving the registers of floats.
 *
 * Comes in: a module whose calls are inlined. Goes out: the same, where a comparison of reals becomes the real 0 or 1
 * done in lanes: the mask that it gives and the bits of 1. A pass of its own, as it is a matter of processors: by way
 * of flags and an integer the same takes three times as long, and envelopes wait for it from frame to frame. Bits stay.
 */
import type { Instruction, KernelFunction, KernelModule, KernelType, Value } from './kernel.ts'
import { operationsOf } from './memory-order.ts'
import { vectorBits } from './pair-op.ts'
import { inCompute } from './per-function.ts'
import { everyInstruction, freshId } from './regions.ts'
import { rewriteLists } from './rewrite-lists.ts'

type Op = Extract<Instruction, { kind: 'op' }>

const COMPARISON = /^(f32|f64)\.(eq|ne|lt|gt|le|ge)$/
const CONVERSIONS: ReadonlySet<string> = new Set(['f32.convert_i32_s', 'f64.convert_i32_s'])

export function truthsInLanes(module: KernelModule): KernelModule {
  return inCompute(module, rewrite)
}

function rewrite(f: KernelFunction): KernelFunction {
  if (!everyInstruction(f.body).some(isConversion)) return f
  const definitions = operationsOf(f)
  const compared = (i: Instruction): Op | undefined => {
    if (!isConversion(i)) return undefined
    const definition = definitions.get(i.args[0]!)
    if (definition?.kind !== 'op' || COMPARISON.exec(definition.op)?.[1] !== i.result.type) return undefined
    return definition
  }
  let nextId = freshId(f)
  const vector = (): Value => ({ id: nextId++, type: 'v128' })
  const body = rewriteLists(f.body, list => {
    if (!list.some(compared)) return list
    return list.flatMap(i => {
      const comparison = compared(i)
      return comparison ? inLanes(i as Op, comparison, definitions, vector) : [i]
    })
  })
  return body === f.body ? f : { ...f, body }
}

const isConversion = (i: Instruction): i is Op => i.kind === 'op' && CONVERSIONS.has(i.op)

type Definitions = ReturnType<typeof operationsOf>

function inLanes(
  { result }: Op,
  comparison: Op,
  definitions: Definitions,
  vector: () => Value,
): Instruction[] {
  const shape = result.type === 'f32' ? 'f32x4' : 'f64x2'
  const made: Instruction[] = []
  const make = (op: string, ...args: Value[]): Value => {
    const value = vector()
    made.push({ kind: 'op', result: value, op, args })
    return value
  }
  const constant = (number: number): Value => {
    const value = vector()
    made.push({ kind: 'const', result: value, value: vectorBits(result.type as Real, number, number) })
    return value
  }
  const [x, y] = comparison.args.map(value => {
    const definition = definitions.get(value)
    return definition?.kind === 'const' ? constant(Number(definition.value)) : make(`${shape}.splat`, value)
  })
  const mask = make(`${shape}.${comparison.op.slice(4)}`, x!, y!)
  const bits = make('v128.and', mask, constant(1))
  return [...made, { kind: 'op', result, op: `${shape}.extract_lane_0`, args: [bits] }]
}

type Real = Extract<KernelType, 'f32' | 'f64'>
