import { describe, expect, it } from 'vitest'
import { layOut, POSITION_ID, planMemory, verifyLayout } from '../../src/core/layout.ts'
import type { Cell } from '../../src/core/program.ts'
import {
  all,
  append,
  delayLine,
  int,
  kept,
  meter,
  program,
  set,
  slider,
  table,
  write,
} from '../support/core.ts'
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

describe('layOut', () => {
  const parts = program({
    inputs: ['x', 'y', 'z'],
    outputs: ['a'],
    controls: [slider('gain', 1), meter('level')],
    kept: [kept('s'), kept('n', 0, 'int')],
    buffers: [delayLine('d', 5), table('t', 5), table('k', 3, { kind: 'zero' }, 'int')],
    sample: all(append('d', 1), write('t', int(0), 1)),
  })

  it('gives every piece of state a cell with its identity and type', () => {
    const cells = layOut(parts, 'double', [{ name: 'c', type: 'int' }]).cells
    expect(cells.map(c => [c.kind, c.id, c.element, c.bytes])).toEqual([
      ['counter', POSITION_ID, 'i32', 4],
      ['control', '/gain', 'f64', 8],
      ['bargraph', '/level', 'f64', 8],
      ['memory', 'state/s', 'f64', 8],
      ['memory', 'state/n', 'i32', 4],
      // 5 and what pieces of a block need beyond, as a power of two.
      ['delay', 'line/d', 'f64', 1024],
      ['table', 'table/t', 'f64', 40],
      ['table', 'table/k', 'i32', 12],
      ['constant', 'c', 'i32', 4],
    ])
  })

  it('halves reals in single precision', () => {
    const cells = layOut(parts, 'single').cells
    expect(cells.find(c => c.id === 'line/d')).toMatchObject({ element: 'f32', bytes: 512 })
    expect(cells.find(c => c.id === '/gain')).toMatchObject({ element: 'f32', bytes: 4 })
  })

  it('has room for the pointers of all channels', () => {
    const layout = layOut(parts, 'double')
    expect(layout.outputPointers - layout.inputPointers).toBeGreaterThanOrEqual(12)
    expect(layout.cells[0]!.offset - layout.outputPointers).toBeGreaterThanOrEqual(4)
  })

  it('has no position counter without delay lines', () => {
    expect(layOut(program({ sample: set('out', 1) }), 'double').cells).toEqual([])
  })

  it('keeps originals of written tables and buffers of generators apart from state', () => {
    const inner = program({ buffers: [delayLine('d', 9)], sample: append('d', 1) })
    const values = { kind: 'values', values: [1, 2, 3] } as const
    const outer = program({
      buffers: [table('t', 3, values), table('g', 4, { kind: 'generator', program: inner })],
      sample: write('t', int(0), 1),
    })
    const { layout, buffers } = planMemory(outer, 'double', [{ name: 'c', type: 'real' }])
    const used = layout.cells.map(c => [c.offset, c.offset + c.bytes])
    const extra = [
      [buffers.get(outer)!.get('t')!.original!, 24],
      [buffers.get(inner)!.get('d')!.offset, 128],
    ].map(([offset, bytes]) => [offset!, offset! + bytes!])
    const ranges = [...used, ...extra].sort((a, b) => a[0]! - b[0]!)
    for (let i = 1; i < ranges.length; i++) expect(ranges[i]![0]).toBeGreaterThanOrEqual(ranges[i - 1]![1]!)
    expect(ranges.at(-1)![1]).toBeLessThanOrEqual(layout.end)
  })

  it('puts nothing in the way of saved values: other offsets do not depend on them', () => {
    const without = layOut(parts, 'double').cells
    const saved = layOut(parts, 'double', [{ name: 'c', type: 'real' }]).cells
    expect(saved.slice(0, without.length)).toEqual(without)
  })

  it('is sound for any program', () => {
    fc.assert(
      fc.property(randomProgram, fc.constantFrom('double', 'single'), (any, precision) => {
        expect(verifyLayout(layOut(any, precision, [{ name: 'c', type: 'real' }]))).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})

describe('verifyLayout', () => {
  const cell: Cell = { id: 'a', kind: 'memory', element: 'f64', offset: 8, bytes: 8 }
  const faults = (...cells: Cell[]) =>
    verifyLayout({ cells, inputPointers: 0, outputPointers: 0, end: 32 }).join('; ')

  it('finds overlaps, misalignment, twins and overruns', () => {
    expect(faults(cell)).toBe('')
    expect(faults(cell, { ...cell, id: 'b' })).toContain('overlaps')
    expect(faults(cell, { ...cell, offset: 16 })).toContain('two cells')
    expect(faults({ ...cell, offset: 4 })).toContain('not aligned')
    expect(faults({ ...cell, bytes: 32 })).toContain('after the end')
  })
})
