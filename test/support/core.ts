/** A small notation for Core trees and programs, for tests. */
import type { BufferDeclaration, Core, CoreControl, CoreProgram, KeptVariable } from '../../src/core/ast.ts'
import type { NumberType, PureName } from '../../src/core/primitives.ts'

export type Term = Core | number | string

/** Numbers are real literals, strings are variables. */
export function term(t: Term): Core {
  if (typeof t === 'number') return { kind: 'literal', value: t, type: 'real' }
  return typeof t === 'string' ? { kind: 'variable', name: t } : t
}

export const int = (value: number): Core => ({ kind: 'literal', value, type: 'int' })
export const op = (name: PureName, ...args: Term[]): Core => ({
  kind: 'operator',
  op: name,
  args: args.map(term),
})
export const set = (name: string, value: Term): Core => ({ kind: 'assign', name, value: term(value) })
export const all = (...list: Term[]): Core => ({ kind: 'statements', list: list.map(term) })
export const when = (condition: Term, whenTrue: Term, whenFalse?: Term): Core => ({
  kind: 'if',
  condition: term(condition),
  whenTrue: term(whenTrue),
  ...(whenFalse === undefined ? {} : { whenFalse: term(whenFalse) }),
})

export const read = (buffer: string, index: Term): Core => ({
  kind: 'bufferOp',
  op: 'read',
  buffer,
  index: term(index),
})
export const write = (buffer: string, index: Term, value: Term): Core => ({
  ...{ kind: 'bufferOp', op: 'write', buffer },
  ...{ index: term(index), value: term(value) },
})
export const delayed = (buffer: string, distance: Term): Core => ({
  kind: 'bufferOp',
  op: 'delayRead',
  buffer,
  index: term(distance),
})
export const append = (buffer: string, value: Term): Core => ({
  ...{ kind: 'bufferOp', op: 'delayWrite', buffer },
  ...{ index: int(0), value: term(value) },
})

export const kept = (name: string, initial = 0, type: NumberType = 'real'): KeptVariable => ({
  ...{ name, id: `state/${name}`, stateKind: 'memory', type, initial },
})
export const delayLine = (name: string, length: number, type: NumberType = 'real'): BufferDeclaration => ({
  ...{ name, id: `line/${name}`, shape: 'delay', type, length, content: { kind: 'zero' } },
})
export const table = (
  name: string,
  length: number,
  content: BufferDeclaration['content'] = { kind: 'zero' },
  type: NumberType = 'real',
): BufferDeclaration => ({ name, id: `table/${name}`, shape: 'table', type, length, content })
export const slider = (name: string, initial = 0): CoreControl => ({
  ...{ name, initial, direction: 'in', id: `/${name}` },
})
export const meter = (name: string, initial = 0): CoreControl => ({
  ...{ name, initial, direction: 'out', id: `/${name}` },
})

export const NOTHING: Core = { kind: 'statements', list: [] }

export function program(parts: Partial<CoreProgram>): CoreProgram {
  return {
    ...{ name: 'test', inputs: [], outputs: ['out'], controls: [], kept: [], buffers: [] },
    ...{ init: NOTHING, control: NOTHING, sample: NOTHING },
    ...parts,
  }
}
