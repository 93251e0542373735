/**
 * One instruction on two values at once, as vector instructions.
 *
 * Comes in: a scalar instruction and its operands as pairs. Goes out: the pair of its results, each with the bits
 * that the scalar instruction gives. A module of its own because it alone knows how pairs lie in vectors.
 *
 * A pair of f64 or i64 fills a vector; one of f32 or i32 its lower half, and what is above means nothing, or is
 * another pair: where all types have 32 bits, instructions do the same for four. What a comparison gives stays a mask
 * (all ones for 1) as wide as what was compared, until it is used as a number.
 */
import type { FunctionBuilder } from './builder.ts'
import { vectorOf } from './interpret-vector.ts'
import type { KernelType, Value } from './kernel.ts'
import { chosenExtreme, extremeOf, extremeWithConstant } from './lane-extremes.ts'

export type ScalarType = Exclude<KernelType, 'v128'>
export type PairKind = ScalarType | 'mask32' | 'mask64'

export interface Pair {
  readonly kind: PairKind
  readonly vector: Value
  /** Of a mask: what was compared. */
  readonly compared?: { readonly name: string; readonly x: Value; readonly y: Value }
}

/** A constant behind a pair, if both halves are the same. */
export type ConstantOf = (pair: Pair) => number | bigint | undefined

export const SHAPES = { i32: 'i32x4', i64: 'i64x2', f32: 'f32x4', f64: 'f64x2' } as const
const ALL_ONES = 2n ** 128n - 1n
const SIGNS = { f32: 0x80000000_80000000_80000000_80000000n, f64: 0x80000000_00000000_80000000_00000000n }

type Constant = number | bigint

export const vectorBits = (type: ScalarType, x: Constant, y: Constant, z = x, w = y): bigint =>
  vectorOf(type === 'f32' || type === 'i32' ? [x, y, z, w] : [x, y], type)

export function constantPair(b: FunctionBuilder, type: ScalarType, x: number | bigint, y = x): Pair {
  return { kind: type, vector: b.constant('v128', vectorBits(type, x, y)) }
}

/** Two or four values of one type, one in each lane. */
export function gatherLanes(b: FunctionBuilder, values: readonly Value[]): Pair {
  const [first, ...others] = values as [Value, ...Value[]]
  const kind = first.type as ScalarType
  let vector = b.op(`${SHAPES[kind]}.splat`, first)
  for (const [i, value] of others.entries()) {
    if (value !== first) vector = b.op(`${SHAPES[kind]}.replace_lane_${i + 1}`, vector, value)
  }
  return { kind, vector }
}

export function extractLane(b: FunctionBuilder, type: KernelType, vector: Value, lane: number): Value {
  return b.op(`${SHAPES[type as ScalarType]}.extract_lane_${lane}`, vector)
}

/** One lane as a scalar; of a mask, 0 or 1. */
export function laneOf(b: FunctionBuilder, { kind, vector }: Pair, lane: number): Value {
  if (kind === 'mask32' || kind === 'mask64') {
    const bits = b.op(`i32x4.extract_lane_${kind === 'mask64' ? 2 * lane : lane}`, vector)
    return b.op('i32.and', bits, b.i32(1))
  }
  return b.op(`${SHAPES[kind]}.extract_lane_${lane}`, vector)
}

const twice = (b: FunctionBuilder, lanes: string, x: Value) => b.op(`i32x4.shuffle_${lanes}`, x, x)

export function asMask(b: FunctionBuilder, pair: Pair, width: 32 | 64): Value {
  const { kind, vector } = pair
  switch (kind) {
    case 'mask32':
      return width === 32 ? vector : twice(b, '0011', vector)
    case 'mask64':
      return width === 64 ? vector : twice(b, '0202', vector)
    default: {
      const mask = b.op('i32x4.ne', vector, constantPair(b, 'i32', 0).vector)
      return asMask(b, { kind: 'mask32', vector: mask }, width)
    }
  }
}

/** The pair as one of i32, i64, f32 or f64. */
export function asNumber(b: FunctionBuilder, pair: Pair): Pair {
  if (pair.kind !== 'mask32' && pair.kind !== 'mask64') return pair
  return { kind: 'i32', vector: b.op('v128.and', asMask(b, pair, 32), constantPair(b, 'i32', 1).vector) }
}

const isMask = ({ kind }: Pair) => kind === 'mask32' || kind === 'mask64'
const COMPARISONS = new Set('eq ne lt le gt ge lt_s le_s gt_s ge_s'.split(' '))
const UNSIGNED = new Set('lt_u le_u gt_u ge_u'.split(' '))
const OTHERS = new Set('and or xor eqz copysign'.split(' '))
const PLAIN = {
  f32: new Set('add sub mul div min max abs neg sqrt floor ceil trunc nearest'.split(' ')),
  f64: new Set('add sub mul div min max abs neg sqrt floor ceil trunc nearest'.split(' ')),
  i32: new Set('add sub mul'.split(' ')),
  i64: new Set('add sub mul'.split(' ')),
}

/** Whether `pairOperation` can do it; for shifts, with a constant count. */
export function hasPairForm(op: string, isCountConstant: boolean): boolean {
  if (op === 'select' || CONVERSIONS[op]) return true
  const [type, name] = op.split('.') as [ScalarType, string]
  if (name.startsWith('sh')) return isCountConstant
  return PLAIN[type].has(name) || COMPARISONS.has(name) || UNSIGNED.has(name) || OTHERS.has(name)
}

/** Undefined if there are no vector instructions for it. */
export function pairOperation(
  b: FunctionBuilder,
  op: string,
  args: readonly Pair[],
  constantOf: ConstantOf,
): Pair | undefined {
  if (op === 'select') return select(b, args, constantOf)
  const [type, name] = op.split('.') as [ScalarType, string]
  if (name === 'and' || name === 'or' || name === 'xor') return bitwise(b, type, name, args)
  if (name === 'eqz' && isMask(args[0]!)) {
    return { kind: args[0]!.kind, vector: b.op('v128.not', args[0]!.vector) }
  }
  const conversion = CONVERSIONS[op]
  const truth =
    args[0]!.kind === 'mask64' ? TRUTHS64[op] : args[0]!.kind === 'mask32' ? TRUTHS32[op] : undefined
  if (truth)
    return { kind: type, vector: b.op('v128.and', args[0]!.vector, constantPair(b, truth, 1).vector) }
  const numbers = args.map(a => asNumber(b, a))
  if (conversion) return { kind: type, vector: conversion(b, numbers[0]!.vector) }
  return arithmetic(b, type, name, numbers, constantOf)
}

/** Conversions of what a comparison gives: 1 where it holds, of this type. */
const TRUTHS32: Readonly<Record<string, 'f32'>> = { 'f32.convert_i32_s': 'f32' }
const TRUTHS64: Readonly<Record<string, 'f64'>> = { 'f64.convert_i32_s': 'f64' }

const widthOf = (type: ScalarType): 32 | 64 => (type === 'f64' || type === 'i64' ? 64 : 32)
const maskKind = (type: ScalarType): PairKind => (widthOf(type) === 64 ? 'mask64' : 'mask32')

function arithmetic(
  b: FunctionBuilder,
  type: ScalarType,
  name: string,
  args: readonly Pair[],
  constantOf: ConstantOf,
): Pair | undefined {
  const shape = SHAPES[type]
  const vectors = args.map(a => a.vector)
  if (PLAIN[type].has(name)) return { kind: type, vector: plain(b, type, name, args, constantOf) }
  if (COMPARISONS.has(name)) {
    const [x, y] = vectors as [Value, Value]
    return { kind: maskKind(type), vector: b.op(`${shape}.${name}`, x, y), compared: { name, x, y } }
  }
  if (UNSIGNED.has(name)) return { kind: maskKind(type), vector: compareUnsigned(b, type, name, vectors) }
  if (name === 'eqz') {
    const zero = constantPair(b, type, type === 'i64' ? 0n : 0).vector
    return { kind: maskKind(type), vector: b.op(`${shape}.eq`, vectors[0]!, zero) }
  }
  if (name === 'copysign') {
    const signs = b.constant('v128', SIGNS[type as 'f32' | 'f64'])
    return { kind: type, vector: b.op('v128.bitselect', vectors[1]!, vectors[0]!, signs) }
  }
  if (name !== 'shl' && name !== 'shr_s' && name !== 'shr_u') return undefined
  const count = constantOf(args[1]!)
  if (count === undefined) return undefined
  return { kind: type, vector: b.op(`${shape}.${name}`, vectors[0]!, b.i32(Number(count))) }
}

function plain(
  b: FunctionBuilder,
  type: ScalarType,
  name: string,
  args: readonly Pair[],
  constantOf: ConstantOf,
): Value {
  const vectors = args.map(a => a.vector) as [Value, Value]
  if (type === 'f32' || type === 'f64') {
    // Engines make the sign bits anew for each of these; a constant they keep.
    const signs = SIGNS[type]
    if (name === 'abs') return b.op('v128.and', vectors[0], b.constant('v128', signs ^ ALL_ONES))
    if (name === 'neg') return b.op('v128.xor', vectors[0], b.constant('v128', signs))
    if (name === 'min' || name === 'max') {
      return (
        extremeWithConstant(b, type, name, vectors, args.map(constantOf)) ?? extremeOf(b, type, name, vectors)
      )
    }
  }
  return b.op(`${SHAPES[type]}.${name}`, ...vectors)
}

/** Of i64 as signed, with the highest bits turned. */
function compareUnsigned(b: FunctionBuilder, type: ScalarType, name: string, args: readonly Value[]): Value {
  if (type === 'i32') return b.op(`i32x4.${name}`, ...args)
  const high = b.constant('v128', SIGNS.f64)
  const turned = args.map(a => b.op('v128.xor', a, high))
  return b.op(`i64x2.${name.replace('_u', '_s')}`, ...turned)
}

function bitwise(b: FunctionBuilder, type: ScalarType, name: string, args: readonly Pair[]): Pair {
  const [x, y] = args as [Pair, Pair]
  if (isMask(x) && isMask(y)) {
    const width = x.kind === 'mask64' ? 64 : 32
    return { kind: x.kind, vector: b.op(`v128.${name}`, x.vector, asMask(b, y, width)) }
  }
  const vectors = args.map(a => asNumber(b, a).vector)
  return { kind: type, vector: b.op(`v128.${name}`, ...vectors) }
}

function select(b: FunctionBuilder, args: readonly Pair[], constantOf: ConstantOf): Pair {
  const [x, y, condition] = args as [Pair, Pair, Pair]
  const [first, second] = [asNumber(b, x), asNumber(b, y)]
  const { kind } = first
  const extreme = chosenExtreme(first, second, condition)
  if (extreme) return { kind, vector: b.op(extreme, second.vector, first.vector) }
  const mask = asMask(b, condition, widthOf(kind as ScalarType))
  const constants = [constantOf(x), constantOf(y)] as const
  if (isZero(constants[1])) return { kind, vector: b.op('v128.and', first.vector, mask) }
  if (isZero(constants[0])) return { kind, vector: b.op('v128.andnot', second.vector, mask) }
  const [one, other] = constants.map(c =>
    c === undefined ? undefined : vectorBits(kind as ScalarType, c, c),
  )
  if (one !== undefined && other !== undefined) {
    const difference = b.op('v128.and', b.constant('v128', one ^ other), mask)
    return { kind, vector: b.op('v128.xor', difference, second.vector) }
  }
  return { kind, vector: b.op('v128.bitselect', first.vector, second.vector, mask) }
}

/** No bit is set. */
const isZero = (constant: number | bigint | undefined) => constant === 0n || Object.is(constant, 0)

type Convert = (b: FunctionBuilder, x: Value) => Value
const by =
  (op: string): Convert =>
  (b, x) =>
    b.op(op, x)
const unchanged: Convert = (_, x) => x

const CONVERSIONS: Readonly<Record<string, Convert>> = {
  'i32.wrap_i64': (b, x) => twice(b, '0202', x),
  'i64.extend_i32_s': by('i64x2.extend_low_i32x4_s'),
  'i64.extend_i32_u': by('i64x2.extend_low_i32x4_u'),
  'i32.trunc_sat_f32_s': by('i32x4.trunc_sat_f32x4_s'),
  'i32.trunc_sat_f64_s': by('i32x4.trunc_sat_f64x2_s_zero'),
  'f32.convert_i32_s': by('f32x4.convert_i32x4_s'),
  'f64.convert_i32_s': by('f64x2.convert_low_i32x4_s'),
  'f32.demote_f64': by('f32x4.demote_f64x2_zero'),
  'f64.promote_f32': by('f64x2.promote_low_f32x4'),
  'i32.reinterpret_f32': unchanged,
  'f32.reinterpret_i32': unchanged,
  'i64.reinterpret_f64': unchanged,
  'f64.reinterpret_i64': unchanged,
}

/** Whether a mask holds in both halves, or in all four lanes. */
export function allHold(b: FunctionBuilder, condition: Pair, lanes: 2 | 4): Value {
  if (lanes === 4) return b.op('i32.eq', b.op('i32x4.bitmask', asMask(b, condition, 32)), b.i32(15))
  return b.op('i32.eq', b.op('i64x2.bitmask', asMask(b, condition, 64)), b.i32(3))
}
