/**
 * Names that one list of local definitions defines twice.
 *
 * Comes in: the definitions of a `with`, `letrec`, `environment` or substitution. Goes out: diagnostics. Apart from
 * lowering, which finds the same among the definitions of a file, because that looks only into what a program uses.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Definition, Recurrence, Statement } from './ast.ts'

/** Those that hold at one precision only are left to lowering, which knows the precision. */
export function reportDuplicates(
  list: readonly (Statement | Definition | Recurrence)[],
  log: DiagnosticLog,
): void {
  const first = new Map<string, Definition | Recurrence>()
  for (const item of list) {
    if (!isDefinition(item)) continue
    const known = first.get(item.name)
    if (known) reportPair(known, item, log)
    else first.set(item.name, item)
  }
}

function isDefinition(item: Statement | Definition | Recurrence): item is Definition | Recurrence {
  return !('kind' in item) || (item.kind === 'definition' && item.variants.length === 0)
}

function reportPair(known: Definition | Recurrence, item: Definition | Recurrence, log: DiagnosticLog): void {
  const { name } = item
  const labels = [{ span: placeOf(known), message: 'first defined here' }]
  const [first, other] = [parameterCount(known), parameterCount(item)]
  if (first === undefined || other === undefined) {
    log.report('multipleDefinitions', placeOf(item), { name }, labels)
  } else if (first !== other) {
    log.report('parameterCounts', placeOf(item), { name, first, other }, labels)
  }
}

const placeOf = (item: Definition | Recurrence) => ('nameSpan' in item ? item.nameSpan : item.span)

const parameterCount = (item: Definition | Recurrence) =>
  'parameters' in item ? item.parameters?.length : undefined
