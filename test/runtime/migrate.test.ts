/** What goes where between two layouts, and the copies between two memories, made by hand. */
import { describe, expect, it } from 'vitest'
import type { StateOrigin } from '../../src/core/ast.ts'
import { POSITION_ID } from '../../src/core/layout.ts'
import type { Cell, Layout } from '../../src/core/program.ts'
import { applyMigration, formatMigration, planMigration } from '../../src/runtime/migrate.ts'

const SIZES = { i32: 4, f32: 4, f64: 8 }

interface CellParts extends Partial<Omit<Cell, 'offset' | 'bytes'>> {
  readonly id: string
  readonly elements?: number
}

/** Cells one after another. */
function layoutOf(...parts: CellParts[]): Layout {
  let end = 0
  const cells = parts.map(({ elements = 1, ...part }): Cell => {
    const cell = { kind: 'memory' as const, element: 'f64' as const, ...part }
    const bytes = elements * SIZES[cell.element]
    const offset = end
    end += Math.ceil(bytes / 8) * 8
    return { ...cell, offset, bytes }
  })
  return { cells, inputPointers: end, outputPointers: end, end }
}

function origin(path: string, parts: Partial<StateOrigin> = {}): StateOrigin {
  const scope = path.split('/')
  return { owner: path, scope, label: path, form: 'filter', exact: 1, own: 1, shape: 1, ...parts }
}

const position: CellParts = { id: POSITION_ID, kind: 'counter', element: 'i32' }
const line = (elements: number, length = elements, element: Cell['element'] = 'f64'): CellParts => ({
  id: 'line',
  kind: 'delay',
  element,
  elements,
  length,
  origins: [origin('echo', { form: 'past' })],
})

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

describe('matching', () => {
  const units = (...origins: StateOrigin[]) =>
    layoutOf(
      ...origins.map((o, i) => ({ id: `${o.owner} ${i}`, origins: [{ ...o, owner: `${o.owner} ${i}` }] })),
    )
  const pairs = (from: Layout, to: Layout) =>
    planMigration(from, to).copies.map(copy => [from.cells.indexOf(copy.from), to.cells.indexOf(copy.to)])

  it('takes the path before a structure elsewhere', () => {
    const from = units(origin('a', { exact: 1 }), origin('b', { exact: 2 }))
    const to = units(origin('a', { exact: 2 }), origin('b', { exact: 1 }))
    expect(pairs(from, to)).toEqual([
      [0, 0],
      [1, 1],
    ])
  })

  it('takes structure where a path is ambiguous', () => {
    const from = units(origin('a', { exact: 1 }), origin('a', { exact: 2 }))
    const to = units(origin('a', { exact: 3 }), origin('a', { exact: 2 }), origin('a', { exact: 1 }))
    expect(pairs(from, to)).toEqual([
      [0, 2],
      [1, 1],
    ])
  })

  it('follows what moved', () => {
    const from = units(origin('a', { exact: 1 }), origin('b', { exact: 2 }))
    const to = units(origin('c', { exact: 2 }), origin('d', { exact: 1 }))
    expect(pairs(from, to)).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(planMigration(from, to).report.moved.map(e => `${e.formerName} ${e.name}`)).toEqual(['b c', 'a d'])
  })

  it('does not cross what is certain', () => {
    const from = units(
      origin('a', { exact: 1, own: 1 }),
      origin('a', { exact: 2, own: 2 }),
      origin('a', { exact: 3, own: 3 }),
    )
    const to = units(
      origin('a', { exact: 9, own: 9 }),
      origin('a', { exact: 2, own: 2 }),
      origin('a', { exact: 8, own: 8 }),
    )
    expect(pairs(from, to)).toEqual([
      [1, 1],
      [0, 0],
      [2, 2],
    ])
  })

  it('never mixes forms', () => {
    const from = units(origin('a', { form: 'phase' }))
    const to = units(origin('a', { form: 'filter' }))
    expect(pairs(from, to)).toEqual([])
  })
})

describe('cost', () => {
  /** As many pieces of state, in so many definitions, with so many structures. */
  const many = (count: number, paths: number, structures: number, offset = 0) =>
    layoutOf(
      ...Array.from({ length: count }, (_, i) => {
        const at = (i * 7919 + offset) % count
        const [exact, own] = [at % structures, at % 97]
        return { id: `c${i}`, origins: [{ ...origin(`p/d${at % paths}`, { exact, own }), owner: `o${i}` }] }
      }),
    )
  const steps = (from: Layout, to: Layout) => {
    const cost = { steps: 0 }
    const { copies } = planMigration(from, to, { cost })
    return { steps: cost.steps, copies: copies.length }
  }

  it.each([
    ['all different', 100_000, 100_000],
    ['a hundred definitions, all alike in each', 100, 1],
    ['one definition, all alike', 1, 1],
    ['one definition, some alike', 1, 500],
  ])('grows with the number of cells: %s', (_, paths, structures) => {
    const run = (n: number) => steps(many(n, paths, structures), many(n + 10, paths, structures, 5))
    const [small, large] = [run(20_000), run(100_000)]
    expect(large.copies).toBeGreaterThan(90_000)
    expect(large.steps).toBeLessThan(30 * 100_000)
    expect(large.steps / small.steps).toBeLessThan(5.3)
  })
})

describe('cost where nothing is found', () => {
  it('is that of every pass, and no more', () => {
    const count = 20_000
    const one = (name: string, k: number) =>
      layoutOf(
        ...Array.from({ length: count }, (_, i) => {
          const parts = { owner: `${i}`, exact: k + i, own: k + i, shape: k + i }
          return { id: `c${i}`, origins: [{ ...origin(`${name}/d${i % 50}`, parts) }] }
        }),
      )
    const cost = { steps: 0 }
    const { copies, report } = planMigration(one('a', 0), one('b', count), { cost })
    expect([copies.length, report.fresh.length, report.dropped.length]).toEqual([0, count, count])
    expect(cost.steps).toBeLessThan(40 * count)
  })
})

describe('the report as text', () => {
  it('counts, and names what is not just kept', () => {
    const from = layoutOf(position, line(32768, 24_001), { id: 'x' }, { id: 'y' })
    const to = layoutOf(position, line(65536, 33_601), { id: 'x' }, { id: 'z' }, { id: 'chorus' })
    const rates = { formerSampleRate: 48_000, sampleRate: 48_000 }
    const text = formatMigration(planMigration(from, to, rates).report)
    expect(text).toBe('kept 1, resized 1 (echo: 0.5 s → 0.7 s), new 2 (z, chorus), dropped 1 (y)')
  })

  it('names each once, and not too many', () => {
    const many = layoutOf(...Array.from({ length: 9 }, (_, i) => ({ id: `n${i}` })))
    const text = formatMigration(planMigration(layoutOf(), many).report)
    expect(text).toBe('kept 0, new 9 (n0, n1, n2, n3, n4, n5, …), dropped 0')
  })
})
