/** What goes where between two layouts, what that costs, and how it is told. */
import { describe, expect, it } from 'vitest'
import type { StateOrigin } from '../../src/core/ast.ts'
import type { Layout } from '../../src/core/program.ts'
import { formatMigration, planMigration } from '../../src/runtime/migrate.ts'
import { layoutOf, line, origin, position } from './layouts.ts'

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
