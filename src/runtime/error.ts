/**
 * How the runtime refuses a call: an Error for callers in JavaScript that carries the diagnostic for tools.
 *
 * A file of its own so that hosts can tell a wrong call (`error instanceof RuntimeError`) from a fault.
 */

import type { MessageArguments, MessageName } from '../diagnostic-codes.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'

export class RuntimeError extends Error {
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.help ? `${diagnostic.message} (${diagnostic.help})` : diagnostic.message)
    this.name = 'RuntimeError'
    this.diagnostic = diagnostic
  }
}

export function refuse<N extends MessageName>(name: N, args: MessageArguments<N>, help?: string): never {
  throw new RuntimeError(makeDiagnostic(name, undefined, args, [], help))
}
