/** Random well-formed Core programs, for fast-check: state, branches, a delay line, tables, a control. */

import type { Core, CoreProgram } from '../../src/core/ast.ts'
import type { PureName } from '../../src/core/primitives.ts'
import { purePrimitive } from '../../src/core/primitives.ts'
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
} from './core.ts'
import fc from './property.ts'

/** Names by section; the first three are assigned before anything reads them. */
const LOCALS = ['u', 'v', 'w']
const STATE = ['a', 'b', 'i', 'j']
const EVERYWHERE = [...LOCALS, ...STATE, '$srate']

interface Section {
  readonly names: readonly string[]
  /** Delay lines can be used. */
  readonly sample: boolean
}

const INIT: Section = { names: EVERYWHERE, sample: false }
const CONTROL: Section = { names: [...EVERYWHERE, '$frames', 'slide', 'fixed'], sample: false }
const SAMPLE: Section = { names: [...CONTROL.names, 'x', 'y', 'slow'], sample: true }

const reals = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e-3, 3.7, -2.2, 1e10, 2 ** 31, Infinity, NaN),
  fc.double({ noNaN: true, min: -100, max: 100 }),
)
const ints = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 12345, 1 << 20),
)
const literal: fc.Arbitrary<Core> = fc.oneof(
  reals.map(value => ({ kind: 'literal', value, type: 'real' }) as const),
  ints.map(int),
)

/** Everything that is exact; functions that are only close are tested apart. */
const EXACT: readonly PureName[] = [
  ...(['add', 'sub', 'mul', 'div', 'and', 'or', 'xor', 'lsh', 'rsh', 'lt', 'le', 'gt', 'ge', 'eq'] as const),
  ...(['ne', 'sqrt', 'floor', 'ceil', 'rint', 'int', 'float', 'select2'] as const),
  ...(['rem', 'min', 'max', 'abs'] as const),
]

/** An expression of some section, which may assign inside. */
function expression(section: Section, depth: number): fc.Arbitrary<Core> {
  const name = fc.constantFrom(...section.names).map((n): Core => ({ kind: 'variable', name: n }))
  if (depth === 0) return fc.oneof(literal, name)
  const inner = expression(section, depth - 1)
  const index = inner.map(e => op('and', e, int(7)))
  const operation = fc.constantFrom(...EXACT).chain(n => {
    const { inputs } = purePrimitive(n)
    return fc.array(inner, { minLength: inputs, maxLength: inputs }).map(args => op(n, ...args))
  })
  const choices = [
    { arbitrary: literal, weight: 1 },
    { arbitrary: name, weight: 3 },
    { arbitrary: operation, weight: 8 },
    {
      arbitrary: fc.tuple(inner, inner, fc.option(inner)).map(([c, t, e]) => when(c, t, e ?? undefined)),
      weight: 2,
    },
    { arbitrary: assignment(inner), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('fixed8', 'ints8', 'made8', 'rw8'), index)
        .map(([t, i]) => read(t, i)),
      weight: 2,
    },
    {
      arbitrary: fc.array(statement(section, inner, index), { maxLength: 2 }).map(list => all(...list)),
      weight: 1,
    },
    ...(section.sample ? [{ arbitrary: index.map(i => delayed('line8', i)), weight: 2 }] : []),
  ]
  return fc.oneof(...choices)
}

const assignment = (value: fc.Arbitrary<Core>) =>
  fc.tuple(fc.constantFrom(...LOCALS, ...STATE), value).map(([name, v]) => set(name, v))

function statement(
  section: Section,
  value: fc.Arbitrary<Core>,
  index: fc.Arbitrary<Core>,
): fc.Arbitrary<Core> {
  const writes = fc.tuple(fc.constantFrom('rw8', 'rwInts8'), index, value).map(([t, i, v]) => write(t, i, v))
  const meters = section === INIT ? [] : [value.map(v => set('meter', v))]
  return fc.oneof(assignment(value), writes, value, ...meters)
}

function section(kind: Section): fc.Arbitrary<Core> {
  const inner = expression(kind, 3)
  const index = inner.map(e => op('and', e, int(7)))
  return fc.array(statement(kind, inner, index), { maxLength: 4 }).map(list => all(...list))
}

const values = (...list: number[]) => ({ kind: 'values', values: list }) as const

const generator = expression({ names: ['n', 'm', '$srate', '$frames'], sample: false }, 0).chain(start =>
  fc.constantFrom<PureName>('add', 'mul', 'sub').map(name => {
    const sample = all(
      set('out', op(name, 'm', 'n')),
      set('m', op('mul', 'm', 0.7)),
      set('n', op('add', 'n', int(1))),
    )
    const state = [kept('n', 0, 'int'), kept('m', 0.3)]
    return program({ kept: state, init: set('q', all(0.5)), sample: all(set('r', start), sample) })
  }),
)

export const randomProgram: fc.Arbitrary<CoreProgram> = fc
  .record({
    init: section(INIT),
    control: section(CONTROL),
    sample: section(SAMPLE),
    appended: literal,
    outputs: fc.tuple(expression(SAMPLE, 4), expression(SAMPLE, 3)),
    generator,
  })
  .map(r => {
    const locals = all(set('u', 0.5), set('v', int(3)), set('w', 1))
    return program({
      inputs: ['x', 'y'],
      outputs: ['out', 'out2'],
      controls: [slider('slide', 0.7), meter('meter', 0.1)],
      kept: [kept('a', 0.25), kept('b', -3), kept('i', 7, 'int'), kept('j', -1, 'int')],
      buffers: [
        delayLine('line8', 8),
        table('fixed8', 8, values(1, -2, 0.5, 1e9, -1e-9, 3, 0, 7)),
        table('ints8', 8, values(1, -2, 5, 2 ** 31 - 1, -9, 3, 0, 7), 'int'),
        table('made8', 8, { kind: 'generator', program: r.generator }),
        table('rw8', 8, values(8, 7, 6, 5, 4, 3, 2, 1)),
        table('rwInts8', 8, { kind: 'zero' }, 'int'),
      ],
      init: all(locals, r.init, set('fixed', op('add', 'u', 'v'))),
      control: all(locals, r.control, set('slow', op('mul', 'slide', 'w'))),
      sample: all(
        append('line8', op('add', 'x', op('mul', 'a', r.appended))),
        locals,
        r.sample,
        set('out', r.outputs[0]),
        set('out2', op('add', r.outputs[1], 'fixed')),
      ),
    })
  })
