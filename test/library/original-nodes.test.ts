/** The nine nodes of synfx-dsp-jit against numbers printed by Rust programs with the same arithmetic. */
import { describe, expect, it } from 'vitest'
import { assign, call, stmts, variable } from '../../src/core/build.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { DSPNodeContext, instantCompileAst, JIT } from '../../src/library/index.ts'
import { compiled, values } from './support.ts'

describe('sin', () => {
  it.each([
    [2.2, 0.8084964038195901],
    [1, 0.8414709848078965],
    [0.5 * 3.14, 0.9999996829318346],
  ])('of %d', (x, expected) => {
    expect(compiled(call('sin', 1, [x])).exec2in2out(0, 0)[2]).toBe(expected)
  })
})

describe('accum', () => {
  it('adds up, and starts anew while reset is above 0.5', () => {
    const f = compiled(call('accum', 1, [variable('in1'), variable('in2')]))
    const results = [
      [0.1, 0],
      [0.1, 0],
      [0.1, 0],
      [7, 0.5],
      [7, 0.51],
      [1, 0],
    ] as const
    expect(results.map(([a, b]) => f.exec2in2out(a, b)[2])).toEqual([
      0.1, 0.2, 0.30000000000000004, 7.3, 0, 1,
    ])
  })
})

describe('/%', () => {
  it.each([
    [3.4, 2, 1.7, 1.4],
    [0.3, -0.4, -0.7499999999999999, 0.3],
    [-0.4, 0.3, -1.3333333333333335, -0.10000000000000003],
    [-7.5, 2, -3.75, -1.5],
    [7.5, -2, -3.75, 1.5],
    [1, 0, Infinity, NaN],
    [0, 0, NaN, NaN],
  ])('%d by %d', (a, b, quotient, remainder) => {
    const ast = stmts([
      assign('&sig1', call('/%', 1, [variable('in1'), variable('in2')])),
      assign('&sig2', variable('%1')),
    ])
    expect(compiled(ast).exec2in2out(a, b).slice(0, 2)).toEqual([quotient, remainder])
  })
})

describe('phase', () => {
  const ramp = (sampleRate: number, frequency: number, frames: number) =>
    values(compiled(call('phase', 1, [frequency, 0]), sampleRate), frames)

  it('at 1000 Hz and 44100 Hz', () => {
    const list = ramp(44100, 1000, 1100)
    const expected = {
      ...{ 0: 0, 1: 0.022675736961451247, 2: 0.045351473922902494, 11: 0.24943310657596376 },
      ...{ 23: 0.5215419501133788, 32: 0.7256235827664396, 44: 0.997732426303854 },
      ...{ 45: 0.020408163265305257, 122: 0.7664399092970497, 441: 0.9999999999999898 },
      1099: 0.9206349206348949,
    }
    for (const [n, value] of Object.entries(expected)) expect(list[Number(n)]).toBe(value)
  })

  it('at 440 Hz and 48000 Hz', () => {
    const list = ramp(48000, 440, 200)
    expect([list[1], list[109], list[110], list[199]]).toEqual([
      0.009166666666666667, 0.9991666666666658, 0.008333333333332416, 0.824166666666665,
    ])
  })

  it('runs backwards from 0 to -1', () => {
    expect(ramp(44100, -12000, 5)).toEqual([
      0, -0.272108843537415, -0.54421768707483, -0.8163265306122449, -0.08843537414965996,
    ])
  })
})

describe('s&h', () => {
  it('fires where the trigger does', () => {
    const f = compiled(call('s&h', 1, [variable('in1'), variable('in2')]))
    const levels = [0, 0.5, 0.50001, 0.6, 0.3, 0.25, 0.6, 0.26, 0.6, 0.2, 0.51]
    const held = levels.map((level, i) => f.exec2in2out(i + 1, level)[2])
    expect(held).toEqual([0, 0, 3, 3, 3, 3, 7, 7, 7, 7, 11])
  })

  it('looks at its input in single precision', () => {
    const f = compiled(call('s&h', 1, [1, variable('in1')]))
    expect(f.exec2in2out(0.5000000001, 0)[2]).toBe(0)
    expect(f.exec2in2out(0.500001, 0)[2]).toBe(1)
  })

  it('fires in the first sample after a reset', () => {
    const f = compiled(call('s&h', 1, [variable('in1'), 1]))
    expect(f.exec2in2out(5, 0)[2]).toBe(5)
    expect(f.exec2in2out(6, 0)[2]).toBe(5)
    f.reset()
    expect(f.exec2in2out(7, 0)[2]).toBe(7)
  })
})

describe('s&h~', () => {
  it('compares in double precision', () => {
    const f = compiled(call('s&h~', 1, [variable('in1'), variable('in2')]))
    const steps = [
      [1, 0.5],
      [2, 0.5000000001],
      [3, 1],
      [4, 0],
    ] as const
    expect(steps.map(([a, b]) => f.exec2in2out(a, b)[2])).toEqual([0, 2, 3, 3])
  })
})

describe('atoms', () => {
  const at = (node: string, index: number, atoms: Readonly<Record<number, number>>) => {
    const { context, function: f } = instantCompileAst(call(node, 1, [index]))
    f.init(44100)
    for (const [i, value] of Object.entries(atoms)) context.atom(Number(i))!.set(value)
    return f.exec2in2out(0, 0)[2]
  }

  it('are read in single precision', () => expect(at('atomr', 3.9, { 3: 0.1 })).toBe(Math.fround(0.1)))
  it.each([
    [-1, 0],
    [-Infinity, 0],
    [NaN, 0],
    [33, 1],
    [2 ** 64, 31],
    [Infinity, 31],
    [2 ** 63, 0],
  ])('index %d is that of atom %d', (index, atom) => expect(at('atomr', index, { [atom]: 7 })).toBe(7))

  it('are read between two', () => {
    expect(at('atomr~', 0.25, { 0: 0.1, 1: 0.2 })).toBe(0.12500000186264515)
    expect(at('atomr~', -0.25, { 0: 0.1, 1: 0.2 })).toBe(0.07500000111758709)
    expect(at('atomr~', 31.5, { 31: 0.3, 0: 0.1 })).toBe(0.20000000670552254)
    expect(at('atomr~', Infinity, { 31: 0.3, 0: 0.1 })).toBeNaN()
  })

  it('are written rounded, and passed on as they are', () => {
    const context = new DSPNodeContext()
    const f = new JIT(standardLibrary(), context).compile(call('atomw', 0, [5, 0.1]))
    f.init(44100)
    expect(f.exec2in2out(0, 0)[2]).toBe(0.1)
    expect(context.atom(5)!.get()).toBe(Math.fround(0.1))
    expect(context.atom(32)).toBeUndefined()
  })

  it('can be more than 32', () => {
    const context = new DSPNodeContext({ atomCount: 100 })
    context.atom(99)!.set(3)
    const f = new JIT(standardLibrary(), context).compile(call('atomr', 0, [-1 + 100]))
    expect(f.exec2in2out(0, 0)[2]).toBe(3)
  })
})
