/**
 * The WebAssembly numeric instructions that the kernel uses, with their types.
 *
 * Comes in: an instruction name. Goes out: operand and result types. A table of its own because the builder,
 * the verifier, the interpreter and the emitter must agree on it.
 */
import type { KernelType, Value } from './kernel.ts'

interface Signature {
  readonly operands: readonly KernelType[]
  readonly result: KernelType
}

const table = new Map<string, Signature>()

function add(type: KernelType, count: number, result: KernelType, names: string): void {
  for (const name of names.split(' ')) {
    table.set(`${type}.${name}`, { operands: Array(count).fill(type), result })
  }
}

for (const t of ['i32', 'i64'] as const) {
  add(t, 2, t, 'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr')
  add(t, 2, 'i32', 'eq ne lt_s lt_u le_s le_u gt_s gt_u ge_s ge_u')
  add(t, 1, t, 'clz ctz popcnt')
  add(t, 1, 'i32', 'eqz')
}
for (const t of ['f32', 'f64'] as const) {
  add(t, 2, t, 'add sub mul div min max copysign')
  add(t, 2, 'i32', 'eq ne lt le gt ge')
  add(t, 1, t, 'abs neg sqrt floor ceil trunc nearest')
}
for (const [name, from, to] of [
  ['i32.wrap_i64', 'i64', 'i32'],
  ['i64.extend_i32_s', 'i32', 'i64'],
  ['i64.extend_i32_u', 'i32', 'i64'],
  ['i32.trunc_sat_f32_s', 'f32', 'i32'],
  ['i32.trunc_sat_f64_s', 'f64', 'i32'],
  ['i64.trunc_sat_f64_s', 'f64', 'i64'],
  ['f32.convert_i32_s', 'i32', 'f32'],
  ['f64.convert_i32_s', 'i32', 'f64'],
  ['f64.convert_i64_s', 'i64', 'f64'],
  ['f64.convert_i64_u', 'i64', 'f64'],
  ['f32.demote_f64', 'f64', 'f32'],
  ['f64.promote_f32', 'f32', 'f64'],
  ['i32.reinterpret_f32', 'f32', 'i32'],
  ['f32.reinterpret_i32', 'i32', 'f32'],
  ['i64.reinterpret_f64', 'f64', 'i64'],
  ['f64.reinterpret_i64', 'i64', 'f64'],
] as const) {
  table.set(name, { operands: [from], result: to })
}

export function signatureOf(name: string): Signature | undefined {
  return table.get(name)
}

/** Result type of an instruction on these operands. Throws on a mistake of ours: users cannot reach it. */
export function operation(name: string, args: readonly Value[]): KernelType {
  if (name === 'select') return args[0]!.type
  const signature = table.get(name)
  if (!signature) throw new Error(`internal error: no instruction ${name}`)
  const given = args.map(a => a.type).join(' ')
  if (given !== signature.operands.join(' ')) {
    throw new Error(`internal error: ${name} takes ${signature.operands.join(' ')}, not ${given}`)
  }
  return signature.result
}

/** All but `select`. */
export const OPERATION_NAMES: readonly string[] = [...table.keys()]
