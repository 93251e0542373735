import { describe, expect, it } from 'vitest'
import type { Core, CoreProgram } from '../../src/core/ast.ts'
import { verifyCore } from '../../src/core/verify.ts'
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
import fc from '../support/property.ts'
import { randomProgram } from '../support/random-core.ts'

const faults = (parts: Partial<CoreProgram>) => verifyCore(program(parts)).join('; ')

describe('verifyCore accepts', () => {
  it('random programs', () => {
    fc.assert(
      fc.property(randomProgram, any => {
        expect(verifyCore(any)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
  it('names of earlier sections, state, and what both branches assign', () => {
    const both = when('x', set('v', 1), all(set('w', 2), set('v', 'w')))
    expect(
      faults({
        inputs: ['x'],
        init: set('c', 1),
        control: set('k', 'c'),
        sample: all(both, op('add', 'v', 'k')),
      }),
    ).toBe('')
  })
})

describe('verifyCore finds', () => {
  const cases: [string, Partial<CoreProgram>, string][] = [
    ['names never assigned', { sample: set('out', 'x') }, 'x: read before'],
    ['names read too early', { sample: all('a', set('a', 1)) }, 'a: read before'],
    ['names of later sections', { init: set('a', 'b'), sample: set('b', 1) }, 'b: read before'],
    ['inputs in the control section', { inputs: ['x'], control: set('a', 'x') }, 'x: read before'],
    ['controls in the init section', { controls: [slider('g')], init: set('a', 'g') }, 'g: read before'],
    ['names of one branch', { sample: all(when(1, set('a', 1)), 'a') }, 'a: read before'],
    ['names of the first branch in the second', { sample: when(1, set('a', 1), 'a') }, 'a: read before'],
    ['assigned inputs', { inputs: ['x'], sample: set('x', 1) }, 'x: cannot be assigned'],
    ['assigned controls', { controls: [slider('g')], sample: set('g', 1) }, 'g: cannot be assigned'],
    ['wrong arities', { sample: op('add', 1) }, 'add: 1 operands, not 2'],
    ['names used twice', { inputs: ['out'] }, 'also that of an input'],
    ['ids used twice', { kept: [kept('a'), { ...kept('b'), id: 'state/a' }] }, 'not unique'],
    ['buffers of one name', { buffers: [table('t', 1), delayLine('t', 1)] }, 'same name'],
    ['unknown buffers', { sample: read('t', int(0)) }, 'not declared'],
    ['delays of tables', { buffers: [table('t', 1)], sample: append('t', 1) }, 'delayWrite of the table'],
    [
      'indices into delay lines',
      { buffers: [delayLine('d', 1)], sample: read('d', int(0)) },
      'read of the delay',
    ],
    [
      'delays outside the loop',
      { buffers: [delayLine('d', 1)], control: delayed('d', 0) },
      'outside the sample',
    ],
    ['lengths of nothing', { buffers: [table('t', 0)] }, 'length 0'],
    ['lengths that are not whole', { buffers: [table('t', 1.5)] }, 'length 1.5'],
    ['tables not filled', { buffers: [table('t', 2, { kind: 'values', values: [1] })] }, '1 values for 2'],
    [
      'generators with inputs',
      { buffers: [table('t', 2, { kind: 'generator', program: program({ inputs: ['x'] }) })] },
      'cannot have inputs',
    ],
    [
      'faults inside generators',
      { buffers: [table('t', 2, { kind: 'generator', program: program({ sample: set('out', 'x') }) })] },
      'test/test: x: read',
    ],
    ['calls', { sample: { kind: 'call', node: 'sine', id: 'a', args: [] } }, 'has not been expanded'],
    [
      'reads with a value',
      { buffers: [table('t', 1)], sample: { ...write('t', 0, 1), op: 'read' } as Core },
      'too many',
    ],
  ]
  it.each(cases)('%s', (_name, parts, text) => {
    expect(faults(parts)).toContain(text)
  })
})
