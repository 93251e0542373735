/**
 * The engine with both sides in one thread: the tests and examples of the original, and misuse.
 */
import { describe, expect, it } from 'vitest'
import {
  assign,
  bufDeclare,
  bufLen,
  bufRead,
  call,
  literal,
  opAdd,
  opMul,
  opSub,
  stmts,
  tableLen,
  tableRead,
  variable,
} from '../../src/core/build.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { RING_CAPACITY, Ring } from '../../src/library/engine/ring.ts'
import { CodeEngine } from '../../src/library/index.ts'
import { next, refusal, started, value } from './support.ts'

describe('the original', () => {
  it('an upload does not see $reset; a reset does', () => {
    const { engine, backend } = started()
    engine.upload(variable('$reset'))
    backend.processUpdates()
    expect(value(backend)).toBe(0)
    engine.reset()
    backend.processUpdates()
    expect([value(backend), value(backend)]).toEqual([1, 0])
  })

  it('lengths of buffers stay when a later program does not declare them', () => {
    const { engine, backend } = started()
    const lengths = opAdd(bufLen(0), bufLen(1))
    engine.upload(lengths)
    backend.processUpdates()
    expect(value(backend)).toBe(32)
    engine.upload(stmts([bufDeclare(0, 1), bufDeclare(1, 256), lengths]))
    engine.upload(lengths)
    backend.processUpdates()
    expect(value(backend)).toBe(257)
  })

  it('buffers and tables are sent', () => {
    const { engine, backend } = started()
    const lengths = opAdd(bufLen(4), tableLen(3))
    engine.upload(stmts([assign('&sig1', bufRead(4, 5)), assign('&sig2', tableRead(3, 5)), lengths]))
    backend.processUpdates()
    expect(next(backend)).toEqual([0, 0, 17])
    engine.sendBuffer(4, new Array(10).fill(0.4532))
    engine.sendTable(3, new Array(23).fill(0.5532))
    backend.processUpdates()
    expect(next(backend)).toEqual([Math.fround(0.4532), Math.fround(0.5532), 33])
  })

  it('phase goes on over an upload, with another frequency', () => {
    const { engine, backend } = started()
    const saw = (freq: number) => opMul(0.3, opSub(call('phase', 1, [freq, 0]), 0.5))
    engine.upload(saw(441))
    backend.processUpdates()
    for (let i = 0; i < 10; i++) value(backend)
    engine.upload(saw(882))
    backend.processUpdates()
    expect(value(backend)).toBeCloseTo(0.3 * (0.1 - 0.5), 7)
    expect(value(backend)).toBeCloseTo(0.3 * (0.12 - 0.5), 7)
  })

  it('atoms control a program without an upload, and report back', () => {
    const { engine, backend } = started()
    const scaled = opMul(call('atomr', 0, [0]), variable('in1'))
    engine.upload(call('atomw', 0, [7, scaled]))
    backend.processUpdates()
    engine.atomSet(0, 3)
    expect(backend.process(14, 0, 0, 0, 0, 0)[2]).toBe(42)
    expect(engine.atomGet(7)).toBe(42)
    expect(engine.atomGet(99)).toBe(0)
  })

  it('parameters come with each frame', () => {
    const { engine, backend } = started()
    const sum = ['in1', 'in2', 'alpha', 'beta', 'delta', 'gamma'].reduce(
      (a, name, i) => opAdd(a, opMul(10 ** i, variable(name))),
      literal(0),
    )
    engine.upload(sum)
    backend.processUpdates()
    expect(backend.process(1, 2, 3, 4, 5, 6)[2]).toBe(654321)
  })

  it('debug information is of the last upload', () => {
    const { engine } = started()
    engine.setDebug(true)
    engine.upload(assign('&sig1', literal(0.5)))
    expect(engine.getDebugInfo()).toMatch(
      /^-+ AST -+\n {3}assign:&sig1\n {6}lit:0.5000\n\n-+ JIT IR -+\n[\s\S]*-+ END -+$/,
    )
  })
})

describe('updates', () => {
  it('are acknowledged, with what became of state', () => {
    const { engine, backend } = started()
    const first = engine.upload(stmts([assign('*level', literal(1)), call('phase', 5, [1, 0])]))
    expect(first.applied).toBe(false)
    backend.processUpdates()
    expect(engine.queryReturns()).toEqual([first.number])
    expect(first.applied).toBe(true)
    const second = engine.upload(stmts([bufDeclare(2, 100), call('accum', 6, [1, 0]), variable('*level')]))
    expect(second.report.kept).toEqual(['*level'])
    expect(second.report.fresh).toEqual(['6/value'])
    expect(second.report.dropped).toEqual(['5/value', '5/high'])
    expect(second.report.resized).toEqual([{ id: 'buffer#2', from: 16, to: 100 }])
  })

  it('are done in order, several at once', () => {
    const { engine, backend } = started()
    engine.upload(stmts([bufDeclare(0, 40), bufRead(0, 3)]))
    engine.sendBuffer(0, [1, 2, 3, 4, 5])
    engine.upload(stmts([bufDeclare(0, 8), opAdd(bufRead(0, 3), opMul(100, bufLen(0)))]))
    backend.processUpdates()
    expect(value(backend)).toBe(804)
    engine.queryReturns()
    expect(engine.context.readBuffer(0)).toEqual(new Float64Array([1, 2, 3, 4, 5, 0, 0, 0]))
  })

  it('persistent variables and parameters of the same name go on', () => {
    const { engine, backend } = started()
    const count = (name: string, by: number) => assign(`*${name}`, opAdd(variable(`*${name}`), by))
    engine.upload(count('n', 1))
    backend.processUpdates()
    for (let i = 0; i < 3; i++) value(backend)
    engine.upload(count('other', 1))
    engine.upload(count('n', 10))
    backend.processUpdates()
    expect(value(backend)).toBe(13)
  })

  it('memory does not grow with the number of uploads', () => {
    const { engine, backend } = started()
    const upload = (i: number) => {
      engine.upload(stmts([bufDeclare(0, 10 + (i % 7)), opAdd(call('phase', 1, [i, 0]), variable('*x'))]))
      engine.sendTable(2, new Array(50 + (i % 5)).fill(i))
      backend.processUpdates()
    }
    for (let i = 0; i < 50; i++) upload(i)
    const before = engine.context.memory.size
    for (let i = 0; i < 500; i++) upload(i)
    expect(engine.context.memory.size).toBeLessThanOrEqual(before + 1024)
  })

  it('blocks are the same as frames', () => {
    const program = stmts([
      assign('&sig1', call('lp1', 1, [variable('in1'), 900])),
      assign('&sig2', call('phase', 2, [500, 0])),
      variable('&sig1'),
    ])
    const [a, b] = [started(), started()]
    for (const { engine, backend } of [a, b]) {
      engine.upload(program)
      backend.processUpdates()
    }
    const input = Float32Array.from({ length: 600 }, (_, i) => Math.sin(i * i))
    const outputs = [new Float32Array(600), new Float32Array(600)]
    a.backend.processBlock([input], outputs, 600)
    input.forEach((x, i) => {
      const [sig1, sig2] = b.backend.process(x, 0, 0, 0, 0, 0)
      expect([outputs[0]![i], outputs[1]![i]]).toEqual([sig1, sig2])
    })
  })
})

describe('misuse', () => {
  it('is refused, and nothing is lost', () => {
    const engine = new CodeEngine()
    expect(refusal(() => engine.upload(literal(1)))).toBe('engineNoBackend')
    expect(refusal(() => engine.getBackendLink())).toBe('engineNotShared')
    const backend = engine.getBackend()
    engine.upload(literal(7))
    expect(refusal(() => engine.upload(call('zither', 1, [])))).toBe('nodeUnknown')
    expect(refusal(() => engine.sendBuffer(99, [1]))).toBe('bufferUnknown')
    expect(refusal(() => engine.sendBuffer(0, []))).toBe('bufferLength')
    backend.processUpdates()
    expect(value(backend)).toBe(7)
    engine.free()
    engine.free()
    expect(refusal(() => engine.upload(literal(1)))).toBe('contextFreed')
    expect(value(backend)).toBe(7)
  })

  it('a full ring says so, and takes updates again when it has been read', () => {
    const { engine, backend } = started()
    for (let i = 0; i < RING_CAPACITY; i++) engine.reset()
    expect(refusal(() => engine.upload(literal(1)))).toBe('engineFull')
    expect(refusal(() => engine.reset())).toBe('engineFull')
    backend.processUpdates()
    engine.upload(literal(1))
    backend.processUpdates()
    expect(value(backend)).toBe(1)
  })

  it('of two audio sides the later gets the updates; the earlier runs on', () => {
    const { engine, backend: first } = started()
    engine.upload(literal(1))
    first.processUpdates()
    const second = engine.getBackend()
    engine.upload(literal(2))
    first.processUpdates()
    second.processUpdates()
    expect([value(first), value(second)]).toEqual([1, 2])
  })

  it('a node that throws yields 0 and is reported', () => {
    const library = standardLibrary()
    library.add(
      defineNode({
        name: 'trap',
        doc: 'Throws.',
        inputs: {},
        outputs: { out: {} },
        callback: () => {
          throw new Error('ouch')
        },
      }),
    )
    const { engine, backend } = started({ library })
    const upload = engine.upload(opAdd(call('trap', 1, []), 3))
    backend.processUpdates()
    expect(value(backend)).toBe(3)
    engine.queryReturns()
    expect(upload.failure?.reason).toBe('callbackFailed')
    expect(upload.failure?.message).toContain('ouch')
    const shared = new CodeEngine({ library, shared: true })
    shared.getBackendLink().port.close()
    expect(refusal(() => shared.upload(call('trap', 1, [])))).toBe('callbackInThread')
  })
})

describe('the ring', () => {
  it('keeps order, refuses when full, wraps', () => {
    const ring = new Ring()
    const other = new Ring(ring.buffer)
    const into = new Int32Array(4)
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < RING_CAPACITY; i++) expect(ring.push(i, round, -i, 7)).toBe(true)
      expect(ring.push(0, 0, 0, 0)).toBe(false)
      for (let i = 0; i < RING_CAPACITY; i++) {
        expect(other.peek(into)).toBe(true)
        expect([...into]).toEqual([i, round, i === 0 ? 0 : -i, 7])
        other.drop()
      }
      expect(other.peek(into)).toBe(false)
    }
  })
})
