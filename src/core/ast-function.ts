/**
 * A program of the preset form: inputs in1, in2, parameters alpha, beta, delta, gamma, outputs &sig1, &sig2, and
 * its value.
 *
 * Comes in: an expression. Goes out: what its fixed parameters and its local variables are called. A type of its
 * own because the parameter list is not the user's to change; general programs are `ProgramDeclaration`s.
 */
import type { Core } from './ast.ts'
import { nodesOf } from './traverse.ts'

/** In the original's order; delta comes before gamma. From `&aux` on they are internal. */
export const FUNCTION_PARAMETERS = [
  ...['in1', 'in2', 'alpha', 'beta', 'delta', 'gamma', '&sig1', '&sig2'],
  ...['&aux', '&state', '&fstate', '&pv', '&rv', '&bufs', '&buf_lens', '&tables', '&table_lens'],
] as const

export class AstFunction {
  readonly ast: Core
  private locals: readonly string[]

  constructor(ast: Core) {
    this.ast = ast
    this.locals = localNames(ast)
  }

  parameterCount(): number {
    return FUNCTION_PARAMETERS.length
  }

  parameterName(index: number): string | undefined {
    return FUNCTION_PARAMETERS[index]
  }

  parameterIsReference(index: number): boolean {
    return FUNCTION_PARAMETERS[index]?.startsWith('&') ?? false
  }

  /** Names read or assigned that are no parameter and do not begin with `*`, as they appear. */
  localVariables(): readonly string[] {
    return this.locals
  }

  isLocalVariable(name: string): boolean {
    return this.locals.includes(name)
  }

  /** Looks for them anew. */
  retrieveLocalVariableNames(): readonly string[] {
    this.locals = localNames(this.ast)
    return this.locals
  }
}

function localNames(ast: Core): string[] {
  const parameters: ReadonlySet<string> = new Set(FUNCTION_PARAMETERS)
  const names = new Set<string>()
  for (const node of nodesOf(ast)) {
    if (node.kind !== 'variable' && node.kind !== 'assign') continue
    if (!parameters.has(node.name) && !node.name.startsWith('*')) names.add(node.name)
  }
  return [...names]
}
