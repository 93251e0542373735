/** Deep and large programs: no stage may recurse, and none may take more than linear time. */
import { describe, expect, it } from 'vitest'
import { runPasses } from '../../src/codegen/passes.ts'
import { everyInstruction } from '../../src/codegen/regions.ts'
import { toKernel } from '../../src/codegen/to-kernel.ts'
import type { Core } from '../../src/core/ast.ts'
import { printCore } from '../../src/core/print.ts'
import { all, append, delayed, delayLine, int, kept, op, program, set, term, when } from '../support/core.ts'
import { compile } from '../support/play.ts'

const times = (n: number, start: Core, step: (inner: Core, i: number) => Core): Core => {
  let tree = start
  for (let i = 0; i < n; i++) tree = step(tree, i)
  return tree
}

describe('deep programs', () => {
  const deep = {
    'left sum': times(10_000, term('x'), inner => op('add', inner, 'x')),
    'right sum': times(10_000, term('x'), inner => op('add', 'x', inner)),
    'nested assignments': op(
      'mul',
      times(10_000, term('x'), (inner, i) => set(`v${i}`, inner)),
      10_001,
    ),
    'nested statements': op(
      'mul',
      times(10_000, term('x'), inner => all(int(1), inner)),
      10_001,
    ),
  }
  it.each(Object.entries(deep))('%s', async (_name, tree) => {
    const parts = program({ inputs: ['x'], sample: set('out', tree) })
    const player = await compile(parts)
    expect(player.compute([[1, 0.5]], 2)).toEqual([[10_001, 10_001 / 2]])
    expect(printCore(parts)).toContain('sample')
  })

  it('chains of branches', async () => {
    const chain = times(1000, int(-1), (inner, i) => when(op('eq', 'x', i), int(i), inner))
    const player = await compile(program({ inputs: ['x'], sample: set('out', chain) }))
    expect(player.compute([[0, 999, 500, 0.5]], 4)).toEqual([[0, 999, 500, -1]])
  })

  it('branches inside branches, in translation, passes and printer', () => {
    const nest = times(20_000, set('y', 1), inner => when(op('gt', 'x', 0), all(set('y', 'x'), inner)))
    const parts = program({ inputs: ['x'], kept: [kept('y')], sample: all(nest, set('out', 'y')) })
    expect(runPasses(toKernel(parts, { precision: 'double' }).module).functions).toHaveLength(2)
    expect(printCore(parts)).toContain('if x > 0.0')
  })
})

describe('large programs', () => {
  /** Filters in series, each with state and a delay line, about 10 nodes each. */
  function filters(count: number): Core {
    const list = [set('s', 'x')]
    for (let i = 0; i < count; i++) {
      const line = `d${i % 100}`
      const y = op(
        'add',
        op('mul', 's', 0.5),
        op('mul', `y${i % 1000}`, op('sub', 1, op('mul', 0.5, i / count))),
      )
      list.push(set(`y${i % 1000}`, y), set('s', op('add', delayed(line, int(1 + (i % 7))), `y${i % 1000}`)))
      if (i < 100) list.push(append(line, 's'))
    }
    return all(...list, set('out', 's'))
  }

  function large(count: number) {
    const state = Array.from({ length: 1000 }, (_, i) => kept(`y${i}`))
    const buffers = Array.from({ length: 100 }, (_, i) => delayLine(`d${i}`, 8))
    return program({ inputs: ['x'], kept: state, buffers, sample: filters(count) })
  }

  it('more state than is carried in locals', async () => {
    const count = 6_000
    // yᵢ = aᵢ·yᵢ₋₁ + x for most of them; the others change under a condition. Their sum falls like Σ aᵢⁿ.
    const factor = (i: number) => i / (4 * count)
    const names = Array.from({ length: count }, (_, i) => `y${i}`)
    const step = (name: string, i: number) => set(name, op('add', 'x', op('mul', name, factor(i))))
    const list = names.map((name, i) =>
      i % 600 > 0 ? step(name, i) : when(op('gt', 'frame', 1), step(name, i), set(name, 'x')),
    )
    const sum = times(count, term(0), (inner, i) => op('add', inner, names[i]!))
    const sample = all(set('frame', op('add', 'frame', 1)), ...list, set('out', sum))
    const state = [...names, 'frame'].map(name => kept(name))
    const player = await compile(program({ inputs: ['x'], kept: state, sample }))
    const [first] = player.compute([[1, 0]], 2)
    const [second] = player.compute([[0, 0]], 2)
    for (const [n, actual] of [...first!, ...second!].entries()) {
      const powers = names.reduce((total, _, i) => total + factor(i) ** n, 0)
      expect(actual).toBeCloseTo(powers, 6)
    }
  })

  it('a program of 100,000 nodes compiles and runs', async () => {
    const player = await compile(large(10_000))
    const [out] = player.compute([[1, 0, 0, 0]], 4)
    expect(out!.every(Number.isFinite)).toBe(true)
  })

  it('the number of instructions grows with the program', () => {
    const size = (count: number) => {
      const { functions } = runPasses(toKernel(large(count), { precision: 'double' }).module)
      return [...everyInstruction(functions.find(f => f.name === 'compute')!.body)].length
    }
    expect(size(8000)).toBeLessThan(4.1 * size(2000))
  })
})
