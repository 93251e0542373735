/** Whatever is asked wrongly is refused with a code, and the context goes on as before. */
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import * as build from '../../src/core/build.ts'
import { LibraryError, misuse } from '../../src/core/misuse.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { DSPNodeContext, getStandardLibrary, JIT, programFromJson } from '../../src/library/index.ts'
import { compiled, refusal } from './support.ts'

const { assign, bufRead, bufWrite, call, iff, literal, opAdd, opDiv, opGt, stmts, variable } = build

const tryCompile = (ast: Core) => refusal(() => compiled(ast))

describe('expressions', () => {
  const table: readonly (readonly [string, () => unknown, string])[] = [
    ['an unknown node', () => compiled(call('sinus', 1, [1])), 'nodeUnknown'],
    ['too few arguments', () => compiled(call('phase', 1, [440])), 'nodeArguments'],
    ['too many arguments', () => compiled(call('phase', 1, [440, 0, 0])), 'nodeArguments'],
    ['an id twice', () => compiled(opAdd(call('accum', 1, [1, 0]), call('accum', 1, [1, 0]))), 'idTwice'],
    ['an unknown output', () => compiled(assign('&sig3', 1)), 'variableUnknown'],
    ['an internal pointer', () => compiled(variable('&aux')), 'variableUnknown'],
    ['an unknown global', () => compiled(variable('$rate')), 'variableUnknown'],
    ['%0', () => compiled(variable('%0')), 'returnUnknown'],
    ['%6', () => compiled(variable('%6')), 'returnUnknown'],
    ['%12', () => compiled(variable('%12')), 'returnUnknown'],
    ['a constant assigned', () => compiled(assign('PI', 3)), 'assignFixed'],
    ['a global assigned', () => compiled(assign('$srate', 3)), 'assignFixed'],
    ['a return value assigned', () => compiled(assign('%1', 3)), 'assignFixed'],
    ['buffer 16', () => compiled(bufRead(16, 0)), 'bufferUnknown'],
    ['table 16', () => compiled(build.tableRead(16, 0)), 'bufferUnknown'],
    ['a buffer by an unknown name', () => compiled(bufRead('lines', 0)), 'bufferUnknown'],
    ['buffer -1', () => bufRead(-1, 0), 'bufferIndex'],
    ['buffer 1.5', () => bufRead(1.5, 0), 'bufferIndex'],
    ['a length of 0', () => build.bufDeclare(0, 0), 'bufferLength'],
    ['a length that is no number', () => build.bufDeclare(0, Number.NaN), 'bufferLength'],
    [
      'a write without a value',
      () => compiled({ kind: 'bufferOp', op: 'write', buffer: 'buffer#0', index: literal(0) }),
      'writeWithoutValue',
    ],
    [
      'a table written',
      () => compiled({ ...(bufWrite(0, 0, 0) as Core & { kind: 'bufferOp' }), buffer: 'table#0' }),
      'tableWritten',
    ],
    [
      'a delay line',
      () => compiled({ kind: 'bufferOp', op: 'delayRead', buffer: 'buffer#0', index: literal(0) }),
      'delayOperation',
    ],
    ['no number', () => literal('1' as unknown as number), 'literalInvalid'],
    ['no name', () => variable(''), 'nameInvalid'],
    ['a negative id', () => call('accum', -1, [1, 0]), 'idInvalid'],
    ['a broken id', () => call('accum', 0.5, [1, 0]), 'idInvalid'],
    ['two operands for one', () => build.prim.sin(1, 2), 'operandCount'],
    [
      'a constant input that changes',
      () => compiled(call('delay', 1, [1, 0.1, variable('in1')])),
      'constantInput',
    ],
  ]
  it.each(table)('%s', (_, act, reason) => expect(refusal(act)).toBe(reason))

  it('has a code, and a message that names the culprit', () => {
    const error = misuse('nodeUnknown', { node: 'sinus' })
    expect(error).toBeInstanceOf(LibraryError)
    expect([error.code, error.reason, error.message]).toEqual([
      'DSP0912',
      'nodeUnknown',
      'there is no node `sinus`',
    ])
  })

  it('what the original got wrong is right', () => {
    const value = (ast: Core, in1 = 0) => compiled(ast).exec2in2out(in1, 0)[2]
    expect([value(build.opNe(1, 2)), value(build.opNe(1, 1)), value(build.opNe(NaN, NaN))]).toEqual([1, 0, 1])
    expect(value(iff(build.opNe(1, 1), 5, 6))).toBe(6)
    expect([value(iff(opAdd(0.2, 0.3), 5, 6)), value(iff(opAdd(0.2, 0.2), 5, 6))]).toEqual([5, 6])
    expect(value(iff(opDiv(0, 0), 5, 6))).toBe(6)
    expect(tryCompile(variable('1SQRT_PI'))).toBeUndefined()
  })
})

describe('indices', () => {
  const at = (index: number) => {
    const ast = stmts([
      bufWrite(0, 15, 7),
      bufWrite(0, 0, 3),
      assign('&sig1', build.bufReadLin(0, variable('in1'))),
      bufRead(0, variable('in1')),
    ])
    return compiled(ast).exec2in2out(index, 0)
  }
  it.each([
    [-1, 7],
    [-16, 3],
    [16, 3],
    [2 ** 40 + 15, 7],
    [NaN, 3],
    [Infinity, 3],
    [-Infinity, 3],
    [1e300, 3],
  ])('%d never leaves the buffer', (index, expected) => expect(at(index)[2]).toBe(expected))
  it('between elements too', () => expect([at(-0.5)[0], at(NaN)[0], at(Infinity)[0]]).toEqual([5, 3, 3]))
})

describe('contexts and functions', () => {
  it('an id keeps its type of node', () => {
    const context = new DSPNodeContext()
    const jit = new JIT(getStandardLibrary(), context)
    jit.compile(call('accum', 1, [1, 0])).init(44100)
    expect(refusal(() => jit.compile(call('phase', 1, [1, 0])))).toBe('idType')
    expect(context.forgetNode(1)).toBe(true)
    expect(refusal(() => jit.compile(call('phase', 1, [1, 0])))).toBeUndefined()
  })

  it('free may be called twice, and nothing runs after it', () => {
    const context = new DSPNodeContext()
    const jit = new JIT(getStandardLibrary(), context)
    const [f, g] = [jit.compile(literal(1)), jit.compile(literal(2))]
    f.free()
    f.free()
    expect(refusal(() => f.exec2in2out(0, 0))).toBe('contextFreed')
    expect(g.exec2in2out(0, 0)[2]).toBe(2)
    context.free()
    context.free()
    expect(refusal(() => g.exec2in2out(0, 0))).toBe('contextFreed')
    expect(refusal(() => jit.compile(literal(1)))).toBe('contextFreed')
    expect(refusal(() => context.swapBuffer(0, [1]))).toBe('contextFreed')
  })

  it('more memory than there is leaves the context as it was', () => {
    const context = new DSPNodeContext({ maximumBytes: 2 ** 20 })
    const jit = new JIT(getStandardLibrary(), context)
    const before = context.memory.size
    expect(refusal(() => jit.compile(build.bufDeclare(0, 1e9)))).toBe('memoryExhausted')
    expect(refusal(() => jit.compile(call('delay', 1, [1, 0.1, 100])))).toBe('memoryExhausted')
    expect([context.memory.size, context.hasNode(1)]).toEqual([before, false])
    expect(jit.compile(build.bufLen(0)).exec2in2out(0, 0)[2]).toBe(16)
  })

  it('functions, rates, channels and names', () => {
    const f = compiled(literal(1))
    expect(refusal(() => f.init(44100, compiled(literal(2))))).toBe('wrongContext')
    for (const rate of [0, -1, NaN, 1e9])
      expect(refusal(() => f.setSampleRate(rate))).toBe('sampleRateInvalid')
    expect(refusal(() => f.process([], [new Float64Array(3)], 4))).toBe('frameCount')
    expect(refusal(() => f.process([], [], 1.5))).toBe('frameCount')
    expect(refusal(() => f.setParameter('volume', 1))).toBe('parameterUnknown')
    expect(refusal(() => f.withNodeState(7, () => 0))).toBe('nodeStateUnknown')
    expect(refusal(() => f.context.swapTable(16, [1]))).toBe('bufferUnknown')
    expect(f.exec2in2out(0, 0)[2]).toBe(1)
  })

  it('a callback that throws gives 0, once, and nothing is lost', () => {
    const moody = defineNode({
      name: 'moody',
      doc: 'Throws above 1.',
      inputs: { x: {} },
      outputs: { value: {} },
      state: { count: 0 },
      callback({ state }, x) {
        state.count++
        if (x > 1) throw new Error('too much')
        return x
      },
    })
    const jit = new JIT(getStandardLibrary().add(moody), new DSPNodeContext())
    const f = jit.compile(
      stmts([
        assign('*kept', opAdd(variable('*kept'), 1)),
        opAdd(call('moody', 1, [variable('in1')]), call('accum', 2, [1, 0])),
      ]),
    )
    f.init(44100)
    expect(f.exec2in2out(0.5, 0)[2]).toBe(1.5)
    expect(refusal(() => f.exec2in2out(2, 0))).toBe('callbackFailed')
    expect(f.exec2in2out(0.5, 0)[2]).toBe(3.5)
    expect(f.accessPersistentVar('*kept')!.value).toBe(3)
    expect(f.withNodeState(1, state => state.count)).toBe(3)
    const out = [0, 1, 2].map(() => new Float64Array(10))
    const input = Float64Array.from({ length: 10 }, (_, i) => (i === 4 ? 2 : 0))
    expect(refusal(() => f.process([input], out, 10))).toBe('callbackFailed')
    expect(Array.from(out[2]!)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
  })
})

describe('declarations of programs', () => {
  const ast = literal(0)
  it.each([
    ['a constant as input', { inputs: ['PI'], ast }, 'nameTaken'],
    ['a global as parameter', { parameters: { $srate: 1 }, ast }, 'nameTaken'],
    ['a persistent variable as output', { outputs: ['*x'], ast }, 'nameTaken'],
    ['a numbered buffer', { buffers: { 'buffer#1': 4 }, ast }, 'nameTaken'],
    ['a buffer of a node', { buffers: { '1/line': 4 }, ast }, 'nameTaken'],
    ['a buffer and a table', { buffers: { a: 4 }, tables: { a: [1] }, ast }, 'nameTaken'],
    ['an input twice', { inputs: ['a', 'a'], ast }, 'programInvalid'],
    ['an input and a parameter', { inputs: ['a'], parameters: { a: 1 }, ast }, 'programInvalid'],
    ['an output twice', { outputs: ['a', 'a'], ast }, 'programInvalid'],
    ['a buffer without length', { buffers: { a: 0 }, ast }, 'bufferLength'],
    ['an empty table', { tables: { a: [] }, ast }, 'bufferLength'],
  ])('%s', (_, program, reason) => expect(refusal(() => compiled(program))).toBe(reason))

  it('a name stays a buffer or a table', () => {
    const jit = new JIT(getStandardLibrary(), new DSPNodeContext())
    jit.compile({ buffers: { a: 4 }, ast: build.bufRead('a', 0) })
    const other = { tables: { a: [1] }, ast: build.tableRead('a', 0) }
    expect(refusal(() => jit.compile(other))).toBe('nameTaken')
  })
})

describe('declarations of nodes', () => {
  const declare = (more: object) => () =>
    compileNode(defineNode({ name: 'n', doc: '', inputs: { x: {} }, outputs: { y: {} }, ...more } as never))
  const compileNode = (type: ReturnType<typeof defineNode>) =>
    new JIT(getStandardLibrary().add(type), new DSPNodeContext()).compile(call('n', 1, [1]))

  it.each([
    ['no process', {}],
    ['both', { process: () => 0, callback: () => 0 }],
    ['seven outputs', { outputs: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {} }, process: () => 0 }],
    ['a range from right to left', { inputs: { x: { range: [1, 0] } }, process: () => 0 }],
    ['a default before a required input', { inputs: { x: { default: 1 }, y: {} }, process: () => 0 }],
    ['too few results', { outputs: { a: {}, b: {} }, process: () => 0 }],
    ['an unknown state', { process: ({ state }: { state: Record<string, Core> }) => state.none! }],
    ['a persistent variable', { process: () => variable('*p') }],
    ['an output of the program', { process: () => assign('&sig1', 1) }],
    ['a buffer that is not its own', { process: () => bufRead(0, 0) }],
    ['a length that is no number', { buffers: { b: { length: () => NaN } }, process: () => 0 }],
    ['a node that calls itself', { process: () => call('n', 1, [1]) }],
    ['no name', { name: '', process: () => 0 }],
  ])('%s', (_, more) => expect(refusal(declare(more))).toBe('nodeInvalid'))

  it('a name twice', () => {
    const library = getStandardLibrary()
    expect(refusal(() => library.add(library.get('phase')!))).toBe('nodeTwice')
  })
})

describe('JSON', () => {
  const node = (more: object) => ({ version: 1, nodes: [{ kind: 'literal', value: 1 }, more] })
  it.each([
    ['nothing', null],
    ['another version', { version: 2, nodes: [] }],
    ['no nodes', { version: 1, nodes: [] }],
    ['an unknown kind', node({ kind: 'loop' })],
    ['an operand that comes later', node({ kind: 'assign', name: 'x', args: [1] })],
    ['an operand that is no position', node({ kind: 'assign', name: 'x', args: ['0'] })],
    ['too many operands', node({ kind: 'assign', name: 'x', args: [0, 0] })],
    ['an unknown operator', node({ kind: 'operator', op: 'toString', args: [0] })],
    ['a number as text', node({ kind: 'literal', value: '1' })],
    ['a name that is none', node({ kind: 'variable', name: 5 })],
    ['a length of half', node({ kind: 'bufferDeclare', buffer: 'b', length: 0.5 })],
    ['an unknown operation', node({ kind: 'bufferOp', op: 'constructor', buffer: 'b', args: [0] })],
    ['inputs that are no list', { ...node({ kind: 'statements' }), program: { inputs: 'in' } }],
  ])('%s', (_, data) => expect(refusal(() => programFromJson(data))).toBe('jsonInvalid'))
})

it('conditions are those of the original', () => {
  const f = compiled(iff(opGt(variable('in1'), 10), 1.2, variable('in2')))
  expect([f.exec2in2out(20.21, 0)[2], f.exec2in2out(2.21, 3.4)[2]]).toEqual([1.2, 3.4])
})
