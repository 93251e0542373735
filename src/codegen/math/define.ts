/** Makes a kernel function of doubles from a formula. */
import { FunctionBuilder } from '../builder.ts'
import type { KernelFunction, KernelType, Value } from '../kernel.ts'
import { type Arithmetic, arithmetic } from './arithmetic.ts'

/** A function that is right for all arguments, with the bits of the quick one where that is: see `isWhole`. */
export const wholeName = (name: string): string => `${name}.slow.whole`

export function define(
  name: string,
  parameterTypes: readonly KernelType[],
  body: (m: Arithmetic, args: Value[]) => Value,
): KernelFunction {
  const b = new FunctionBuilder()
  const parameters = parameterTypes.map(t => b.parameter(t))
  return b.finish(name, parameters, body(arithmetic(b), parameters))
}

export function unary(name: string, body: (m: Arithmetic, x: Value) => Value): KernelFunction {
  return define(name, ['f64'], (m, [x]) => body(m, x!))
}

export function binary(name: string, body: (m: Arithmetic, x: Value, y: Value) => Value): KernelFunction {
  return define(name, ['f64', 'f64'], (m, [x, y]) => body(m, x!, y!))
}
