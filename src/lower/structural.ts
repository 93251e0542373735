/**
 * Primitives with a rule of their own: memory, tables, gates, and questions about a signal.
 *
 * Comes in: such a primitive and its operands. Goes out: the signal it gives. Apart from propagation, which only
 * moves signals through wires.
 */
import type { StructuralName } from '../core/primitives.ts'
import { assertNever } from '../source.ts'
import type { Origin, Signal, SignalTable } from './signal.ts'

export function structuralSignal(
  signals: SignalTable,
  name: StructuralName,
  x: readonly Signal[],
  around: Origin | undefined,
): Signal {
  const table = (kind: 'table' | 'writtenTable', args: readonly Signal[]) => {
    const made = signals.node(kind, args)
    if (around) signals.setOrigin(made, around)
    return made
  }
  switch (name) {
    case 'mem':
      return signals.delay(x[0]!, signals.int(1))
    case 'delay':
      return signals.delay(x[0]!, x[1]!)
    case 'prefix':
    case 'attach':
      return signals.node(name, x)
    case 'lowest':
    case 'highest':
      return signals.node(name, x)
    case 'assertbounds':
      return signals.node('assertBounds', x)
    case 'select3': {
      const is = (n: number) => signals.op('eq', [x[0]!, signals.int(n)])
      return signals.op('select2', [is(0), signals.op('select2', [is(1), x[3]!, x[2]!]), x[1]!])
    }
    case 'rdtable':
      return signals.node('tableRead', [table('table', x.slice(0, 2)), x[2]!])
    case 'rwtable':
      return signals.node('tableRead', [table('writtenTable', x.slice(0, 4)), x[4]!])
    case 'enable':
      return signals.node('gate', [signals.op('mul', [x[0]!, x[1]!]), x[1]!])
    case 'control':
      return signals.node('gate', x)
    default:
      return assertNever(name)
  }
}
