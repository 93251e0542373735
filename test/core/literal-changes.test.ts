/** Programs differ in numbers alone, or in more: each part of a program is one that code depends on, or not. */
import { describe, expect, it } from 'vitest'
import type { Core, CoreProgram } from '../../src/core/ast.ts'
import { literalChanges } from '../../src/core/literal-changes.ts'
import {
  all,
  append,
  delayed,
  delayLine,
  int,
  kept,
  op,
  program,
  read,
  set,
  slider,
  table,
  when,
} from '../support/core.ts'

const values = (...list: number[]) => ({ kind: 'values', values: list }) as const
const generated = (level: number) =>
  ({ kind: 'generator', program: program({ outputs: ['y'], sample: set('y', level) }) }) as const

const parts = {
  inputs: ['x'],
  outputs: ['out'],
  controls: [slider('gain', 0.5)],
  kept: [kept('a', 0.25), kept('n', 3, 'int')],
  buffers: [delayLine('line', 8), table('fixed', 2, values(1, 2)), table('made', 4, generated(0.75))],
  init: set('fast', op('mul', '$srate', 0.1)),
  control: set('slow', when(op('gt', 'gain', 2.5), 1.5, 3.5)),
  sample: all(
    append('line', op('mul', 'x', 4.5)),
    set('out', op('add', delayed('line', int(3)), read('fixed', int(1)))),
  ),
} satisfies Partial<CoreProgram>

const changesOf = (edit: Partial<CoreProgram>, precision: 'single' | 'double' = 'double') =>
  literalChanges(program(parts), program({ ...parts, ...edit }), precision)

describe('changes of literals', () => {
  it.each<[string, Partial<CoreProgram>, [number, number][]]>([
    ['none', {}, []],
    ['in the init section', { init: set('fast', op('mul', '$srate', 0.2)) }, [[0.1, 0.2]]],
    ['in a branch', { control: set('slow', when(op('gt', 'gain', 2.5), 1.25, 3.5)) }, [[1.5, 1.25]]],
    ['in what a control starts with', { controls: [slider('gain', 0.875)] }, [[0.5, 0.875]]],
    ['in what state starts with', { kept: [kept('a', -1), kept('n', 3, 'int')] }, [[0.25, -1]]],
    [
      'in what fills a table',
      { buffers: [...parts.buffers.slice(0, 2), table('made', 4, generated(9))] },
      [[0.75, 9]],
    ],
    ['ids and origins do not count', { kept: parts.kept.map(v => ({ ...v, id: `other ${v.id}` })) }, []],
  ])('%s', (_, edit, expected) => {
    expect([...changesOf(edit)!]).toEqual(expected)
  })

  const sample = (index: Core, factor = 4.5, buffer = 'fixed') =>
    all(
      append('line', op('mul', 'x', factor)),
      set('out', op('add', delayed('line', index), read(buffer, int(1)))),
    )

  it.each<[string, Partial<CoreProgram>]>([
    ['a whole number', { sample: sample(int(2)) }],
    [
      'a whole number that becomes a real one',
      { sample: sample({ kind: 'literal', value: 3, type: 'real' }) },
    ],
    ['another name', { sample: sample(int(3), 4.5, 'made') }],
    ['a real number that becomes 0', { sample: sample(int(3), 0) }],
    ['a real number that becomes none', { sample: sample(int(3), Number.NaN) }],
    [
      'one of two equal numbers',
      {
        control: set('slow', when(op('gt', 'gain', 0.1), 1.5, 3.5)),
        init: set('fast', op('mul', '$srate', 0.3)),
      },
    ],
    ['another operator', { init: set('fast', op('div', '$srate', 0.1)) }],
    ['a branch less', { control: set('slow', when(op('gt', 'gain', 2.5), 1.5)) }],
    ['the kind of state', { kept: [{ ...kept('a', 0.25), stateKind: 'counter' }, kept('n', 3, 'int')] }],
    ['whole state', { kept: [kept('a', 0.25), kept('n', 4, 'int')] }],
    ['the length of a line', { buffers: [delayLine('line', 9), ...parts.buffers.slice(1)] }],
    [
      'what stands in a table',
      { buffers: [parts.buffers[0]!, table('fixed', 2, values(1, 3)), parts.buffers[2]!] },
    ],
    ['an output more', { outputs: ['out', 'slow'] }],
    ['a control more', { controls: [slider('gain', 0.5), slider('pan', 0)] }],
  ])('are more than that: %s', (_, edit) => {
    const twice = { ...parts, control: set('slow', when(op('gt', 'gain', 0.1), 1.5, 3.5)) }
    const [before, after] =
      edit.init && edit.control ? [twice, { ...twice, init: edit.init }] : [parts, { ...parts, ...edit }]
    expect(literalChanges(program(before), program(after), 'double')).toBeUndefined()
  })

  it('count as they are rounded', () => {
    const edit = { init: set('fast', op('mul', '$srate', 0.1 + 1e-12)) }
    expect([...changesOf(edit, 'double')!]).toEqual([[0.1, 0.1 + 1e-12]])
    expect([...changesOf(edit, 'single')!]).toEqual([])
    const tiny = { init: set('fast', op('mul', '$srate', 1e-60)) }
    expect(changesOf(tiny, 'double')).toBeDefined()
    expect(changesOf(tiny, 'single')).toBeUndefined()
  })
})
