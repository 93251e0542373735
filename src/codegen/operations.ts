/**
 * The WebAssembly numeric instructions that the kernel uses, with their types and their bytes.
 *
 * Comes in: an instruction name. Goes out: operand and result types, and how it is written in a module. A table of
 * its own because the builder, the verifier, the interpreter and the encoder must agree on it; an instruction is
 * added here and in the interpreter.
 *
 * Numbers: WebAssembly 2.0, section 5.4 (binary format of instructions). A test has binaryen read each of them.
 */
import type { KernelType, Value } from './kernel.ts'

export interface Signature {
  readonly operands: readonly KernelType[]
  readonly result: KernelType
  /** The instruction with what follows its opcode: lane numbers. */
  readonly code: readonly number[]
  /** Of instructions that put a number into lanes or take it out. */
  readonly lane?: LaneUse
}

export interface LaneUse {
  readonly action: 'splat' | 'extract' | 'replace'
  readonly index: number
  readonly type: Exclude<KernelType, 'v128'>
}

const table = new Map<string, Signature>()

const VECTOR_PREFIX = 0xfd

/** Unsigned LEB128 of numbers below 2¹⁴. */
const twoBytes = (n: number): readonly number[] => (n < 128 ? [n] : [(n & 127) | 128, n >> 7])

const vector = (opcode: number): readonly number[] => [VECTOR_PREFIX, ...twoBytes(opcode)]

/** Instructions numbered one after the other from `first`; `-` is a number that the kernel does not use. */
function run(first: number, shape: string, operands: string, result: KernelType, names: string): void {
  const types = operands.split(' ') as KernelType[]
  const prefixed = result === 'v128' || types[0] === 'v128'
  for (const [i, name] of names.split(' ').entries()) {
    if (name === '-') continue
    const code = prefixed ? vector(first + i) : [first + i]
    table.set(`${shape}.${name}`, { operands: types, result, code })
  }
}

for (const [t, eqz, count] of [
  ['i32', 0x45, 0x67],
  ['i64', 0x50, 0x79],
] as const) {
  run(eqz, t, t, 'i32', 'eqz')
  run(eqz + 1, t, `${t} ${t}`, 'i32', 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u')
  run(count, t, t, t, 'clz ctz popcnt')
  run(
    count + 3,
    t,
    `${t} ${t}`,
    t,
    'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr',
  )
}
for (const [t, eq, abs] of [
  ['f32', 0x5b, 0x8b],
  ['f64', 0x61, 0x99],
] as const) {
  run(eq, t, `${t} ${t}`, 'i32', 'eq ne lt gt le ge')
  run(abs, t, t, t, 'abs neg ceil floor trunc nearest sqrt')
  run(abs + 7, t, `${t} ${t}`, t, 'add sub mul div min max copysign')
}
run(0xa7, 'i32', 'i64', 'i32', 'wrap_i64')
run(0xac, 'i64', 'i32', 'i64', 'extend_i32_s extend_i32_u')
run(0xb2, 'f32', 'i32', 'f32', 'convert_i32_s')
run(0xb6, 'f32', 'f64', 'f32', 'demote_f64')
run(0xb7, 'f64', 'i32', 'f64', 'convert_i32_s')
run(0xb9, 'f64', 'i64', 'f64', 'convert_i64_s convert_i64_u')
run(0xbb, 'f64', 'f32', 'f64', 'promote_f32')
run(0xbc, 'i32', 'f32', 'i32', 'reinterpret_f32')
run(0xbd, 'i64', 'f64', 'i64', 'reinterpret_f64')
run(0xbe, 'f32', 'i32', 'f32', 'reinterpret_i32')
run(0xbf, 'f64', 'i64', 'f64', 'reinterpret_i64')
for (const [name, operand, result, opcode] of [
  ['i32.trunc_sat_f32_s', 'f32', 'i32', 0],
  ['i32.trunc_sat_f64_s', 'f64', 'i32', 2],
  ['i64.trunc_sat_f64_s', 'f64', 'i64', 6],
] as const) {
  table.set(name, { operands: [operand], result, code: [0xfc, opcode] })
}

/** Of each shape: type and number of lanes, opcodes of `splat` and of `extract_lane`, which `replace_lane` follows. */
const SHAPES = [
  ['i32x4', 'i32', 4, 0x11, 0x1b],
  ['i64x2', 'i64', 2, 0x12, 0x1d],
  ['f32x4', 'f32', 4, 0x13, 0x1f],
  ['f64x2', 'f64', 2, 0x14, 0x21],
] as const
for (const [shape, type, lanes, splat, extract] of SHAPES) {
  const add = (action: LaneUse['action'], index: number, signature: Signature) => {
    const name = action === 'splat' ? action : `${action}_lane_${index}`
    table.set(`${shape}.${name}`, { ...signature, lane: { action, index, type } })
  }
  add('splat', 0, { operands: [type], result: 'v128', code: vector(splat) })
  for (let i = 0; i < lanes; i++) {
    add('extract', i, { operands: ['v128'], result: type, code: [...vector(extract), i] })
    add('replace', i, { operands: ['v128', type], result: 'v128', code: [...vector(extract + 1), i] })
  }
}
const two = 'v128 v128'
run(0x37, 'i32x4', two, 'v128', 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u')
run(0xd6, 'i64x2', two, 'v128', 'eq ne lt_s gt_s le_s ge_s')
run(0x41, 'f32x4', two, 'v128', 'eq ne lt gt le ge')
run(0x47, 'f64x2', two, 'v128', 'eq ne lt gt le ge')
run(0x4d, 'v128', 'v128', 'v128', 'not')
run(0x4e, 'v128', two, 'v128', 'and andnot or xor')
run(0x52, 'v128', 'v128 v128 v128', 'v128', 'bitselect')
for (const [shape, base] of [
  ['i32x4', 0xa0],
  ['i64x2', 0xc0],
] as const) {
  run(base + 3, shape, 'v128', 'i32', 'all_true bitmask')
  run(base + 11, shape, 'v128 i32', 'v128', 'shl shr_s shr_u')
  run(base + 14, shape, two, 'v128', 'add - - sub - - - mul')
}
run(0xb6, 'i32x4', two, 'v128', 'min_s - max_s')
for (const [shape, madd] of [
  ['f32x4', 0x105],
  ['f64x2', 0x107],
] as const) {
  run(madd, shape, 'v128 v128 v128', 'v128', 'relaxed_madd relaxed_nmadd')
}
run(0x67, 'f32x4', 'v128', 'v128', 'ceil floor trunc nearest')
run(0x74, 'f64x2', 'v128', 'v128', 'ceil floor')
run(0x7a, 'f64x2', 'v128', 'v128', 'trunc')
run(0x94, 'f64x2', 'v128', 'v128', 'nearest')
for (const [shape, abs] of [
  ['f32x4', 0xe0],
  ['f64x2', 0xec],
] as const) {
  run(abs, shape, 'v128', 'v128', 'abs neg - sqrt')
  run(abs + 4, shape, two, 'v128', 'add sub mul div min max pmin pmax')
}
run(0xc7, 'i64x2', 'v128', 'v128', 'extend_low_i32x4_s - extend_low_i32x4_u')
run(0xf8, 'i32x4', 'v128', 'v128', 'trunc_sat_f32x4_s - - - trunc_sat_f64x2_s_zero')
run(0xfa, 'f32x4', 'v128', 'v128', 'convert_i32x4_s')
run(0xfe, 'f64x2', 'v128', 'v128', 'convert_low_i32x4_s')
run(0x5e, 'f32x4', 'v128', 'v128', 'demote_f64x2_zero')
run(0x5f, 'f64x2', 'v128', 'v128', 'promote_low_f32x4')
for (const lanes of '0202 0011 2301 1032 2323 0145 3456 2345 1234 1445'.split(' ')) {
  table.set(`i32x4.shuffle_${lanes}`, shuffle(lanes))
}

/** Lanes of 32 bits of two vectors, 0 to 3 of the first, 4 to 7 of the second; `i8x16.shuffle` takes bytes. */
function shuffle(lanes: string): Signature {
  const bytes = [...lanes].flatMap(lane => [0, 1, 2, 3].map(byte => 4 * Number(lane) + byte))
  return { operands: ['v128', 'v128'], result: 'v128', code: [...vector(0x0d), ...bytes] }
}

export function signatureOf(name: string): Signature | undefined {
  const known = table.get(name)
  if (known) return known
  const [, lanes] = /^i32x4\.shuffle_([0-7]{4})$/.exec(name) ?? []
  if (!lanes) return undefined
  const signature = shuffle(lanes)
  table.set(name, signature)
  return signature
}

/** Result type of an instruction on these operands. Throws on a mistake of ours: users cannot reach it. */
export function operation(name: string, args: readonly Value[]): KernelType {
  if (name === 'select') return args[0]!.type
  const signature = signatureOf(name)
  if (!signature) throw new Error(`internal error: no instruction ${name}`)
  const { operands, result } = signature
  let isRight = operands.length === args.length
  for (let i = 0; isRight && i < args.length; i++) isRight = operands[i] === args[i]!.type
  if (!isRight) {
    throw new Error(
      `internal error: ${name} takes ${operands.join(' ')}, not ${args.map(a => a.type).join(' ')}`,
    )
  }
  return result
}

const takesVectors = ({ operands, result }: Signature) => [...operands, result].includes('v128')

/** All but `select`. */
export const SCALAR_OPERATIONS: readonly string[] = [...table.keys()].filter(
  n => !takesVectors(table.get(n)!),
)
export const VECTOR_OPERATIONS: readonly string[] = [...table.keys()].filter(n => takesVectors(table.get(n)!))
