/** What happens before the first frame, and when a program starts again. */
import { describe, expect, it } from 'vitest'
import type { CoreProgram } from '../../src/core/ast.ts'
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
  write,
} from '../support/core.ts'
import { agree, compile, noise } from '../support/play.ts'

const counter = set('n', op('add', 'n', int(1)))
const count = kept('n', 0, 'int')
const generated = (inner: Partial<CoreProgram>) => ({ kind: 'generator', program: program(inner) }) as const

describe('init', () => {
  it('saves what later sections read, ints and reals', async () => {
    const parts = {
      init: all(set('a', op('div', 1, '$srate')), set('b', int(7)), set('unused', op('mul', 'a', 2))),
      control: set('c', op('mul', 'a', 'b')),
      sample: set('out', op('add', op('add', 'c', 'b'), '$srate')),
    }
    const player = await compile(program(parts))
    expect(player.compute([], 1)).toEqual([[(1 / 48000) * 7 + 7 + 48000]])
    const saved = player.layout.cells.filter(c => c.kind === 'constant')
    expect(saved.map(c => [c.id, c.element])).toEqual([
      ['a', 'f64'],
      ['b', 'i32'],
      ['$srate', 'f64'],
    ])
    player.init(96000)
    expect(player.compute([], 1)).toEqual([[(1 / 96000) * 7 + 7 + 96000]])
    await agree(program(parts), { precision: 'single' })
  })

  it('starts state with its declared value, or with what the section assigns', async () => {
    const parts = {
      kept: [kept('a', 3), kept('b', 4), kept('c', 5, 'int')],
      init: all(set('b', op('add', 'b', 0.5)), set('c', 6.9)),
      sample: all(
        set('out', op('add', op('add', 'a', op('mul', 'b', 10)), op('mul', 'c', 100))),
        ...['a', 'b', 'c'].map(name => set(name, int(0))),
      ),
    }
    const player = await compile(program(parts))
    expect(player.compute([], 3)).toEqual([[3 + 45 + 600, 0, 0]])
    await agree(program(parts))
  })

  it('fills tables with generators that have state, delay lines, tables and sections of their own', async () => {
    const inner = generated({ kept: [count], sample: all(counter, set('out', op('mul', 'n', 'n'))) })
    const content = generated({
      kept: [count, kept('y', 1)],
      buffers: [delayLine('d', 4), table('squares', 32, inner)],
      init: set('k', op('div', 100, '$srate')),
      control: set('k2', op('mul', 'k', '$frames')),
      sample: all(
        append('d', op('add', 'k2', 'y')),
        set('y', op('mul', 'y', 1.5)),
        set('out', op('add', delayed('d', int(3)), read('squares', 'n'))),
        counter,
      ),
    })
    for (const type of ['real', 'int'] as const) {
      const sample = set('out', read('t', op('and', counter, int(31))))
      await agree(program({ kept: [count], buffers: [table('t', 32, content, type)], sample }))
    }
  })

  it('keeps every bit of an int that fills an int table, in single precision too', async () => {
    const values = generated({ kept: [kept('n', 2 ** 30, 'int')], sample: set('out', counter) })
    const sample = set('out', op('and', read('t', int(5)), int(255)))
    const player = await compile(program({ buffers: [table('t', 6, values, 'int')], sample }), 'single')
    expect(player.compute([], 1)).toEqual([[6]])
  })

  it('lets a table be read by the init section', async () => {
    const content = { kind: 'values', values: [5, 6, 7] } as const
    const parts = { init: set('v', read('t', int(2))), sample: set('out', 'v') }
    const player = await compile(program({ buffers: [table('t', 3, content)], ...parts }))
    expect(player.compute([], 1)).toEqual([[7]])
  })

  it('is a full reset', async () => {
    const values = { kind: 'values', values: [1, 2, 3, 4, 5] } as const
    const gen = generated({ kept: [count], sample: all(set('out', 'n'), counter) })
    const index = op('rem', counter, int(5))
    const parts = {
      inputs: ['x'],
      controls: [slider('gain', 0.75), meter('level', 0.125)],
      kept: [count, kept('y', 0.5), kept('seed', 1, 'int')],
      buffers: [
        delayLine('d', 100),
        table('values', 5, values),
        table('generated', 5, gen, 'int'),
        table('zeros', 5),
        delayLine('e', 3, 'int'),
      ],
      sample: all(
        set('i', index),
        append('d', 'x'),
        append('e', 'i'),
        set('out', op('add', read('values', 'i'), op('add', read('generated', 'i'), read('zeros', 'i')))),
        write('values', 'i', 'x'),
        write('generated', 'i', op('mul', 'x', 100)),
        write('zeros', 'i', 'x'),
        set('y', op('mul', op('add', 'y', 'x'), 'gain')),
        set('level', 'y'),
        set('out', op('add', 'out', op('add', 'y', op('add', delayed('d', int(99)), delayed('e', int(2)))))),
      ),
    }
    const player = await compile(program(parts))
    const x = noise(300)
    const first = player.compute([x], 300)
    player.cell('/gain', 3)
    expect(player.compute([x], 300)).not.toEqual(first)
    player.init()
    expect(player.cell('/gain')).toBe(0.75)
    expect(player.cell('/level')).toBe(0.125)
    expect(player.compute([x], 300)).toEqual(first)
    await agree(program(parts))
  })
})
