import { describe, expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { emitWasm, emitWat } from '../../src/codegen/emit.ts'
import { interleave } from '../../src/codegen/interleave.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelFunction, KernelModule, Region, Value } from '../../src/codegen/kernel.ts'
import { printKernel } from '../../src/codegen/print.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'
import { randomModule } from './random-kernel.ts'
import { instantiate } from './run.ts'

const one = (f: KernelFunction): KernelModule => ({ functions: [f], memoryBytes: 64, data: [] })

function build(types: readonly Value['type'][], make: (b: FunctionBuilder, args: Value[]) => Value) {
  const b = new FunctionBuilder()
  const parameters = types.map(t => b.parameter(t))
  return b.finish('main', parameters, make(b, parameters), true)
}

async function call(f: KernelFunction, ...args: number[]) {
  expect(verifyKernel(one(f))).toEqual([])
  const exports = await instantiate(one(f))
  return exports.main!(...args)
}

describe('emitWasm', () => {
  test('a loop that swaps its carried values', async () => {
    const f = build(['i32', 'f64', 'f64'], (b, [n, x, y]) => {
      const results = b.loop([n!, x!, y!], ([left, p, q]) => {
        const rest = b.op('i32.sub', left!, b.i32(1))
        return { next: [rest, q!, p!], condition: rest }
      })
      return b.op('f64.sub', results[1]!, results[2]!)
    })
    expect(await call(f, 1, 10, 3)).toBe(-7)
    expect(await call(f, 2, 10, 3)).toBe(7)
  })

  test('a loop whose condition is a carried value reads it before it is overwritten', async () => {
    const f = build(['i32'], (b, [n]) => {
      const [, count] = b.loop([n!, b.i32(0)], ([left, c]) => ({
        next: [b.op('i32.sub', left!, b.i32(1)), b.op('i32.add', c!, b.i32(1))],
        condition: left!,
      }))
      return count!
    })
    // The body runs for 3, 2, 1 and, because 1 was not 0 yet, for 0.
    expect(await call(f, 3)).toBe(4)
  })

  test('loads keep their order with stores', async () => {
    const f = build(['i32'], (b, [x]) => {
      const zero = b.i32(0)
      b.store(zero, 4, x!)
      const before = b.load('i32', zero, 4)
      b.store(zero, 4, b.i32(7))
      return b.op('i32.sub', before, b.load('i32', zero, 4))
    })
    expect(await call(f, 50)).toBe(43)
  })

  test('memory, data and text', async () => {
    const f = build(['i32'], (b, [address]) => b.load('i32', address!, 0))
    const module = {
      functions: [f],
      memoryBytes: 65537,
      data: [{ offset: 65533, bytes: Uint8Array.of(1, 2, 3, 4) }],
    }
    const exports = await instantiate(module)
    expect(exports.memory.buffer.byteLength).toBe(2 * 65536)
    expect(exports.main!(65533)).toBe(0x04030201)
    expect(await emitWat(module)).toContain('(export "main"')
  })

  test('100,000 instructions in a row, their values used twice, and a sum of 20,000 terms', async () => {
    const f = build(['f64'], (b, [x]) => {
      let a = x!
      let sum = x!
      for (let i = 0; i < 20_000; i++) {
        const next = b.op('f64.add', b.op('f64.mul', a, b.f64(0.5)), b.f64(1))
        sum = b.op('f64.add', sum, next)
        a = b.op('f64.sub', next, b.op('f64.mul', a, b.f64(0.25)))
      }
      return b.op('f64.add', sum, a)
    })
    const expected = interpretFunction(new Map([['main', f]]), 'main', [1])
    expect(await call(f, 1)).toBe(expected)
  })

  test('many values alive at once stay below the limit of engines after their last use', async () => {
    const f = build(['f64'], (b, [x]) => {
      let sum = x!
      for (let round = 0; round < 60; round++) {
        const values = Array.from({ length: 1000 }, (_, i) => b.op('f64.add', sum, b.f64(i)))
        for (const v of values) sum = b.op('f64.add', sum, b.op('f64.sqrt', b.op('f64.mul', v, v)))
      }
      return sum
    })
    const expected = interpretFunction(new Map([['main', f]]), 'main', [1])
    expect(await call(f, 1)).toBe(expected)
  })

  test('3,000 branches inside each other', async () => {
    const f = build(['i32'], (b, [x]) => {
      let inner: Region = { instructions: [], yields: [x!] }
      for (let depth = 1; depth <= 3000; depth++) {
        b.open()
        const other = { instructions: [], yields: [x!] }
        const sum = b.op('i32.add', b.choose(x!, inner, other)[0]!, x!)
        inner = { instructions: b.close(), yields: [sum] }
      }
      return b.choose(x!, inner, { instructions: [], yields: [b.i32(7)] })[0]!
    })
    expect(await call(f, 3)).toBe(9003)
    expect(await call(f, 0)).toBe(7)
  })

  test('chains that lie side by side are computed in turn where a loop says so', async () => {
    const order = async (isInterleaved: boolean) => {
      const f = build(['i32', 'f64'], (b, [n, x]) => {
        const turn = ([left, ...sums]: readonly Value[]) => {
          let [first, second] = sums as [Value, Value]
          for (let i = 0; i < 6; i++) {
            first = b.op('f64.add', b.op('f64.mul', b.load('f64', left!, 0), b.f64(2)), first)
            second = b.op('f64.add', b.op('f64.mul', b.load('f64', left!, 0), b.f64(3)), second)
          }
          const rest = b.op('i32.sub', left!, b.i32(1))
          return { next: [rest, first, second], condition: rest }
        }
        const results = b.loop([n!, x!, x!], turn, isInterleaved ? { isInterleaved } : {})
        return b.op('f64.sub', results[1]!, results[2]!)
      })
      expect(await call(f, 4, 1)).toBe(0)
      const text = await emitWat(interleave(one({ ...f, name: 'compute' })))
      return [...text.matchAll(/f64\.const ([23])/g)].map(match => match[1]).join('')
    }
    expect(await order(true)).toBe('23'.repeat(6))
    expect(await order(false)).not.toBe('23'.repeat(6))
  })

  test('of a sum a + (b + (c + …)) no term waits for the others', async () => {
    const f = build(['f64'], (b, [x]) => {
      let sum = b.op('f64.sqrt', x!)
      for (let i = 0; i < 20; i++) sum = b.op('f64.add', b.op('f64.mul', x!, b.f64(i)), sum)
      return sum
    })
    const text = await emitWat(one(f))
    const steps = [...text.matchAll(/f64\.(add|mul|sqrt)/g)].map(match => match[1])
    expect(steps.length).toBe(41)
    // All products first would be 20 values that wait.
    const longest = Math.max(
      ...steps
        .join(' ')
        .split(/add|sqrt/)
        .map(run => run.split('mul').length - 1),
    )
    expect(longest).toBeLessThanOrEqual(8)
    expect(await call(f, 4)).toBe(2 + 4 * 190)
  })

  test('what is not used is not computed', async () => {
    const f = build(['f64'], (b, [x]) => {
      let unused = x!
      for (let i = 0; i < 100; i++) unused = b.op('f64.sqrt', unused)
      return x!
    })
    const { wasm } = await emitWasm(one(f))
    expect(wasm.length).toBeLessThan(80)
  })
})

describe('random programs: compiled = interpreted', () => {
  const inputs = [
    [5, 3n, 1.5, -2.25],
    [-1, -(2n ** 62n), 1e30, 1e-300],
    [2 ** 31 - 1, 0n, -0, Number.NaN],
  ] as const
  for (let group = 0; group < 8; group++) {
    test(`seeds from ${group * 40}`, { timeout: 120_000 }, async () => {
      for (let seed = group * 40; seed < group * 40 + 40; seed++) {
        const module = randomModule(seed)
        expect(verifyKernel(module), printKernel(module)).toEqual([])
        await compare(module, seed, false)
        if (seed % 4 === 0) await compare(module, seed, true)
      }
    })
  }

  async function compare(module: KernelModule, seed: number, optimize: boolean) {
    const functions = new Map(module.functions.map(f => [f.name, f]))
    const exports = await instantiate(module, optimize)
    for (const input of inputs) {
      const memory = new ArrayBuffer(64)
      new Uint8Array(memory).set(module.data[0]!.bytes, 8)
      const compiled = new Uint8Array(exports.memory.buffer, 0, 64)
      compiled.set(new Uint8Array(memory))
      const expected = interpretFunction(functions, 'main', input, memory)
      expect(exports.main!(...input), `seed ${seed}\n${printKernel(module)}`).toBe(expected)
      expect(compiled).toEqual(new Uint8Array(memory))
    }
  }
})
