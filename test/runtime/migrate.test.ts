/** Copies between two memories, made by hand. */
import { describe, expect, it } from 'vitest'
import type { Cell, Layout } from '../../src/core/program.ts'
import { applyMigration, planMigration } from '../../src/runtime/migrate.ts'
import { layoutOf, line, origin, position, SIZES } from './layouts.ts'

/** Memory in which the delay line after the position holds age 1, 2, 3 … as 1, 2, 3 …. */
function ringMemory(layout: Layout, newest: number): ArrayBuffer {
  const memory = new ArrayBuffer(layout.end)
  const [counter, ring] = layout.cells as [Cell, Cell]
  new Int32Array(memory, counter.offset, 1)[0] = newest
  const elements = elementsOf(ring, memory)
  for (let age = 1; age <= elements.length; age++) elements[(newest - age) & (elements.length - 1)] = age
  return memory
}

function elementsOf({ element, offset, bytes }: Cell, memory: ArrayBuffer) {
  const Elements = { i32: Int32Array, f32: Float32Array, f64: Float64Array }[element]
  return new Elements(memory, offset, bytes / SIZES[element])
}

/** Samples by age, as the program would read them. */
function agesOf(layout: Layout, memory: ArrayBuffer): number[] {
  const [counter, ring] = layout.cells as [Cell, Cell]
  const now = new Int32Array(memory, counter.offset, 1)[0]!
  const elements = elementsOf(ring, memory)
  return Array.from(elements, (_, i) => elements[(now - 1 - i) & (elements.length - 1)]!)
}

function migrated(from: Layout, to: Layout, memory: ArrayBuffer, rates: [number, number] = [1, 1]) {
  const target = new ArrayBuffer(to.end)
  const migration = planMigration(from, to, { formerSampleRate: rates[0], sampleRate: rates[1] })
  applyMigration(migration, memory, target)
  return { target, migration }
}

describe('delay lines', () => {
  it.each([0, 1, 5, 8, 13, -3, 0x7fffffff])('of one size keep all, the position being %i', now => {
    const layout = layoutOf(position, line(8))
    const { target } = migrated(layout, layout, ringMemory(layout, now))
    expect(agesOf(layout, target)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it.each([0, 3, 17, -5])('grow: the rest is silence (position %i)', now => {
    const [from, to] = [layoutOf(position, line(4)), layoutOf(position, line(8))]
    const { target } = migrated(from, to, ringMemory(from, now))
    expect(agesOf(to, target)).toEqual([1, 2, 3, 4, 0, 0, 0, 0])
  })

  it.each([0, 3, 17, -5])('shrink: the newest stay (position %i)', now => {
    const [from, to] = [layoutOf(position, line(8)), layoutOf(position, line(4))]
    const { target } = migrated(from, to, ringMemory(from, now))
    expect(agesOf(to, target)).toEqual([1, 2, 3, 4])
  })

  it.each(['f32', 'i32'] as const)('of doubles become %s', element => {
    const [from, to] = [layoutOf(position, line(8)), layoutOf(position, line(8, 8, element))]
    const { target, migration } = migrated(from, to, ringMemory(from, 3))
    const isNumber = element === 'f32'
    expect(agesOf(to, target)).toEqual(isNumber ? [1, 2, 3, 4, 5, 6, 7, 8] : [0, 0, 0, 0, 0, 0, 0, 0])
    expect(migration.report.kept).toHaveLength(isNumber ? 1 : 0)
  })

  it('at another sample rate hold the same times', () => {
    const [from, to] = [layoutOf(position, line(16)), layoutOf(position, line(32))]
    const { target } = migrated(from, to, ringMemory(from, 5), [1, 2])
    const ages = agesOf(to, target)
    // Twice as many samples in the same time; before the oldest there is nothing.
    expect(ages.slice(0, 8)).toEqual([1, 1, 1.5, 2, 2.5, 3, 3.5, 4])
    expect(ages[31]).toBe(16)
  })

  it('leave out what is not a number', () => {
    const layout = layoutOf(position, line(4))
    const memory = ringMemory(layout, 0)
    elementsOf(layout.cells[1]!, memory).set([Number.NaN, Infinity, 3, 2])
    expect(agesOf(layout, migrated(layout, layout, memory).target)).toEqual([2, 3, 0, 0])
  })

  it('without one before start at position 0', () => {
    const to = layoutOf(position, line(4))
    const { target, migration } = migrated(layoutOf({ id: 'x' }), to, new ArrayBuffer(16))
    expect(agesOf(to, target)).toEqual([0, 0, 0, 0])
    expect(migration.report.fresh).toHaveLength(1)
    expect(migration.report.dropped).toHaveLength(1)
  })
})

describe('the past of a signal', () => {
  const past = { origins: [origin('echo', { form: 'past' })] }
  const registers = [1, 2, 3].map(age => ({ id: `memory${age}`, age, ...past }))

  it('goes from variables into a line', () => {
    const [from, to] = [layoutOf(...registers), layoutOf(position, line(8))]
    const { target } = migrated(from, to, new Float64Array([10, 20, 30]).buffer)
    expect(agesOf(to, target)).toEqual([10, 20, 30, 0, 0, 0, 0, 0])
  })

  it('goes from a line into variables', () => {
    const [from, to] = [layoutOf(position, line(8)), layoutOf(...registers)]
    const { target } = migrated(from, to, ringMemory(from, 6))
    expect([...new Float64Array(target)]).toEqual([1, 2, 3])
  })
})

describe('values', () => {
  const single = (parts: Partial<Cell> = {}) => layoutOf({ id: 'a', ...parts })

  it('become another precision', () => {
    const [from, to] = [single(), single({ element: 'f32' })]
    const { target } = migrated(from, to, new Float64Array([0.1]).buffer)
    expect(new Float32Array(target, 0, 1)[0]).toBe(Math.fround(0.1))
  })

  it.each([Number.NaN, Infinity, -Infinity])('%d starts anew', value => {
    const { target } = migrated(single(), single(), new Float64Array([value]).buffer)
    expect(new Float64Array(target)[0]).toBe(0)
  })

  it('that code would read astray by are moved into their range', () => {
    const to = single({ range: { low: 0, high: 9 } })
    const { target } = migrated(single(), to, new Float64Array([12]).buffer)
    expect(new Float64Array(target)[0]).toBe(9)
  })

  it('never change from whole number to real, or to another kind', () => {
    const kinds = [single({ element: 'i32' }), single({ kind: 'node' }), single({ id: 'b' })]
    for (const to of kinds) expect(planMigration(single(), to).copies).toEqual([])
  })

  it('a table keeps what fits', () => {
    const table = (elements: number) => layoutOf({ id: 't', kind: 'table', elements })
    const memory = new Float64Array([1, 2, 3, 4]).buffer
    expect([...new Float64Array(migrated(table(4), table(2), memory).target)]).toEqual([1, 2])
    expect([...new Float64Array(migrated(table(4), table(6), memory).target)]).toEqual([1, 2, 3, 4, 0, 0])
  })

  it('constants, meters and tables that nothing writes are not state', () => {
    const layout = layoutOf(
      { id: 'c', kind: 'constant' },
      { id: 'm', kind: 'bargraph' },
      { id: 't', kind: 'table', elements: 4, fixed: true },
    )
    const { copies, report } = planMigration(layout, layout)
    expect(copies).toEqual([])
    expect(Object.values(report).flat().filter(Boolean)).toEqual([])
  })

  it('all start anew when asked to', () => {
    const { copies, report } = planMigration(single(), single(), { reset: true })
    expect(copies).toEqual([])
    expect([report.kept.length, report.fresh.length, report.dropped.length]).toEqual([0, 1, 1])
  })
})
