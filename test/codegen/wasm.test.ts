/** The encoding of modules, as binaryen and engines read it. */
import { describe, expect, test } from 'vitest'
import { optimize, reencode, toText, validate } from '../../src/codegen/binaryen.ts'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { poolConstants } from '../../src/codegen/constant-pool.ts'
import { emitWat, encodeWasm } from '../../src/codegen/emit.ts'
import type { KernelFunction, KernelModule, KernelType } from '../../src/codegen/kernel.ts'
import { SCALAR_OPERATIONS, signatureOf, VECTOR_OPERATIONS } from '../../src/codegen/operations.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { createWriter } from '../../src/codegen/wasm/bytes.ts'
import { randomModule } from './random-kernel.ts'
import type { Exports } from './run.ts'

const moduleOf = (...functions: KernelFunction[]): KernelModule => ({ functions, memoryBytes: 64, data: [] })

async function run(wasm: Uint8Array, imports: WebAssembly.Imports = {}): Promise<Exports> {
  const { instance } = await WebAssembly.instantiate(wasm as BufferSource, imports)
  return instance.exports as Exports
}

describe('numbers', () => {
  /** As the definition says: groups of 7 bits from the lowest, signed ones end with the sign. */
  function decode(bytes: Uint8Array, signed: boolean): bigint {
    let value = 0n
    for (const [i, byte] of bytes.entries()) value |= BigInt(byte & 127) << BigInt(7 * i)
    const bits = 7 * bytes.length
    for (const byte of bytes.subarray(0, -1)) expect(byte & 128).toBe(128)
    expect(bytes.at(-1)! & 128).toBe(0)
    return signed ? BigInt.asIntN(bits, value) : value
  }

  const powers = Array.from({ length: 65 }, (_, i) => 2n ** BigInt(i))
  const around = powers.flatMap(p => [p - 1n, p, p + 1n])

  test('LEB128', () => {
    const writer = createWriter(1)
    for (const value of [...around, ...around.map(v => -v)]) {
      writer.clear()
      writer.signed64(value)
      expect(decode(writer.view(), true)).toBe(BigInt.asIntN(64, value))
      writer.clear()
      writer.signed32(Number(BigInt.asIntN(32, value)))
      expect(decode(writer.view(), true)).toBe(BigInt.asIntN(32, value))
      writer.clear()
      writer.unsigned(Number(BigInt.asUintN(32, value)))
      expect(decode(writer.view(), false)).toBe(BigInt.asUintN(32, value))
    }
  })
})

describe('instructions', () => {
  const ALL = [...SCALAR_OPERATIONS, ...VECTOR_OPERATIONS]

  /** `i32x4.extract_lane_1` is `i32x4.extract_lane 1` in texts, a shuffle of ints one of bytes. */
  function inText(name: string): string {
    const [, lanes] = /^i32x4\.shuffle_(\d+)$/.exec(name) ?? []
    if (!lanes) return name.replace(/_lane_(\d)$/, '_lane $1')
    const bytes = [...lanes].flatMap(lane => [0, 1, 2, 3].map(i => 4 * Number(lane) + i))
    return `i8x16.shuffle ${bytes.join(' ')}`
  }

  function using(name: string, index: number): KernelFunction {
    const b = new FunctionBuilder()
    const parameters = signatureOf(name)!.operands.map(t => b.parameter(t))
    return b.finish(`f${index}`, parameters, b.op(name, ...parameters))
  }

  test('each is what its name says to binaryen', async () => {
    const text = await toText(encodeWasm(moduleOf(...ALL.map(using)), { names: true }))
    const bodies = new Map(
      [...text.matchAll(/^ \(func \$f(\d+) [\s\S]*?^ \)$/gm)].map(m => [Number(m[1]), m[0]]),
    )
    expect(bodies.size).toBe(ALL.length)
    for (const [i, name] of ALL.entries()) expect(bodies.get(i)).toContain(`(${inText(name)}\n`)
  })

  test('constants of all types', async () => {
    const constants: [KernelType, number | bigint][] = [
      ...[0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)].map(v => ['i32', v] as [KernelType, number]),
      ...[0n, -(2n ** 63n), 2n ** 63n - 1n, 12345678901n].map(v => ['i64', v] as [KernelType, bigint]),
      ...[0, -0, 0.1, 1e300, Number.NaN, -Infinity, 5e-324].map(v => ['f64', v] as [KernelType, number]),
      ...[-0, Math.fround(0.1), Infinity, 2 ** -149].map(v => ['f32', v] as [KernelType, number]),
    ]
    const functions = constants.map(([type, value], i) => {
      const b = new FunctionBuilder()
      return b.finish(`f${i}`, [], b.constant(type, value), true)
    })
    const wasm = encodeWasm(moduleOf(...functions))
    await validate(wasm)
    const exports = await run(wasm)
    for (const [i, [, value]] of constants.entries()) expect(exports[`f${i}`]!()).toBe(value)
  })

  test('lanes between memory and vectors, in one instruction and not', async () => {
    const b = new FunctionBuilder()
    const zero = b.i32(0)
    const spread = b.op('i32x4.splat', b.load('i32', zero, 0))
    const filled = b.op('i32x4.replace_lane_2', spread, b.load('i32', zero, 4))
    const sum = b.op('i32x4.add', filled, filled)
    for (let i = 0; i < 4; i++) b.store(zero, 16 + 4 * i, b.op(`i32x4.extract_lane_${i}`, sum))
    const f = b.finish('main', [], undefined, true)
    const wasm = encodeWasm(moduleOf(f))
    const text = await toText(wasm)
    for (const name of ['load32_splat', 'load32_lane', 'store32_lane']) expect(text).toContain(`v128.${name}`)
    const exports = await run(wasm)
    const memory = new Int32Array(exports.memory.buffer)
    memory.set([5, 7])
    exports.main!()
    expect([...memory.subarray(4, 8)]).toEqual([10, 10, 14, 10])
  })
})

describe('modules', () => {
  test('a memory of the host, and its functions', async () => {
    const b = new FunctionBuilder()
    const x = b.parameter('f64')
    b.callVoid('note', [b.op('i32.trunc_sat_f64_s', x)])
    const twice = b.call('twice', 'f64', [x])
    const f = b.finish('main', [x], b.op('f64.add', twice, b.load('f64', b.i32(0), 8)), true)
    const module: KernelModule = {
      imports: [
        { name: 'twice', module: 'host', field: 'double', parameters: ['f64'], result: 'f64' },
        { name: 'note', module: 'host', field: 'note', parameters: ['i32'], result: undefined },
      ],
      functions: [f],
      memoryBytes: 64,
      data: [{ offset: 16, bytes: Uint8Array.of(9) }],
    }
    expect(verifyKernel(module)).toEqual([])
    expect(poolConstants(module).imports).toBe(module.imports)
    const wasm = encodeWasm(module, { memory: { module: 'host', field: 'ram' } })
    await validate(wasm)
    const ram = new WebAssembly.Memory({ initial: 1 })
    new Float64Array(ram.buffer)[1] = 100
    const noted: number[] = []
    const host = { ram, double: (v: number) => 2 * v, note: (v: number) => void noted.push(v) }
    const exports = await run(wasm, { host })
    expect(exports.main!(4)).toBe(108)
    expect(noted).toEqual([4])
    expect(exports.memory).toBe(ram)
    expect(new Uint8Array(ram.buffer)[16]).toBe(9)
  })

  test('a memory that threads share', async () => {
    const b = new FunctionBuilder()
    const f = b.finish('main', [], b.load('i32', b.i32(0), 4), true)
    const wasm = encodeWasm(moduleOf(f), { memory: { module: 'host', field: 'ram', sharedMaximum: 10 } })
    await validate(wasm)
    const ram = new WebAssembly.Memory({ initial: 2, maximum: 10, shared: true })
    new Int32Array(ram.buffer)[1] = 42
    expect((await run(wasm, { host: { ram } })).main!()).toBe(42)
  })

  test('names are kept when asked for', async () => {
    const b = new FunctionBuilder()
    const module = moduleOf(b.finish('slow.sine', [], b.i32(1)))
    expect(await emitWat(module)).toContain('slow.sine')
    expect(
      WebAssembly.Module.customSections(new WebAssembly.Module(encodeWasm(module) as BufferSource), 'name'),
    ).toEqual([])
  })

  test('binaryen encodes, and optimises, the same programs', async () => {
    for (let seed = 1000; seed < 1040; seed++) {
      const wasm = encodeWasm(randomModule(seed))
      const results: unknown[] = []
      for (const variant of [wasm, await reencode(wasm), await optimize(wasm)]) {
        const exports = await run(variant)
        const result = exports.main!(seed, 3n, 1.5, -2.25)
        results.push([result, new Uint8Array(exports.memory.buffer, 0, 64).slice()])
      }
      expect(results[1]).toEqual(results[0])
      expect(results[2]).toEqual(results[0])
    }
  })
})
