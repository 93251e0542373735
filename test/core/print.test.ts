import { expect, it } from 'vitest'
import { printCore } from '../../src/core/print.ts'
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
  write,
} from '../support/core.ts'

it('prints declarations and sections, a statement a line', () => {
  const inner = program({ name: 'ramp', sample: set('out', 1e-9) })
  const text = printCore(
    program({
      inputs: ['x'],
      controls: [slider('gain', 0.5)],
      kept: [kept('n', 3, 'int')],
      buffers: [
        delayLine('d', 8),
        table('t', 4, { kind: 'values', values: [1, -0, 2.5, 1e30] }),
        table('g', 4, { kind: 'generator', program: inner }),
      ],
      init: set('c', op('sin', op('div', 1, '$srate'))),
      sample: all(
        append('d', op('mul', op('add', 'x', 1), int(2))),
        when(
          op('gt', 'x', 0),
          all(set('n', op('add', 'n', int(1))), write('t', int(0), 'x')),
          set('n', int(0)),
        ),
        set(
          'out',
          op('max', delayed('d', op('and', 'n', int(7))), op('select2', 'n', read('t', int(1)), 'c')),
        ),
      ),
    }),
  )
  expect(text).toBe(`program test
  input x
  output out
  control in gain = 0.5  # /gain
  kept n: int = 3  # memory state/n
  delay d: real[8] = zero  # line/d
  table t: real[4] = { 1.0, -0.0, 2.5, 1e+30 }  # table/t
  table g: real[4] = generator  # table/g
init
  c = sin(1.0 / $srate)
control
sample
  d <- (x + 1.0) * 2
  if x > 0.0
    n = n + 1
    t[0] = x
  else
    n = 0
  out = max(d @ (n & 7), select2(n, t[1], c))

generator of g
  output out
init
control
sample
  out = 1e-9
`)
})
