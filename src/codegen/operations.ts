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

const LANES = { i32x4: ['i32', 4], i64x2: ['i64', 2], f32x4: ['f32', 4], f64x2: ['f64', 2] } as const

for (const [shape, [lane, count]] of Object.entries(LANES)) {
  const is = (names: string, operands: readonly KernelType[], result: KernelType = 'v128') => {
    for (const name of names.split(' ')) table.set(`${shape}.${name}`, { operands, result })
  }
  is('add sub mul eq ne', ['v128', 'v128'])
  is('splat', [lane])
  for (let i = 0; i < count; i++) {
    is(`extract_lane_${i}`, ['v128'], lane)
    is(`replace_lane_${i}`, ['v128', lane])
  }
  if (lane === 'f32' || lane === 'f64') {
    is('div min max lt le gt ge', ['v128', 'v128'])
    is('abs neg sqrt floor ceil trunc nearest', ['v128'])
  } else {
    is('lt_s le_s gt_s ge_s', ['v128', 'v128'])
    is('shl shr_s shr_u', ['v128', 'i32'])
    is('all_true', ['v128'], 'i32')
  }
}
for (const name of ['lt_u', 'le_u', 'gt_u', 'ge_u', 'min_s', 'max_s']) {
  table.set(`i32x4.${name}`, { operands: ['v128', 'v128'], result: 'v128' })
}
for (const [name, count] of [
  ['v128.and', 2],
  ['v128.or', 2],
  ['v128.xor', 2],
  ['v128.not', 1],
  ['v128.bitselect', 3],
  ['i64x2.extend_low_i32x4_s', 1],
  ['i64x2.extend_low_i32x4_u', 1],
  ['i32x4.trunc_sat_f32x4_s', 1],
  ['i32x4.trunc_sat_f64x2_s_zero', 1],
  ['f32x4.convert_i32x4_s', 1],
  ['f64x2.convert_low_i32x4_s', 1],
  ['f32x4.demote_f64x2_zero', 1],
  ['f64x2.promote_low_f32x4', 1],
] as const) {
  table.set(name, { operands: Array(count).fill('v128'), result: 'v128' })
}
// Lanes of 32 bits of two vectors, 0 to 3 of the first, 4 to 7 of the second.
for (const lanes of ['0202', '0011', '2301', '1032']) {
  table.set(`i32x4.shuffle_${lanes}`, { operands: ['v128', 'v128'], result: 'v128' })
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

const takesVectors = ({ operands, result }: Signature) => [...operands, result].includes('v128')

/** All but `select`. */
export const SCALAR_OPERATIONS: readonly string[] = [...table.keys()].filter(
  n => !takesVectors(table.get(n)!),
)
export const VECTOR_OPERATIONS: readonly string[] = [...table.keys()].filter(n => takesVectors(table.get(n)!))
