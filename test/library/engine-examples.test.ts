/**
 * The examples of the original's documentation that need an engine or nodes of one's own.
 */
import { describe, expect, it } from 'vitest'
import {
  assign,
  bufLen,
  bufRead,
  call,
  literal,
  opAdd,
  opMul,
  stmts,
  variable,
} from '../../src/core/build.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { CodeEngine } from '../../src/library/index.ts'
import { next, started, value } from './support.ts'

describe('the documentation of the original', () => {
  it('starts up: an engine, its audio side, a program, a block', () => {
    const engine = new CodeEngine()
    const backend = engine.getBackend()
    backend.setSampleRate(44100)
    engine.upload(opAdd(literal(11), variable('in1')))
    const frames: number[] = []
    backend.processUpdates()
    for (let i = 0; i < 64; i++) frames.push(backend.process(i, 0, 0, 0, 0, 0)[2]!)
    engine.queryReturns()
    expect(frames).toEqual(Array.from({ length: 64 }, (_, i) => 11 + i))
    engine.free()
  })

  it('declares a node with state and one without', () => {
    const library = standardLibrary()
    library.add(
      defineNode({
        name: 'my_dsp',
        doc: 'Counts its calls.',
        inputs: {},
        outputs: { count: {} },
        state: { count: 0 },
        process: ({ state }) => ({
          run: [assign(state.count, opAdd(state.count, 1))],
          outputs: [state.count],
        }),
      }),
    )
    library.add(
      defineNode({
        name: 'mul2',
        doc: 'Twice its input.',
        inputs: { x: {} },
        outputs: { y: {} },
        process: ({ inputs }) => opMul(2, inputs.x),
      }),
    )
    const { engine, backend } = started({ library })
    engine.upload(call('mul2', 0, [call('my_dsp', 1, [])]))
    backend.processUpdates()
    expect([value(backend), value(backend), value(backend)]).toEqual([2, 4, 6])
    engine.reset()
    backend.processUpdates()
    expect(value(backend)).toBe(2)
  })

  it('swaps elements of locked containers: here buffers, whose length and contents programs see at once', () => {
    const { engine, backend } = started()
    engine.upload(stmts([assign('&sig1', bufRead(1, 2)), bufLen(1)]))
    engine.sendBuffer(1, [1, 2, 3])
    backend.processUpdates()
    expect(next(backend)).toEqual([3, 0, 3])
    engine.sendBuffer(1, [4, 5, 6, 7])
    expect(next(backend)).toEqual([3, 0, 3])
    backend.processUpdates()
    expect(next(backend)).toEqual([6, 0, 4])
  })
})
