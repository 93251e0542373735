/** Tests of synfx-dsp-jit's atoms, buffers and tables, and the examples of its documentation, with their numbers. */
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import {
  assign,
  bufDeclare,
  bufLen,
  bufRead,
  bufReadLin,
  bufWrite,
  call,
  fun,
  iff,
  literal,
  opAdd,
  opDiv,
  opGt,
  opMul,
  opSub,
  prim,
  stmts,
  tableLen,
  tableRead,
  tableReadLin,
  variable,
} from '../../src/core/build.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { DSPNodeContext, getStandardLibrary, instantCompileAst, JIT } from '../../src/library/index.ts'
import { compileIn, exec, sig1, sig2, start } from './original-support.ts'
import { values } from './support.ts'

describe('atoms', () => {
  const read = (node: string) => {
    const { f, context } = start(call(node, 0, [variable('in1')]))
    context.atom(0)!.set(12)
    context.atom(1)!.set(14)
    return [0, 1, 0.5].map(index => exec(f, index)[2])
  }

  it('check_stdlib_atomr', () => expect(read('atomr')).toEqual([12, 14, 12]))
  it('check_stdlib_atomr_lin', () => expect(read('atomr~')).toEqual([12, 14, 13]))
  it('check_stdlib_atomw', () => {
    const { f, context } = start(
      stmts([sig1(call('atomw', 0, [0, variable('in1')])), sig2(call('atomw', 0, [1, variable('in2')]))]),
    )
    expect(exec(f, 12, 13).slice(0, 2)).toEqual([12, 13])
    expect([context.atom(0)!.get(), context.atom(1)!.get()]).toEqual([12, 13])
  })
})

describe('buffers and tables', () => {
  const onReset = (...list: Core[]) => iff(variable('$reset'), stmts(list))

  it('check_node_buffers', () => {
    const { f, context } = start(
      stmts([
        onReset(bufWrite(0, 3, 0.23), bufWrite(0, 4, 0.46)),
        sig1(bufRead(0, 3)),
        sig2(bufRead(0, 4)),
        bufLen(0),
      ]),
    )
    expect(exec(f)).toEqual([0.23, 0.46, 16])
    const other = new Float64Array(32)
    other.set([0.55, 0.85], 3)
    const old = context.swapBuffer(0, other)
    expect(exec(f)).toEqual([0.55, 0.85, 32])
    expect([old.length, old[3], old[4]]).toEqual([16, 0.23, 0.46])
    const next = compileIn(
      context,
      stmts([sig1(bufReadLin(0, 3.75)), sig2(bufReadLin(0, 3.1)), bufReadLin(0, 3.5)]),
    )
    next.init(44100, f)
    const [a, b, c] = exec(next)
    expect(a).toBeCloseTo(0.775, 12)
    expect(b).toBeCloseTo(0.58, 12)
    expect(c).toBeCloseTo(0.7, 12)
  })

  it('indices wrap: 17.9 of 16 is 1, and a line goes from the last element to the first', () => {
    const { f } = start(
      stmts([
        bufWrite(0, 17.9, 7),
        bufWrite(0, 15, 2),
        bufWrite(0, 0, 4),
        sig1(bufRead(0, 1)),
        bufReadLin(0, 15.25),
      ]),
    )
    const [first, , value] = exec(f)
    expect([first, value]).toEqual([7, 2.5])
  })

  it('check_node_bufdeclare: new lengths, contents kept', () => {
    const lengths = opAdd(bufLen(0), bufLen(1))
    const { f, context } = start(
      stmts([
        ...[bufDeclare(0, 10), bufDeclare(1, 23)],
        onReset(bufWrite(0, 3, 0.23), bufWrite(1, 4, 0.46)),
        ...[sig1(bufRead(0, 3)), sig2(bufRead(1, 4)), lengths],
      ]),
    )
    expect(exec(f)).toEqual([0.23, 0.46, 33])
    const next = compileIn(
      context,
      stmts([bufDeclare(0, 5), bufDeclare(1, 40), sig1(bufRead(0, 3)), sig2(bufRead(1, 4)), lengths]),
    )
    expect(context.bufferLength(0)).toBe(10)
    next.init(44100, f)
    expect(exec(next)).toEqual([0.23, 0.46, 45])
    const last = compileIn(context, lengths)
    last.init(44100, next)
    expect(exec(last)[2]).toBe(45)
  })

  it('check_node_tables', () => {
    const context = new DSPNodeContext()
    const table = new Float32Array(8)
    table.set([0.55, 0.85])
    context.swapTable(0, table)
    const f = compileIn(
      context,
      stmts([sig1(tableRead(0, 0)), sig2(tableRead(0, 1)), opAdd(tableLen(0), tableReadLin(0, 0.75))]),
    )
    f.init(44100)
    const near = (list: readonly (number | undefined)[], expected: readonly number[]) => {
      for (const [i, value] of expected.entries()) expect(list[i]).toBeCloseTo(value, 6)
    }
    near(exec(f), [0.55, 0.85, 8.775])
    expect(exec(f)[0]).toBe(Math.fround(0.55))
    expect(context.swapTable(0, [0.33])).toEqual(table)
    near(exec(f), [0.33, 0.33, 1.33])
  })
})

describe('examples of the documentation', () => {
  it('11 + 31', () => {
    const { function: f } = instantCompileAst(fun(opAdd(literal(11), variable('in1'))))
    f.init(44100)
    expect(f.exec2in2out(31, 0)).toEqual([0, 0, 42])
  })

  it('two programs in one context', () => {
    const { f, context } = start(literal(0.424242))
    expect(exec(f)[2]).toBe(0.424242)
    const next = compileIn(context, literal(0.33333))
    next.init(44100, f)
    expect(exec(next)[2]).toBe(0.33333)
  })

  it('a node of one’s own, and one with state', () => {
    const wave = defineNode({
      name: 'wave',
      doc: 'sin(2·a·cos b) + 10',
      inputs: { a: {}, b: {} },
      outputs: { value: {} },
      process: ({ inputs: { a, b } }) => opAdd(prim.sin(opMul(opMul(2, a), prim.cos(b))), 10),
    })
    const f = new JIT(getStandardLibrary().add(wave), new DSPNodeContext()).compile(call('wave', 0, [1, 1.5]))
    expect(exec(f)[2]).toBeCloseTo(10.1410029, 7)
  })

  it('state of a node from outside', () => {
    const { f } = start(call('accum', 21, [variable('in1'), 0]))
    exec(f, 21)
    exec(f, 21)
    expect(f.hasDspNodeStateUid(21)).toBe(true)
    expect(f.withNodeState(21, state => state.value)).toBe(42)
    f.withNodeState(21, state => (state.value = 99))
    expect(exec(f, 1)[2]).toBe(100)
  })

  it('a phasor, every 49th sample', () => {
    const { f } = start(
      stmts([
        assign('*p', opAdd(variable('*p'), opDiv(440, variable('$srate')))),
        iff(opGt(variable('*p'), 1), assign('*p', opSub(variable('*p'), 1))),
        variable('*p'),
      ]),
    )
    const every = values(f, 150).filter((_, i) => i % 49 === 0)
    const expected = [0.0099, 0.4988, 0.9877, 0.4766]
    for (const [i, value] of expected.entries()) expect(Math.abs(every[i]! - value)).toBeLessThan(1e-4)
  })

  it('every node of the library, until told to stop', () => {
    const seen: string[] = []
    const visit = (type: { readonly name: string }) => seen.push(type.name) < 9
    getStandardLibrary().forEach(visit)
    expect(seen).toEqual(['sin', 'accum', '/%', 'phase', 'atomw', 'atomr', 'atomr~', 's&h', 's&h~'])
  })
})
