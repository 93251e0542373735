/** Tails end: no state stays below the limit, and nothing above it changes. */
import { describe, expect, it } from 'vitest'
import { all, append, delayed, delayLine, int, kept, op, program, set } from '../support/core.ts'
import { compile } from '../support/play.ts'

const BLOCK = 64
const SILENCE = [new Float64Array(BLOCK)]

describe.each([
  ['double', 2 ** -480],
  ['single', 2 ** -126],
] as const)('in %s precision', (precision, smallest) => {
  it('a filter falls to exactly 0, and is not small until then', async () => {
    const sample = all(set('y', op('add', 'x', op('mul', 'y', 0.9))), set('out', 'y'))
    const player = await compile(program({ inputs: ['x'], kept: [kept('y')], sample }), precision)
    player.compute([[-1]], 1)
    let last = -1
    while (last !== 0) {
      player.compute(SILENCE, BLOCK)
      const now = player.cell('state/y')
      expect(Math.abs(now) >= smallest || now === 0).toBe(true)
      expect(Math.abs(now)).toBeLessThan(Math.abs(last))
      last = now
    }
    expect(last).toBe(-0)
  })

  it('a delay line in a loop, which rounding would hold above 0 for ever, falls silent', async () => {
    const sample = all(
      set('y', op('add', 'x', op('mul', delayed('line', int(20)), 0.7))),
      append('line', 'y'),
      set('out', 'y'),
    )
    const parts = program({ inputs: ['x'], buffers: [delayLine('line', 21)], sample })
    const player = await compile(parts, precision)
    player.compute([Float64Array.from({ length: BLOCK }, (_, i) => Math.sin(i + 1) * smallest * 1e6)], BLOCK)
    let [out] = player.compute(SILENCE, BLOCK)
    expect(out!.some(x => x !== 0)).toBe(true)
    for (let i = 0; i < 200; i++) [out] = player.compute(SILENCE, BLOCK)
    expect(out!.every(x => x === 0)).toBe(true)
  })
})

it('keeps what is not a small number', async () => {
  const kinds = [Infinity, -Infinity, NaN, 2 ** -480, -1e-144, 3]
  const names = kinds.map((_, i) => `k${i}`)
  const sample = all(...names.map(name => set(name, op('mul', name, 1))), set('out', 0))
  const parts = program({ kept: names.map((name, i) => kept(name, kinds[i])), sample })
  const player = await compile(parts)
  player.compute([], 3)
  expect(names.map(name => player.cell(`state/${name}`))).toEqual(kinds)
})
