/** Tests of synfx-dsp-jit's compiler, expressions and state, with their numbers, exact ones where the facts give all digits. */
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import {
  assign,
  call,
  iff,
  literal,
  opAdd,
  opGt,
  opMul,
  opSub,
  stmts,
  variable,
} from '../../src/core/build.ts'
import { NAMED_CONSTANTS } from '../../src/core/constants.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { type DSPFunction, DSPNodeContext, getStandardLibrary, JIT } from '../../src/library/index.ts'
import { compileIn, exec, sig1, sig2, start } from './original-support.ts'
import { values } from './support.ts'

describe('expressions', () => {
  it('check_jit: a branch not taken is not run; a call reaches all kinds of state', () => {
    const choice = iff(variable('in2'), call('test', 1, [11]), 99.12)
    const { f, context } = start(sig1(opAdd(choice, variable('in1'))))
    const [x, y] = [context.sharedBuffer('x')!, context.sharedBuffer('y')!]
    x[0] = 11
    y[0] = 1
    f.withNodeState(1, state => (state.l = 44.53))
    expect(exec(f, 1, 0)[0]).toBeCloseTo(100.12, 10)
    expect([x[0], y[0]]).toEqual([11, 1])
    expect(exec(f, 22, 1)[0]).toBe(110023)
    expect([x[0], y[0]]).toEqual([242, 44.53])
  })

  it('check_jit_stmts: in order; an assignment has the value assigned', () => {
    const { f } = start(stmts([sig1(variable('in2')), sig2(variable('in1'))]))
    expect(exec(f, 1.1, 2.2)).toEqual([2.2, 1.1, 1.1])
  })

  it('check_jit_thread_stmts: sine of an input', () => {
    const { f } = start(stmts([sig1(call('sin', 1, [variable('in2')])), sig2(opAdd(23, variable('in1')))]))
    expect(exec(f, 1.1, 2.2)).toEqual([0.8084964038195901, 24.1, 24.1])
  })

  it('check_jit_sin_2 and check_jit_build_ast: run without init', () => {
    const context = new DSPNodeContext()
    expect(exec(compileIn(context, call('sin', 0, [opMul(0.5, 3.14)])))[2]).toBe(0.9999996829318346)
    const f = compileIn(context, iff(opGt(variable('in1'), 10), 1.2, variable('in2')))
    expect([exec(f, 20.21)[2], exec(f, 2.21, 3.4)[2]]).toEqual([1.2, 3.4])
  })

  it('check_jit_sin_1: ten million sines add up', () => {
    const { f } = start(call('accum', 1, [call('sin', 0, [variable('in1')]), 0]))
    const input = new Float64Array(100_000).fill(2.21)
    const outputs = [0, 1, 2].map(() => new Float64Array(input.length))
    for (let i = 0; i < 100; i++) f.process([input], outputs, input.length)
    expect(outputs[2]!.at(-1)).toBe(8025710.664156598)
  })

  it('check_jit_sample_rate_vars', () => {
    const { f } = start(stmts([sig1(variable('$srate')), sig2(variable('$israte'))]))
    expect(exec(f).slice(0, 2)).toEqual([44100, 2.2675736961451248e-5])
  })

  it('check_multi_returns', () => {
    const returned = (i: number) => variable(`%${i}`)
    const sum = opAdd(opAdd(returned(1), returned(2)), opAdd(returned(4), returned(5)))
    const { f } = start(stmts([sig1(call('test', 1, [1])), sig2(returned(3)), sum]))
    const [first, second, value] = exec(f)
    expect([first, second]).toEqual([10001, 92.2])
    expect(value).toBeCloseTo(368.8, 10)
  })

  it('check_constants: and slots in the order in which names appear', () => {
    const names = [...NAMED_CONSTANTS.keys()]
    const { f, context } = start(stmts(names.map((name, i) => assign(`*${i + 1}`, variable(name)))))
    exec(f)
    expect(names.map((_, i) => context.getPersistentVariableIndexByName(`*${i + 1}`))).toEqual(
      names.map((_, i) => i),
    )
    const stored = names.map((_, i) => f.accessPersistentVar(i)!.value)
    expect(stored).toEqual([
      Math.PI,
      6.283185307179586,
      Math.E,
      0.3183098861837907,
      0.6366197723675814,
      1.5707963267948966,
      1.0471975511965979,
      0.7853981633974483,
      0.5235987755982989,
      0.39269908169872414,
      Math.SQRT1_2,
      1.1283791670955126,
      Math.LN2,
      Math.LN10,
    ])
  })
})

describe('state', () => {
  it('check_self_defined_nodes: shared across recompilations, whatever is passed to init', () => {
    const counter = defineNode({
      name: 'counter',
      doc: 'Counts samples.',
      inputs: {},
      outputs: { count: {} },
      state: { count: 0 },
      process: ({ state }) => ({ run: [assign(state.count, opAdd(state.count, 1))], outputs: [state.count] }),
    })
    const context = new DSPNodeContext()
    const jit = new JIT(getStandardLibrary().add(counter), context)
    const one = jit.compile(sig1(call('counter', 1, [])))
    one.init(44100)
    expect(exec(one)[0]).toBe(1)
    const two = jit.compile(stmts([sig1(call('counter', 1, [])), sig2(call('counter', 2, []))]))
    two.init(44100)
    expect(exec(two).slice(0, 2)).toEqual([2, 1])
    expect(exec(two).slice(0, 2)).toEqual([3, 2])
    two.reset()
    expect(exec(two).slice(0, 2)).toEqual([1, 1])
  })

  it('check_persistent_vars: handed over by init', () => {
    const { f, context } = start(stmts([assign('*a', 10.1), assign('*b', 12.03), sig1(variable('*a'))]))
    expect(exec(f)[0]).toBe(10.1)
    const next = compileIn(
      context,
      stmts([assign('*c', opAdd(variable('*a'), variable('*b'))), sig1(variable('*c'))]),
    )
    next.init(44100, f)
    expect(exec(next)[0]).toBeCloseTo(22.13, 10)
  })

  it('check_phasor_example', () => {
    const { f } = start(
      stmts([
        assign('*phase', opAdd(variable('*phase'), opMul(440, variable('$israte')))),
        iff(opGt(variable('*phase'), 1), assign('*phase', opSub(variable('*phase'), 1))),
        variable('*phase'),
      ]),
    )
    const every = values(f, 200)
    const twentieth = every.filter((_, i) => i % 20 === 0)
    const rounded = [0.0099, 0.2095, 0.409, 0.6086, 0.8081, 0.0077, 0.2072, 0.4068, 0.6063, 0.8058]
    expect(twentieth.map(x => Math.floor(x * 1e4) / 1e4)).toEqual(rounded)
    expect([every[0], every[100], every[180]]).toEqual([
      0.009977324263038548, 0.00770975056689327, 0.805895691609977,
    ])
  })

  it('check_documentation_exists', () => {
    const type = getStandardLibrary().get('accum')!
    expect(type.documentation).toContain('reset')
    expect(type.inputs.map(input => input.name)).toEqual(['input', 'reset'])
    expect(type.outputs.map(output => output.name)).toEqual(['sum'])
    expect(type.stateful).toBe(true)
  })

  it('check_node_accum: keeps its sum over a recompilation', () => {
    const { f, context } = start(sig1(call('accum', 21, [variable('in1'), 0])))
    exec(f, 0.1)
    exec(f, 0.1)
    expect(exec(f, 0.1)[0]).toBe(0.30000000000000004)
    const next = compileIn(context, sig1(call('accum', 21, [variable('in1'), 1])))
    next.init(44100, f)
    expect(exec(next, 0.1)[0]).toBe(0)
  })

  it('check_persistent_var_access: from outside', () => {
    const { f, context } = start(stmts([assign('*test', 11), opAdd(variable('*ofof'), variable('*iiii'))]))
    expect(exec(f)[2]).toBe(0)
    const at = (name: string) => f.accessPersistentVar(context.getPersistentVariableIndexByName(name)!)!
    expect(at('*test').value).toBe(11)
    at('*iiii').value = 99
    expect(exec(f)[2]).toBe(99)
    at('*ofof').value = 1.5
    expect(exec(f)[2]).toBe(100.5)
    expect(f.accessPersistentVar(3)).toBeUndefined()
    expect(context.getPersistentVariableIndexByName('*none')).toBeUndefined()
  })

  it('check_stdlib_divrem', () => {
    const { f } = start(
      stmts([sig1(call('/%', 0, [variable('in1'), variable('in2')])), sig2(variable('%1'))]),
    )
    expect(exec(f, 3.4, 2).slice(0, 2)).toEqual([1.7, 1.4])
  })

  it('check_stdlib_phase', () => {
    const { f, context } = start(sig1(call('phase', 1, [1000, call('atomr', 0, [0])])))
    const next = (frames: number) => Array.from({ length: frames }, () => exec(f)[0]!)
    const rounded = (x: number) => Math.floor(x * 1e4) / 1e4
    expect(rounded(next(12).at(-1)!)).toBe(0.2494)
    expect(rounded(next(12).at(-1)!)).toBe(0.5215)
    expect(rounded(next(9).at(-1)!)).toBe(0.7256)
    f.reset()
    expect(rounded(next(13).at(-1)!)).toBe(0.2721)
    expect(rounded(next(111).at(-1)!)).toBe(0.7891)
    context.atom(0)!.set(1)
    expect(next(3)).toEqual([0, 0.022675736961451247, 0.045351473922902494])
    context.atom(0)!.set(0)
    f.reset()
    const long = next(1100)
    expect([Math.max(...long), Math.min(...long)]).toEqual([0.9999999999999898, 0])
  })

  it('check_reset: counts starts', () => {
    const count = (atom: number, by: Core) => call('atomw', 0, [atom, opAdd(call('atomr', 0, [atom]), by)])
    const ast = stmts([count(0, variable('$reset')), count(1, literal(1))])
    const { f, context } = start(ast)
    const run = (g: DSPFunction, frames: number) => {
      for (let i = 0; i < frames; i++) exec(g)
      return [context.atom(0)!.get(), context.atom(1)!.get()]
    }
    expect(run(f, 10)[0]).toBe(1)
    f.reset()
    run(f, 4)
    f.reset()
    expect(run(f, 3)).toEqual([3, 17])
    const next = compileIn(context, ast)
    next.init(44100, f)
    expect(run(next, 1)[0]).toBe(3)
    next.reset()
    expect(run(next, 1)[0]).toBe(4)
  })

  it('check_node_sh', () => {
    const args = [variable('in1'), variable('in2')]
    const { f } = start(stmts([sig1(call('s&h', 1, args)), sig2(call('s&h~', 2, args))]))
    const steps = [
      [0, 0],
      [0.4, 1],
      [0.8, 1],
      [0.9, 0],
      [-0.9, 1],
    ] as const
    expect(steps.map(([input, set]) => exec(f, input, set).slice(0, 2))).toEqual([
      [0, 0],
      [0.4, 0.4],
      [0.4, 0.8],
      [0.4, 0.8],
      [-0.9, -0.9],
    ])
  })
})
