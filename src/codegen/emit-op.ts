/**
 * Kernel instruction names to binaryen's constructors.
 *
 * Comes in: a name as in the WebAssembly text format. Goes out: a function that builds the expression. Alone
 * in a file because this is the one place where the two spellings differ, and where types must be forced.
 */
import type binaryen from 'binaryen'
import type { KernelType } from './kernel.ts'

type Expression = number
export type Constructor = (...args: Expression[]) => Expression
type Group = Record<string, Constructor | Record<string, Constructor>>

/** `f64.convert_i32_s` is `f64.convert_s.i32` there, and conversions with one operand type do not name it. */
const CONVERSIONS: Readonly<Record<string, readonly string[]>> = {
  wrap_i64: ['wrap'],
  extend_i32_s: ['extend_s'],
  extend_i32_u: ['extend_u'],
  trunc_sat_f32_s: ['trunc_s_sat', 'f32'],
  trunc_sat_f64_s: ['trunc_s_sat', 'f64'],
  convert_i32_s: ['convert_s', 'i32'],
  convert_i64_s: ['convert_s', 'i64'],
  convert_i64_u: ['convert_u', 'i64'],
  demote_f64: ['demote'],
  promote_f32: ['promote'],
  reinterpret_f32: ['reinterpret'],
  reinterpret_f64: ['reinterpret'],
  reinterpret_i32: ['reinterpret'],
  reinterpret_i64: ['reinterpret'],
}

/** Instructions with lane numbers in them: binaryen takes these as arguments. */
function laneConstructor(module: binaryen.Module, shape: string, action: string, lanes: string): Constructor {
  if (action === 'shuffle') {
    const mask = [...lanes].flatMap(lane => [0, 1, 2, 3].map(byte => 4 * Number(lane) + byte))
    return (a, b) => module.i8x16.shuffle(a!, b!, mask)
  }
  const group = module[shape as 'f64x2']
  const lane = Number(lanes)
  if (action === 'extract_lane') return a => group.extract_lane(a!, lane)
  return (a, value) => group.replace_lane(a!, lane, value!)
}

export function constructorOf(module: binaryen.Module, name: string): Constructor {
  if (name === 'select') return (a, b, condition) => module.select(condition!, a!, b!)
  const [type, operation] = name.split('.') as [KernelType, string]
  const [, action, lane] = /^(extract_lane|replace_lane|shuffle)_(\d+)$/.exec(operation) ?? []
  if (action && lane) return laneConstructor(module, type, action, lane)
  const [member, from] = CONVERSIONS[operation] ?? [operation]
  const entry = (module[type] as unknown as Group)[member!]
  const found = from === undefined ? entry : (entry as Record<string, Constructor> | undefined)?.[from]
  if (typeof found !== 'function') throw new Error(`internal error: binaryen has no ${name}`)
  return found
}
