/**
 * Makes random, well-formed kernel functions that terminate, for comparing emitter, inliner and interpreter.
 *
 * Comes in: a seed. Goes out: a module whose `main` takes one value of each type, works on 64 bytes of memory
 * and returns an f64. Integer divisions are left out because they may trap.
 */
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { KernelFunction, KernelModule, KernelType, Value } from '../../src/codegen/kernel.ts'

export type Random = (below: number) => number

/** Numbers 0 … below - 1 from a 32-bit generator (mulberry32). */
export function randomSource(seed: number): Random {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const BINARY: Record<KernelType, readonly string[]> = {
  i32: 'add sub mul and or xor shl shr_s shr_u rotl rotr eq lt_s lt_u ge_s gt_u'.split(' '),
  i64: 'add sub mul and or xor shl shr_s shr_u rotl rotr'.split(' '),
  f32: 'add sub mul div min max'.split(' '),
  f64: 'add sub mul div min max'.split(' '),
  v128: [],
}
const UNARY: Record<KernelType, readonly string[]> = {
  i32: 'clz ctz popcnt eqz'.split(' '),
  i64: 'clz ctz popcnt'.split(' '),
  f32: 'abs neg sqrt floor ceil trunc nearest'.split(' '),
  f64: 'abs neg sqrt floor ceil trunc nearest'.split(' '),
  v128: [],
}
const CONVERSIONS: readonly (readonly [string, KernelType])[] = [
  ['i32.wrap_i64', 'i64'],
  ['i64.extend_i32_s', 'i32'],
  ['i64.extend_i32_u', 'i32'],
  ['i32.trunc_sat_f32_s', 'f32'],
  ['i32.trunc_sat_f64_s', 'f64'],
  ['i64.trunc_sat_f64_s', 'f64'],
  ['f32.convert_i32_s', 'i32'],
  ['f64.convert_i32_s', 'i32'],
  ['f64.convert_i64_s', 'i64'],
  ['f64.convert_i64_u', 'i64'],
  ['f32.demote_f64', 'f64'],
  ['f64.promote_f32', 'f32'],
  ['f32.reinterpret_i32', 'i32'],
  ['f64.reinterpret_i64', 'i64'],
  ['f64.eq', 'f64'],
  ['f32.le', 'f32'],
  ['i64.lt_s', 'i64'],
  ['i64.eqz', 'i64'],
]
const TYPES = ['i32', 'i64', 'f32', 'f64'] as const

type Pool = Record<KernelType, Value[]>

interface Maker {
  readonly b: FunctionBuilder
  readonly random: Random
  readonly callees: readonly KernelFunction[]
  budget: number
}

export function randomModule(seed: number, size = 60): KernelModule {
  const random = randomSource(seed)
  const functions: KernelFunction[] = []
  for (const name of ['first', 'second', 'main']) {
    functions.push(randomFunction(random, name, functions.slice(), name === 'main' ? size : size >> 2))
  }
  return { functions, memoryBytes: 64, data: [{ offset: 8, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }] }
}

function randomFunction(
  random: Random,
  name: string,
  callees: KernelFunction[],
  size: number,
): KernelFunction {
  const b = new FunctionBuilder()
  const maker: Maker = { b, random, callees, budget: size }
  const parameters = TYPES.map(t => b.parameter(t))
  const pool = { i32: [], i64: [], f32: [], f64: [], v128: [] } as Pool
  for (const p of parameters) pool[p.type].push(p)
  fill(maker, pool, size, 0)
  return b.finish(name, parameters, pick(maker, pool, 'f64'), name === 'main')
}

function pick({ b, random }: Maker, pool: Pool, type: KernelType): Value {
  if (random(5) === 0) return b.constant(type, type === 'i64' ? BigInt(random(99)) : random(99) - 50)
  const values = pool[type]
  // Prefer recent values, so that long expressions arise.
  const back = random(2) === 0 ? random(3) : random(values.length)
  return values[Math.max(0, values.length - 1 - back)]!
}

function fill(maker: Maker, pool: Pool, count: number, depth: number): void {
  for (let i = 0; i < count && maker.budget-- > 0; i++) step(maker, pool, depth)
}

function inner(pool: Pool): Pool {
  return { i32: [...pool.i32], i64: [...pool.i64], f32: [...pool.f32], f64: [...pool.f64], v128: [] }
}

function step(maker: Maker, pool: Pool, depth: number): void {
  const { b, random } = maker
  const add = (...values: Value[]) => values.forEach(v => void pool[v.type].push(v))
  const type = TYPES[random(4)]!
  const choice = random(depth < 3 ? 20 : 16)
  if (choice < 6) {
    const names = BINARY[type]
    add(b.op(`${type}.${names[random(names.length)]}`, pick(maker, pool, type), pick(maker, pool, type)))
  } else if (choice < 8) {
    const names = UNARY[type]
    add(b.op(`${type}.${names[random(names.length)]}`, pick(maker, pool, type)))
  } else if (choice < 11) {
    const [name, from] = CONVERSIONS[random(CONVERSIONS.length)]!
    const args = name === 'f64.eq' || name === 'f32.le' || name === 'i64.lt_s' ? 2 : 1
    add(b.op(name, ...Array.from({ length: args }, () => pick(maker, pool, from))))
  } else if (choice === 11) {
    add(b.select(pick(maker, pool, 'i32'), pick(maker, pool, type), pick(maker, pool, type)))
  } else if (choice < 14) memoryStep(maker, pool, type, add)
  else if (choice < 16) callStep(maker, pool, add)
  else if (choice < 18) ifStep(maker, pool, depth, add)
  else loopStep(maker, pool, depth, add)
}

function memoryStep(maker: Maker, pool: Pool, type: KernelType, add: (v: Value) => void): void {
  const { b, random } = maker
  const address = b.op('i32.and', pick(maker, pool, 'i32'), b.i32(31))
  // NaN bits are not determined, so floats are stored only after a comparison has excluded NaN.
  if (random(2) === 0) add(b.load(type === 'f32' ? 'i32' : 'i64', address, random(16)))
  else b.store(address, random(16), pick(maker, pool, type === 'f32' ? 'i32' : 'i64'))
}

function callStep(maker: Maker, pool: Pool, add: (v: Value) => void): void {
  const { b, random, callees } = maker
  const callee = callees[random(callees.length || 1)]
  if (!callee) return
  add(
    b.call(
      callee.name,
      'f64',
      TYPES.map(t => pick(maker, pool, t)),
    ),
  )
}

function ifStep(maker: Maker, pool: Pool, depth: number, add: (...v: Value[]) => void): void {
  const { b, random } = maker
  const types = Array.from({ length: random(3) }, () => TYPES[random(4)]!)
  const branch = () => {
    const here = inner(pool)
    fill(maker, here, random(6), depth + 1)
    return types.map(t => pick(maker, here, t))
  }
  add(...b.if(pick(maker, pool, 'i32'), branch, branch))
}

function loopStep(maker: Maker, pool: Pool, depth: number, add: (...v: Value[]) => void): void {
  const { b, random } = maker
  const types = Array.from({ length: random(5) }, () => TYPES[random(4)]!)
  const rounds = b.i32(1 + random(4))
  const initial = [rounds, ...types.map(t => pick(maker, pool, t))]
  const results = b.loop(initial, ([left, ...carried]) => {
    const here = inner(pool)
    for (const value of carried) here[value.type].push(value)
    fill(maker, here, random(8), depth + 1)
    const next = types.map(t => (random(2) === 0 ? rotate(carried, t, random) : pick(maker, here, t)))
    const rest = b.op('i32.sub', left!, b.i32(1))
    return { next: [rest, ...next], condition: rest }
  })
  add(...results)
}

/** One of the carried values of the type: provokes swaps. */
function rotate(carried: readonly Value[], type: KernelType, random: Random): Value {
  const alike = carried.filter(v => v.type === type)
  return alike[random(alike.length)]!
}
