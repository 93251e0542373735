/** Programs with any number of inputs, outputs, parameters, buffers and tables; and large ones. */
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import * as build from '../../src/core/build.ts'
import { defineNode } from '../../src/core/node-type.ts'
import {
  compileBlocks,
  DSPNodeContext,
  getStandardLibrary,
  JIT,
  printProgram,
  programToJson,
} from '../../src/library/index.ts'
import { createProgram } from '../../src/runtime/program.ts'
import { compiled } from './support.ts'

const {
  assign,
  bufLen,
  bufRead,
  bufWrite,
  call,
  opAdd,
  opMul,
  opSub,
  stmts,
  tableRead,
  tableReadLin,
  variable,
} = build

describe('general programs', () => {
  it('have as many inputs and outputs as they declare', () => {
    const names = Array.from({ length: 7 }, (_, i) => `in ${i}`)
    const f = compiled({
      inputs: names,
      outputs: names.map(name => `out of ${name}`),
      ast: stmts(names.map((name, i) => assign(`&out of ${name}`, opMul(variable(name), i)))),
    })
    expect(f.execFrame([1, 2, 3, 4, 5, 6, 7], [])).toEqual([0, 2, 6, 12, 20, 30, 42])
    const block = names.map((_, i) => new Float32Array(300).fill(i + 1))
    const out = names.map(() => new Float64Array(300))
    f.process(block, out, 300)
    expect(out.map(channel => channel[299])).toEqual([0, 2, 6, 12, 20, 30, 42])
  })

  it('without outputs yield their value', () => {
    expect(compiled({ inputs: ['x'], ast: opAdd(variable('x'), 1) }).execFrame([2], [0])).toEqual([3])
  })

  it('have parameters with defaults, which a recompilation keeps', () => {
    const context = new DSPNodeContext()
    const jit = new JIT(getStandardLibrary(), context)
    const program = (factor: number) => ({
      inputs: ['x'],
      parameters: { gain: { default: 0.5, range: [0, 1] as const, unit: '' }, offset: 1 },
      ast: opAdd(opMul(opMul(variable('x'), variable('gain')), factor), variable('offset')),
    })
    const f = jit.compile(program(1))
    f.init(44100)
    expect(f.execFrame([10], [])).toEqual([6])
    f.setParameter('gain', 0.25)
    expect([f.parameter('gain'), f.parameter('offset')]).toEqual([0.25, 1])
    const next = jit.compile(program(2))
    next.init(44100, f)
    expect(next.execFrame([10], [])).toEqual([6])
    expect(next.image.declaration.parameters.map(p => p.range)).toEqual([[0, 1], undefined])
  })

  it('have buffers and tables by name, of any length', () => {
    const program = {
      inputs: ['x'],
      outputs: ['late', 'wave', 'length'],
      buffers: { line: 3, filled: { length: 4, initial: [9, 8] } },
      tables: { wave: [0, 1, 0, -1] },
      ast: stmts([
        assign('&late', bufRead('line', variable('*at'))),
        bufWrite('line', variable('*at'), variable('x')),
        assign('&wave', tableReadLin('wave', opMul(variable('*at'), 0.5))),
        assign('&length', opAdd(bufLen('line'), bufRead('filled', 1))),
        assign('*at', opAdd(variable('*at'), 1)),
      ]),
    }
    const f = compiled(program)
    const frames = [1, 2, 3, 4, 5].map(x => [...f.execFrame([x], [0, 0, 0])])
    expect(frames).toEqual([
      [0, 0, 11],
      [0, 0.5, 11],
      [0, 1, 11],
      [1, 0.5, 11],
      [2, 0, 11],
    ])
    f.context.swapBuffer('line', [7, 7, 7, 7, 7, 7])
    f.context.swapTable('wave', [5])
    expect(f.execFrame([0], [0, 0, 0])).toEqual([7, 5, 14])
    expect(f.context.readBuffer('line').length).toBe(6)
  })

  it('numbered buffers can be more than sixteen', () => {
    const context = new DSPNodeContext({ bufferCount: 100, tableCount: 100 })
    context.swapTable(99, [4])
    const f = new JIT(getStandardLibrary(), context).compile(
      stmts([bufWrite(99, 3, 2), opAdd(bufRead(99, 3), tableRead(99, 0))]),
    )
    expect(f.exec2in2out(0, 0)[2]).toBe(6)
  })

  it('print as Core, and open from JSON', async () => {
    const program = { name: 'sum', inputs: ['a', 'b'], ast: opSub(variable('a'), variable('b')) }
    expect(printProgram(program)).toContain('program sum\n  input a\n  input b\n')
    const result = await compileBlocks(JSON.stringify(programToJson(program)))
    if (!result.ok) throw new Error(result.diagnostics[0]!.message)
    const instance = await createProgram(result.program).instantiate({ sampleRate: 44100, blockSize: 2 })
    instance.inputs[0]!.set([5, 6])
    instance.inputs[1]!.set([1, 4])
    instance.compute(2)
    expect(Array.from(instance.outputs[0]!)).toEqual([4, 2])
    const broken = await compileBlocks('{ "version": 1, "nodes": [] }')
    expect(broken.diagnostics.map(d => d.code)).toEqual(['DSP0908'])
  })
})

describe('nodes with buffers', () => {
  const longest = (seconds: number) => call('delay', 1, [variable('in1'), 0.001, seconds])

  it('keep what is in a buffer when it changes its length', () => {
    const jit = new JIT(getStandardLibrary().add(echo), new DSPNodeContext())
    const program = (samples: number) => call('echo', 1, [variable('in1'), samples])
    const f = jit.compile(program(8))
    f.init(44100)
    for (let i = 1; i <= 4; i++) f.exec2in2out(i, 0)
    const next = jit.compile(program(16))
    expect(next.image.report.resized).toEqual([{ id: '1/line', from: 8, to: 16 }])
    expect(next.image.report.kept).toEqual(['1/at'])
    // Until then the one before plays on, in its own.
    expect(f.exec2in2out(5, 0)[2]).toBe(0)
    next.init(44100, f)
    expect(Array.from(jit.context.nodeBuffer(1, 'line')!)).toEqual([1, 2, 3, 4, 5, ...new Array(11).fill(0)])
    f.free()
    next.reset()
    expect(Array.from(jit.context.nodeBuffer(1, 'line')!)).toEqual(new Array(16).fill(0))
    expect(() => compiled(longest(0.5))).not.toThrow()
  })

  it('made of other nodes keep the state of these, unless they become others', () => {
    const library = getStandardLibrary()
    const outer = (node: string, step: number) =>
      defineNode({
        name: 'outer',
        doc: 'Calls another node.',
        inputs: {},
        outputs: { value: {} },
        uses: [library.get(node)!],
        process: () => call(node, 'inner', [step, 0]),
      })
    const jit = new JIT(library.add(outer('accum', 1)), new DSPNodeContext())
    const run = (node: string, step: number) => {
      library.replace(outer(node, step))
      const f = jit.compile(call('outer', 1, []))
      f.init(44100)
      return f.exec2in2out(0, 0)[2]
    }
    expect([run('accum', 1), run('accum', 1), run('phase', 0), run('accum', 5)]).toEqual([1, 2, 0, 5])
    expect(jit.context.nodeVariable('1/inner', 'value')!.value).toBe(5)
  })

  const echo = defineNode({
    name: 'echo',
    doc: 'Writes its input into a line that runs in a circle.',
    inputs: { input: {}, length: { constant: true } },
    outputs: { last: {} },
    state: { at: 0 },
    buffers: { line: { length: ({ constants }) => constants.length! } },
    process({ inputs, state, buffers }) {
      return {
        run: [bufWrite(buffers.line, state.at, inputs.input), assign(state.at, opAdd(state.at, 1))],
        outputs: [bufRead(buffers.line, state.at)],
      }
    },
  })
})

describe('large programs', () => {
  it('sums of ten thousand terms, and nesting five thousand deep', () => {
    const sum = Array.from({ length: 10_000 }, (_, i): Core => build.literal(i)).reduce((a, b) => opAdd(a, b))
    expect(compiled(sum).exec2in2out(0, 0)[2]).toBe(49_995_000)
    let deep: Core = variable('in1')
    for (let i = 0; i < 5000; i++) deep = build.iff(build.opGe(variable('in1'), i), deep, i)
    const f = compiled(deep)
    expect([f.exec2in2out(6000, 0)[2], f.exec2in2out(4998.5, 0)[2]]).toEqual([6000, 4999])
  })

  it('a thousand nodes with state', () => {
    const ids = Array.from({ length: 1000 }, (_, i) => i)
    const f = compiled(ids.map((i): Core => call('accum', i, [i, 0])).reduce((a, b) => opAdd(a, b)))
    expect([f.exec2in2out(0, 0)[2], f.exec2in2out(0, 0)[2]]).toEqual([499_500, 999_000])
    expect(f.image.report.fresh).toHaveLength(1000)
  })
})
