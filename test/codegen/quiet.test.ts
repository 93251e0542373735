/** Tails end: no state stays below the limit, and nothing above it changes. */
import { describe, expect, it } from 'vitest'
import type { CoreProgram } from '../../src/core/ast.ts'
import { CoreMachine } from '../reference/core.ts'
import { all, append, delayed, delayLine, int, kept, op, program, set } from '../support/core.ts'
import { compile } from '../support/play.ts'

const BLOCK = 64
const SILENCE = [new Float64Array(BLOCK)]

/** A comb filter with another filter in its loop, for lines of lengths that are no multiple of a block. */
const comb = (name: string, length: number) =>
  all(
    set(`${name}low`, op('add', op('mul', `${name}low`, 0.4), op('mul', delayed(name, int(length)), 0.5))),
    append(name, op('add', 'x', `${name}low`)),
  )

const combs = (lengths: readonly number[]): CoreProgram => {
  const names = lengths.map((_, i) => `line${i}`)
  return program({
    inputs: ['x'],
    kept: names.map(name => kept(`${name}low`)),
    buffers: names.map((name, i) => delayLine(name, lengths[i]! + 1)),
    sample: all(
      ...names.map((name, i) => comb(name, lengths[i]!)),
      set(
        'out',
        names.map(name => delayed(name, int(3))).reduce((x, y) => op('add', x, y)),
      ),
    ),
  })
}

const sines = (frames: number, gain: number) =>
  Float64Array.from({ length: frames }, (_, i) => Math.sin(i * i + 1) * gain)

describe.each([
  ['double', 2 ** -250, 2 ** -1022],
  ['single', 2 ** -56, 2 ** -126],
] as const)('in %s precision', (precision, smallest, normal) => {
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

  it('a product of two decaying signals is a normal number, or 0', async () => {
    const decay = (name: string) => set(name, op('add', 'x', op('mul', name, 0.999)))
    const sample = all(decay('y'), decay('z'), set('out', op('mul', 'y', 'z')))
    const parts = program({ inputs: ['x'], kept: [kept('y'), kept('z')], sample })
    const player = await compile(parts, precision)
    player.compute([[1]], 1)
    for (let last = 1; last !== 0; ) {
      const [out] = player.compute(SILENCE, BLOCK)
      last = Math.min(...out!)
      expect(last >= normal || last === 0).toBe(true)
    }
  })

  it('a delay line in a loop, which rounding would hold above 0 for ever, falls silent', async () => {
    const sample = all(
      set('y', op('add', 'x', op('mul', delayed('line', int(20)), 0.7))),
      append('line', 'y'),
      set('out', 'y'),
    )
    const parts = program({ inputs: ['x'], buffers: [delayLine('line', 21)], sample })
    const player = await compile(parts, precision)
    player.compute([sines(BLOCK, smallest * 1e6)], BLOCK)
    let [out] = player.compute(SILENCE, BLOCK)
    expect(out!.some(x => x !== 0)).toBe(true)
    for (let i = 0; i < 200; i++) [out] = player.compute(SILENCE, BLOCK)
    expect(out!.every(x => x === 0)).toBe(true)
  })

  it('delay lines with filters in their loops are never subnormal on their way to silence', async () => {
    const player = await compile(combs([97, 150, 211]), precision)
    player.compute([sines(1000, smallest * 1e6)], 1000)
    let last: number[] = [1]
    for (let i = 0; i < 400; i++) {
      last = player.compute(SILENCE, BLOCK)[0]!
      expect(last.every(x => x === 0 || Math.abs(x) >= normal)).toBe(true)
    }
    expect(last.every(x => x === 0)).toBe(true)
  })

  it.each([1, 7, BLOCK, 500])('the sound is that of the definition, in blocks of %i', async frames => {
    for (const lengths of [[5], [97, 150], [64, 128, 30]]) {
      const parts = combs(lengths)
      const player = await compile(parts, precision)
      const machine = new CoreMachine(parts, precision, 48000)
      const blocks = 8_000 / frames
      for (let i = 0; i < blocks; i++) {
        const input = [sines(frames, i < blocks / 8 ? smallest * 1e3 : 0)]
        expect(player.compute(input, frames)).toEqual(machine.compute(input, frames))
      }
    }
  })

  it('of a line beside one that sounds on, only what is far smaller becomes 0', async () => {
    const sample = all(
      append('loud', 1),
      append('tail', op('add', 'x', op('mul', delayed('tail', int(32)), 0.9))),
      set('out', op('add', delayed('tail', int(1)), op('mul', delayed('loud', int(1)), 0))),
    )
    const buffers = [delayLine('loud', 10), delayLine('tail', 33)]
    const player = await compile(program({ inputs: ['x'], buffers, sample }), precision)
    player.compute([sines(BLOCK, smallest)], BLOCK)
    let least = smallest
    let out: number[] = []
    for (let i = 0; i < 1000; i++) {
      ;[out] = player.compute(SILENCE, BLOCK) as [number[]]
      for (const x of out) if (x !== 0) least = Math.min(least, Math.abs(x))
    }
    expect(out.every(x => x === 0)).toBe(true)
    expect(least).toBeLessThan(smallest * 1e-6)
  })
})

it('keeps what is not a small number', async () => {
  const kinds = [Infinity, -Infinity, NaN, 2 ** -250, -1e-75, 3]
  const names = kinds.map((_, i) => `k${i}`)
  const sample = all(...names.map(name => set(name, op('mul', name, 1))), set('out', 0))
  const parts = program({ kept: names.map((name, i) => kept(name, kinds[i])), sample })
  const player = await compile(parts)
  player.compute([], 3)
  expect(names.map(name => player.cell(`state/${name}`))).toEqual(kinds)
})
