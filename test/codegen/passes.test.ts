/** Each kernel pass does its one thing, and nothing that the interpreter could tell. */
import { describe, expect, it } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { poolConstants } from '../../src/codegen/constant-pool.ts'
import { removeDeadCode } from '../../src/codegen/dead-code.ts'
import { hoist } from '../../src/codegen/hoist.ts'
import type { Instruction, KernelFunction, KernelModule, Region, Value } from '../../src/codegen/kernel.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { numberValues } from '../../src/codegen/value-numbering.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'

type Build = (b: FunctionBuilder, x: Value, n: Value) => Value

/** A function of a real and an int, and helpers `pure` and `impure`. */
function moduleOf(build: Build): KernelModule {
  const b = new FunctionBuilder()
  const x = b.parameter('f64')
  const n = b.parameter('i32')
  const result = build(b, x, n)
  const module = {
    functions: [b.finish('main', [x, n], result, true), helper('pure', false), helper('impure', true)],
    memoryBytes: 64,
    data: [],
  }
  expect(verifyKernel(module)).toEqual([])
  return module
}

function helper(name: string, stores: boolean): KernelFunction {
  const b = new FunctionBuilder()
  const x = b.parameter('f64')
  if (stores) b.store(b.i32(0), 0, x)
  return b.finish(name, [x], b.op('f64.neg', x))
}

function run(pass: (module: KernelModule) => KernelModule, build: Build): KernelFunction {
  const after = pass(moduleOf(build))
  expect(verifyKernel(after)).toEqual([])
  return after.functions[0]!
}

const names = (region: Region) =>
  [...everyInstruction(region)].map(i => (i.kind === 'op' ? i.op : i.kind === 'call' ? i.function : i.kind))
const loopOf = (f: KernelFunction) =>
  f.body.instructions.find((i): i is Extract<Instruction, { kind: 'loop' }> => i.kind === 'loop')!

/** Counts from 0 to n, with some work in the body. */
function counting(b: FunctionBuilder, n: Value, start: Value, body: (sum: Value, i: Value) => Value): Value {
  return b.loop([b.i32(0), start], ([i, sum]) => {
    const next = b.op('i32.add', i!, b.i32(1))
    return { next: [next, body(sum!, i!)], condition: b.op('i32.lt_s', next, n) }
  })[1]!
}

describe('constant pool', () => {
  const build: Build = (b, x, n) => {
    const zero = b.f64(0)
    const [two, three] = [b.f64(2), b.f64(3)]
    const sum = counting(b, n, b.op('f64.mul', x, three), s => b.op('f64.add', b.op('f64.mul', s, two), zero))
    return b.op('f64.mul', sum, three)
  }
  /** The same function, for others of the module. */
  const internal = (module: KernelModule): KernelModule => {
    return { ...module, functions: module.functions.map(f => ({ ...f, exported: false })) }
  }
  const numbersIn = ({ data }: KernelModule) =>
    data.map(({ offset, bytes }) => [offset, ...new Float64Array(bytes.buffer)])
  const constantsIn = ({ functions: [f] }: KernelModule) =>
    f!.body.instructions.filter(i => i.kind === 'const').map(i => i.value)
  it('loads what loops use, but zero, from data of its own', () => {
    const after = poolConstants(internal(moduleOf(build)))
    expect(verifyKernel(after)).toEqual([])
    expect(after.memoryBytes).toBe(72)
    expect(numbersIn(after)).toEqual([[64, 2]])
    expect(constantsIn(after)).toEqual([0, 0, 3, 0])
  })
  it('loads all of functions that hosts call', () => {
    const after = poolConstants(moduleOf(build))
    expect(verifyKernel(after)).toEqual([])
    expect(numbersIn(after)).toEqual([[64, 2, 3]])
    expect(constantsIn(after)).toEqual([0, 0, 0])
  })
  it('puts those of `compute` last', () => {
    const { functions, ...rest } = moduleOf(build)
    const [main, ...others] = functions
    const after = poolConstants({ ...rest, functions: [{ ...main!, name: 'compute' }, main!, ...others] })
    expect(numbersIn(after)).toEqual([
      [64, 2, 3],
      [80, 2, 3],
    ])
    expect(after.pool).toMatchObject({ start: 64, own: 2 })
    expect(after.memoryBytes).toBe(96)
  })
  it('leaves functions of the module without loops alone', () => {
    const module = internal(moduleOf((b, x) => b.op('f64.mul', x, b.f64(2))))
    expect(poolConstants(module)).toBe(module)
  })
})

describe('value numbering', () => {
  const twice =
    (make: (b: FunctionBuilder, x: Value, n: Value) => Value): Build =>
    (b, x, n) =>
      b.op('f64.add', make(b, x, n), make(b, x, n))
  it('shares operations, constants, constant loads and calls of pure functions', () => {
    const f = run(
      numberValues,
      twice((b, x) => b.op('f64.mul', x, b.f64(2))),
    )
    expect(names(f.body)).toEqual(['const', 'f64.mul', 'f64.add'])
    expect(
      names(
        run(
          numberValues,
          twice((b, _, n) => b.load('f64', n, 8, true)),
        ).body,
      ),
    ).toHaveLength(2)
    expect(
      names(
        run(
          numberValues,
          twice((b, x) => b.call('pure', 'f64', [x])),
        ).body,
      ),
    ).toHaveLength(2)
  })
  it('knows what commutes', () => {
    const either = (name: string) =>
      run(numberValues, (b, x) => {
        const two = b.f64(2)
        return b.op('f64.add', b.op(name, x, two), b.op(name, two, x))
      })
    expect(names(either('f64.mul').body)).toEqual(['const', 'f64.mul', 'f64.add'])
    expect(names(either('f64.sub').body)).toEqual(['const', 'f64.sub', 'f64.sub', 'f64.add'])
  })
  it('keeps 0 and -0, loads, and calls with effects apart', () => {
    const zeros = run(numberValues, (b, x) => b.op('f64.div', b.op('f64.div', x, b.f64(0)), b.f64(-0)))
    expect(names(zeros.body)).toEqual(['const', 'f64.div', 'const', 'f64.div'])
    expect(
      names(
        run(
          numberValues,
          twice((b, _, n) => b.load('f64', n, 8)),
        ).body,
      ),
    ).toHaveLength(3)
    expect(
      names(
        run(
          numberValues,
          twice((b, x) => b.call('impure', 'f64', [x])),
        ).body,
      ),
    ).toHaveLength(3)
  })
  it('does not take a value out of a branch', () => {
    const square = (b: FunctionBuilder, x: Value) => () => [b.op('f64.mul', x, x)]
    const f = run(numberValues, (b, x, n) => {
      const [first] = b.if(n, square(b, x), square(b, x))
      return b.op('f64.add', first!, square(b, x)()[0]!)
    })
    expect(names(f.body).filter(name => name === 'f64.mul')).toHaveLength(3)
    const before = run(numberValues, (b, x, n) => {
      const outside = square(b, x)()[0]!
      return b.op('f64.add', b.if(n, square(b, x), square(b, x))[0]!, outside)
    })
    expect(names(before.body).filter(name => name === 'f64.mul')).toHaveLength(1)
  })
})

describe('hoisting', () => {
  it('moves what does not change before the loop, also from inner branches', () => {
    const f = run(hoist, (b, x, n) =>
      counting(b, n, x, sum => {
        const root = b.op('f64.sqrt', b.call('pure', 'f64', [x]))
        return b.if(
          n,
          () => [b.op('f64.add', sum, b.op('f64.mul', root, x))],
          () => [root],
        )[0]!
      }),
    )
    expect(names(loopOf(f).body).sort()).toEqual(['f64.add', 'i32.add', 'i32.lt_s', 'if'])
  })
  it('leaves stores, loads of what changes, and what could trap in a branch', () => {
    const f = run(hoist, (b, x, n) =>
      counting(b, n, x, sum => {
        b.store(n, 0, x)
        const changing = b.load('f64', n, 0)
        const guarded = () => [b.op('f64.convert_i32_s', b.op('i32.div_s', n, n))]
        const read = () => [b.load('f64', n, 8, true)]
        const total = b.op('f64.add', b.op('f64.add', sum, changing), b.if(n, guarded, read)[0]!)
        return b.op('f64.add', total, b.load('f64', n, 16, true))
      }),
    )
    const inside = names(loopOf(f).body)
    expect(inside.filter(name => name === 'load')).toHaveLength(2)
    expect(inside).toContain('store')
    expect(inside).toContain('i32.div_s')
  })
  it('moves out of two loops as far as it can', () => {
    const f = run(hoist, (b, x, n) =>
      counting(b, n, x, (sum, i) =>
        counting(b, n, sum, inner => {
          const row = b.op('f64.convert_i32_s', i)
          return b.op('f64.add', inner, b.op('f64.mul', b.op('f64.add', row, row), b.op('f64.mul', x, x)))
        }),
      ),
    )
    const outer = loopOf(f)
    expect(names(f.body).filter(name => name === 'f64.mul')).toHaveLength(2)
    expect(f.body.instructions.some(i => i.kind === 'op' && i.op === 'f64.mul')).toBe(true)
    expect(outer.body.instructions.some(i => i.kind === 'op' && i.op === 'f64.convert_i32_s')).toBe(true)
  })
})

describe('dead code', () => {
  it('drops pure instructions, whole branches, and calls of pure functions', () => {
    const f = run(removeDeadCode, (b, x, n) => {
      b.op('f64.sqrt', b.call('pure', 'f64', [x]))
      b.if(
        n,
        () => [b.op('f64.add', x, x)],
        () => [x],
      )
      b.load('f64', n, 0)
      return x
    })
    expect(names(f.body)).toEqual([])
  })
  it('keeps effects with all that is around them', () => {
    const f = run(removeDeadCode, (b, x, n) => {
      b.if(
        n,
        () => {
          b.store(b.i32(0), 0, b.op('f64.add', x, x))
          return [b.op('f64.sub', x, x)]
        },
        () => [x],
      )
      b.call('impure', 'f64', [x])
      return x
    })
    expect(names(f.body).sort()).toEqual(['const', 'f64.add', 'if', 'impure', 'store'])
  })
  it('drops carried values that only feed themselves', () => {
    const f = run(removeDeadCode, (b, x, n) => {
      const [, , sum] = b.loop([b.i32(0), x, x], ([i, idle, total]) => {
        const next = b.op('i32.add', i!, b.i32(1))
        const step = [next, b.op('f64.mul', idle!, x), b.op('f64.add', total!, x)]
        return { next: step, condition: b.op('i32.lt_s', next, n) }
      })
      return sum!
    })
    expect(loopOf(f).carried).toHaveLength(2)
    expect(names(f.body)).not.toContain('f64.mul')
  })
  it('drops functions that nobody calls', () => {
    const after = removeDeadCode(moduleOf((b, x) => b.call('impure', 'f64', [x])))
    expect(after.functions.map(f => f.name)).toEqual(['main', 'impure'])
  })
  it('drops a loop that computes nothing', () => {
    const f = run(removeDeadCode, (b, x, n) => {
      counting(b, n, x, sum => b.op('f64.add', sum, x))
      return x
    })
    expect(names(f.body)).toEqual([])
  })
})
