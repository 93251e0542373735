/**
 * Writes one pure primitive into a kernel function.
 *
 * Comes in: the primitive's name, the type its operands were converted to, and the operands. Goes out: the
 * value. A module of its own because translated programs and the table's self-test must emit the same thing.
 */
import {
  applyTypeRule,
  type Emission,
  type NumberType,
  type PureName,
  purePrimitive,
} from '../core/primitives.ts'
import type { Precision } from '../core/program.ts'
import type { FunctionBuilder } from './builder.ts'
import type { KernelType, Value } from './kernel.ts'

/** How numbers of this type are held by the kernel. */
export function kernelType(type: NumberType, precision: Precision): KernelType {
  if (type === 'int') return 'i32'
  return precision === 'double' ? 'f64' : 'f32'
}

/** Names of codegen/math functions that the primitive needs for operands of this type. */
export function primitiveCalls(name: PureName, operandType: NumberType): readonly string[] {
  const emission = purePrimitive(name).emit[operandType]
  return typeof emission === 'object' ? [emission.call] : []
}

/**
 * `args` have been converted as the type rule says, `operandType` being the type they were converted to (for
 * `select2`, of the two choices; its args are [condition, a, b]).
 */
export function emitPrimitive(
  b: FunctionBuilder,
  name: PureName,
  operandType: NumberType,
  precision: Precision,
  args: readonly Value[],
): Value {
  const entry = purePrimitive(name)
  const emission = entry.emit[operandType]
  if (emission === undefined) return unchanged(name, args)
  // `select2` takes the choice for 0 first, WebAssembly's `select` the one for ≠ 0.
  if (emission === 'select') return b.select(args[0]!, args[2]!, args[1]!)
  if (typeof emission === 'string') return b.op(instruction(emission, precision), ...args)
  const { result } = applyTypeRule(
    entry.type,
    args.map(() => operandType),
  )
  return b.call(emission.call, kernelType(result, precision), args)
}

/** A cast to the type that the operand has already. */
function unchanged(name: PureName, args: readonly Value[]): Value {
  const { type } = purePrimitive(name)
  if (type === 'toInt' || type === 'toReal') return args[0]!
  throw new Error(`internal error: ${name} on operands it has no code for`)
}

/** Names of instructions on reals in the precision. */
const known: Readonly<Record<Precision, Map<string, string>>> = { single: new Map(), double: new Map() }

function instruction(emission: Extract<Emission, string>, precision: Precision): string {
  const found = known[precision].get(emission)
  if (found !== undefined) return found
  const real = precision === 'double' ? 'f64' : 'f32'
  const name = emission.replace(/^real\./, `${real}.`).replace('trunc_sat_real_s', `trunc_sat_${real}_s`)
  known[precision].set(emission, name)
  return name
}
