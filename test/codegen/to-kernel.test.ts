/** Programs of state, delay lines, tables and branches, compiled and evaluated, in blocks of several sizes. */
import { describe, expect, it } from 'vitest'
import type { Precision } from '../../src/core/program.ts'
import {
  all,
  append,
  delayed,
  delayLine,
  int,
  kept,
  meter,
  op,
  program,
  read,
  set,
  slider,
  table,
  when,
  write,
} from '../support/core.ts'
import { agree, compile, noise } from '../support/play.ts'

/** A phase in 0 … 1 that grows by `step` a frame. */
const phasor = (name: string, step: number) =>
  set(name, op('sub', op('add', name, step), op('floor', op('add', name, step))))
const counter = set('n', op('add', 'n', int(1)))

describe.each<Precision>(['double', 'single'])('%s precision: compiled equals evaluated', precision => {
  const check = (parts: Parameters<typeof program>[0]) => agree(program(parts), { precision })

  it('combines inputs', async () => {
    await check({
      inputs: ['a', 'b'],
      sample: set('out', op('mul', op('add', 'a', 'b'), op('sub', 'a', 0.3))),
    })
  })

  it('gives 0 on an output that is not assigned, and several outputs', async () => {
    const [first, second, third] = await check({
      inputs: ['x'],
      outputs: ['a', 'b', 'c'],
      sample: all(set('c', 'x'), set('a', op('mul', 'c', 2))),
    })
    expect(second!.every(x => x === 0)).toBe(true)
    expect(first![5]).toBe(third![5]! * 2)
  })

  it('keeps phases, parabolic sine', async () => {
    const p = op('sub', op('mul', 'phase', 2), 1)
    const sine = op('mul', op('mul', p, 4), op('sub', 1, op('abs', p)))
    await check({ kept: [kept('phase', 0.25)], sample: all(set('out', sine), phasor('phase', 0.01)) })
  })

  it('filters: one-pole, biquad, two states that read each other', async () => {
    const pole = set('y', op('add', op('mul', 'x', 0.1), op('mul', 'y', 0.9)))
    await check({ inputs: ['x'], kept: [kept('y')], sample: set('out', pole) })
    const w = op('sub', op('add', 'x', op('mul', 'w1', 1.6)), op('mul', 'w2', 0.8))
    const y = op('add', op('add', 'w', op('mul', 'w1', 2)), 'w2')
    const biquad = all(set('w', w), set('out', y), set('w2', 'w1'), set('w1', 'w'))
    await check({ inputs: ['x'], kept: [kept('w1'), kept('w2')], sample: biquad })
    const swap = all(set('t', 'a'), set('a', 'b'), set('b', op('add', 't', 'x')), set('out', 'a'))
    await check({ inputs: ['x'], kept: [kept('a', 1), kept('b', 2)], sample: swap })
  })

  it('wraps ints and converts between types', async () => {
    const lcg = set('n', op('add', op('mul', 'n', int(1103515245)), int(12345)))
    await check({ kept: [kept('n', 12345, 'int')], sample: set('out', op('mul', lcg, 2 ** -31)) })
    const mixed = op('add', op('int', op('mul', 'x', 1e12)), op('rsh', counter, int(3)))
    await check({ inputs: ['x'], kept: [kept('n', 0, 'int')], sample: set('out', mixed) })
    await check({
      inputs: ['x'],
      kept: [kept('n', -5, 'int')],
      sample: all(set('out', set('n', 'x')), counter),
    })
  })

  it('delays by fixed distances, 0 among them', async () => {
    for (const distance of [0, 1, 2, 7, 8, 63, 100]) {
      const sample = all(append('line', 'x'), set('out', delayed('line', int(distance))))
      await check({ inputs: ['x'], buffers: [delayLine('line', distance + 1)], sample })
    }
  })

  it('delays by a distance that varies, more than once around the ring', async () => {
    const distance = op('rem', set('n', op('add', op('mul', 'n', int(5)), int(3))), int(41))
    const sample = all(append('line', 'x'), set('out', delayed('line', op('abs', distance))))
    await check({ inputs: ['x'], kept: [kept('n', 0, 'int')], buffers: [delayLine('line', 41)], sample })
  })

  it('delays by a real distance, truncated', async () => {
    const sample = all(append('line', 'x'), set('out', delayed('line', op('abs', op('mul', 'x', 9.9)))))
    await check({ inputs: ['x'], buffers: [delayLine('line', 10)], sample })
  })

  it('has int and real delay lines of many lengths in one program', async () => {
    const lengths = [1, 2, 3, 5, 8, 16, 17]
    const lines = lengths.map(length => `line${length}`)
    const sample = all(
      counter,
      ...lines.map((line, i) => append(line, i % 2 ? 'n' : 'x')),
      set('out', int(0)),
      ...lines.map((line, i) => set('out', op('add', 'out', delayed(line, int(lengths[i]! - 1))))),
    )
    const buffers = lines.map((line, i) => delayLine(line, lengths[i]!, i % 2 ? 'int' : 'real'))
    await check({ inputs: ['x'], kept: [kept('n', 0, 'int')], buffers, sample })
  })

  it('feeds a delay line back', async () => {
    const sample = all(
      set('out', append('d', op('add', 'x', op('mul', delayed('d', int(20)), 0.5)))),
      set('out', delayed('d', int(0))),
    )
    await check({ inputs: ['x'], buffers: [delayLine('d', 21)], sample })
  })

  it('reads fixed tables, real and int', async () => {
    const real = { kind: 'values', values: [0.1, -2, 3.5, 1e6] } as const
    const ints = { kind: 'values', values: [7, -8, 2 ** 31 - 1, 0, 5] } as const
    const sample = all(
      counter,
      set('out', op('add', read('a', op('and', 'n', int(3))), read('b', op('rem', 'n', int(5))))),
      set('out', op('add', 'out', read('a', int(2)))),
    )
    const buffers = [table('a', 4, real), table('b', 5, ints, 'int')]
    await check({ kept: [kept('n', 0, 'int')], buffers, sample })
  })

  it('writes and reads a table within a frame, in that order', async () => {
    const index = op('and', counter, int(7))
    const at = op('and', op('mul', 'n', int(3)), int(7))
    const sample = all(
      set('i', index),
      write('t', 'i', 'x'),
      set('out', op('add', read('t', 'i'), read('t', at))),
    )
    const content = { kind: 'values', values: [1, 2, 3, 4, 5, 6, 7, 8] } as const
    await check({ inputs: ['x'], kept: [kept('n', 0, 'int')], buffers: [table('t', 8, content)], sample })
    const before = all(set('out', read('t', index)), write('t', op('and', 'n', int(7)), 'x'))
    await check({ inputs: ['x'], kept: [kept('n', 0, 'int')], buffers: [table('t', 8)], sample: before })
  })

  it('declares buffers in the code, and knows lengths', async () => {
    const declare = { kind: 'bufferDeclare', buffer: 't', length: 3 } as const
    const length = { kind: 'length', buffer: 't' } as const
    const sample = all(declare, write('t', int(1), 'x'), set('out', op('add', read('t', int(1)), length)))
    const player = await compile(program({ inputs: ['x'], sample }), precision)
    const [out] = player.compute([[0.5, 0.25]], 2)
    expect(out).toEqual([3.5, 3.25])
  })

  it('branches: values, assignments on one side and on both, types united', async () => {
    const positive = op('gt', 'x', 0)
    await check({ inputs: ['x'], sample: set('out', when(positive, 'x', int(3))) })
    await check({ inputs: ['x'], sample: set('out', when(positive, op('mul', 'x', 2))) })
    const one = all(when(positive, set('y', 'x')), set('out', op('add', 'y', 'x')))
    await check({ inputs: ['x'], kept: [kept('y', -1)], sample: one })
    const both = all(when(positive, set('v', int(1)), set('v', op('mul', 'x', 0.5))), set('out', 'v'))
    await check({ inputs: ['x'], sample: both })
    const real = when(op('add', 'x', 0), when(positive, 1, 2), 3)
    await check({ inputs: ['x'], sample: set('out', real) })
  })

  it('branches: only the one taken writes', async () => {
    const sample = all(
      counter,
      when(op('gt', 'x', 0.2), write('t', op('and', 'n', int(3)), 'x'), set('m', op('add', 'm', int(1)))),
      set('out', op('add', op('add', read('t', int(0)), read('t', int(3))), 'm')),
    )
    const state = [kept('n', 0, 'int'), kept('m', 0, 'int')]
    await check({ inputs: ['x'], kept: state, buffers: [table('t', 4)], sample })
  })

  it('runs assignments where they stand, as expressions too', async () => {
    const sample = set(
      'out',
      op('add', set('a', op('mul', 'x', 2)), op('mul', 'a', set('b', all('a', int(3))))),
    )
    await check({ inputs: ['x'], sample: all(sample, set('out', op('sub', 'out', 'b'))) })
  })

  it('selects, compares and shifts as the table of primitives says', async () => {
    const compare = (['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const).map(name => op(name, 'x', 'last'))
    const bits = op(
      'lsh',
      op('or', compare[0]!, op('and', compare[2]!, int(1))),
      op('add', compare[4]!, int(2)),
    )
    const chosen = op('select2', compare[1]!, op('select2', op('mul', 'x', 2), bits, 1.5), compare[3]!)
    const sample = all(set('out', op('add', chosen, compare[5]!)), set('last', 'x'))
    await check({ inputs: ['x'], kept: [kept('last')], sample })
  })

  it('calls the functions of mathematics', async () => {
    const one = ['sin', 'cos', 'tan', 'atan', 'exp', 'log', 'log10', 'sqrt', 'round', 'rint'] as const
    const two = ['pow', 'fmod', 'atan2', 'min', 'max'] as const
    const sample = all(
      set('p', op('add', op('abs', 'x'), 0.1)),
      ...one.map(name => set(name, op(name, 'p'))),
      ...two.map(name => set(name, op(name, 'p', 'x'))),
    )
    const names = [...one, ...two]
    await agree(program({ inputs: ['x'], outputs: names, sample }), {
      precision,
      close: precision === 'double' ? 4 * 2 ** -52 : 2 ** -23,
    })
  })

  it('computes the control section once a block, with state of its own', async () => {
    const parts = {
      inputs: ['x'],
      controls: [slider('gain', 0.5), meter('level', -1)],
      kept: [kept('blocks', 0, 'int')],
      control: all(set('blocks', op('add', 'blocks', int(1))), set('g', op('mul', 'gain', 'gain'))),
      sample: all(set('out', op('mul', 'x', 'g')), set('level', op('abs', 'x'))),
    }
    const player = await compile(program(parts), precision)
    const x = noise(10)
    expect(player.cell('/level')).toBe(-1)
    expect(player.compute([x], 10)[0]).toEqual([...x].map(v => v * 0.25))
    player.cell('/gain', 2)
    expect(player.compute([x], 10)[0]).toEqual([...x].map(v => v * 4))
    expect(player.cell('/level')).toBe(Math.abs(x[9]!))
    player.compute([[]], 0)
    expect(player.cell('state/blocks')).toBe(3)
    expect(player.cell('/level')).toBe(Math.abs(x[9]!))
  })

  it('keeps sounding after the frame counter has wrapped', async () => {
    const sample = all(append('line', 'x'), set('out', delayed('line', int(9))))
    const player = await compile(
      program({ inputs: ['x'], buffers: [delayLine('line', 10)], sample }),
      precision,
    )
    player.cell('$position', 2 ** 31 - 20)
    const x = [...noise(64)]
    expect(player.compute([x], 64)[0]!.slice(9)).toEqual(x.slice(0, 55))
    const plain = await compile(
      program({ inputs: ['x'], buffers: [delayLine('line', 10)], sample }),
      precision,
    )
    plain.cell('$position', 2 ** 29 - 20)
    expect(plain.compute([x], 64)[0]!.slice(9)).toEqual(x.slice(0, 55))
  })
})

describe('channels', () => {
  it('may share memory between input and output', async () => {
    const sample = all(set('a', op('add', 'x', 'y')), set('b', op('sub', 'x', 'y')))
    const player = await compile(program({ inputs: ['x', 'y'], outputs: ['a', 'b'], sample }))
    expect(
      player.inPlace([
        [1, 2],
        [10, 20],
      ]),
    ).toEqual([
      [11, 22],
      [-9, -18],
    ])
  })
})
