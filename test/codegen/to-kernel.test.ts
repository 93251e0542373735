import { describe, expect, it } from 'vitest'
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
import { agree, compile } from '../support/play.ts'

describe('compiled programs equal the evaluated ones', () => {
  it('adds two inputs', async () => {
    await agree(program({ inputs: ['a', 'b'], sample: set('out', op('add', 'a', 'b')) }))
  })
  it('one-pole', async () => {
    const y = set('y', op('add', op('mul', 'x', 0.1), op('mul', 'y', 0.9)))
    await agree(program({ inputs: ['x'], kept: [kept('y')], sample: set('out', y) }))
    await agree(program({ inputs: ['x'], kept: [kept('y')], sample: set('out', y) }), { precision: 'single' })
  })
  it('delay', async () => {
    const sample = all(append('line', 'x'), set('out', delayed('line', int(5))))
    await agree(program({ inputs: ['x'], buffers: [delayLine('line', 6)], sample }))
  })
  it('table with generator', async () => {
    const content = {
      kind: 'generator',
      program: program({
        kept: [kept('n', 0, 'int')],
        sample: all(set('out', op('mul', 'n', 0.1)), set('n', op('add', 'n', int(1)))),
      }),
    } as const
    const sample = set('out', read('t', op('and', set('i', op('add', 'i', int(1))), int(15))))
    await agree(program({ kept: [kept('i', 0, 'int')], buffers: [table('t', 16, content)], sample }))
  })
})
