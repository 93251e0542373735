/**
 * Writes a process as a list of steps: `const g = local('g', tan(…))` computes a value once and names it.
 *
 * Comes in: names and expressions. Goes out: the statements in order, for `run`. A module of its own because most
 * nodes use an intermediate value several times, and an expression that stands twice would be computed twice.
 */
import type { Core } from '../ast.ts'
import { assign, type Operand, variable } from '../build.ts'

type Variable = Core & { readonly kind: 'variable' }

export interface Steps {
  readonly run: Core[]
  /** Computes a value here; the variable stands for it from here on. Names are local to the call of the node. */
  readonly local: (name: string, value: Operand) => Variable
  readonly set: (target: Variable, value: Operand) => void
  readonly step: (statement: Core) => void
}

export function steps(): Steps {
  const run: Core[] = []
  return {
    run,
    local: (name, value) => {
      run.push(assign(name, value))
      return variable(name)
    },
    set: (target, value) => void run.push(assign(target, value)),
    step: statement => void run.push(statement),
  }
}
