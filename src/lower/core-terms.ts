/**
 * Short names for the Core nodes that lowering makes.
 */
import type { BufferContent, BufferOperation, Core, CoreProgram } from '../core/ast.ts'
import { contains, interval } from '../core/interval.ts'
import type { NodeType } from '../core/node-type.ts'
import type { NumberType, PureName } from '../core/primitives.ts'
import type { Fact } from './facts.ts'
import type { Signal } from './signal.ts'

export const literal = (value: number, type: NumberType): Core => ({ kind: 'literal', value, type })
export const variable = (name: string): Core => ({ kind: 'variable', name })
export const int = (value: number) => literal(value, 'int')
export const assign = (name: string, value: Core): Core => ({ kind: 'assign', name, value })
export const operator = (op: PureName, ...args: Core[]): Core => ({ kind: 'operator', op, args })

/** Sizes of tables are literals: checks.ts saw to it. */
export function tableLength(table: Signal): number {
  const size = table.args[0]
  if (size?.kind !== 'int') throw new Error('internal error: the size of a table is not a literal')
  return size.value
}

export function bufferOperation(
  op: BufferOperation['op'],
  buffer: string,
  index: Core,
  value?: Core,
): BufferOperation {
  return { kind: 'bufferOp', op, buffer, index, ...(value ? { value } : {}) }
}

/** An index that is not proven to be inside is clamped to the table. */
export function clampIndex(value: Core, fact: Fact, length: number): Core {
  if (fact.proven && contains(interval(0, length - 1), fact.interval)) return value
  return operator('max', int(0), operator('min', value, int(length - 1)))
}

/** The values of a waveform, repeated to the length of the table; else a program that makes them. */
export function tableContent(content: Signal, length: number, generator: () => CoreProgram): BufferContent {
  if (content.kind !== 'waveform') return { kind: 'generator', program: generator() }
  const values = Array.from({ length }, (_, i) => content.values[i % content.values.length]!)
  return { kind: 'values', values }
}

/** Further outputs are read at once: the next call leaves its own in %1 …. */
export function nodeCall(
  type: NodeType,
  called: Pick<Extract<Core, { kind: 'call' }>, 'id' | 'origin'>,
  args: readonly Core[],
  prefix: string,
): { names: string[]; code: Core[] } {
  const names = type.outputs.map((_, i) => `${prefix}.${i}`)
  const results = names.map((_, i): Core => {
    return i === 0 ? { kind: 'call', node: type.name, ...called, args } : variable(`%${i}`)
  })
  return { names, code: results.map((value, i) => assign(names[i]!, value)) }
}
