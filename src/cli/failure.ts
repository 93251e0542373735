/**
 * How a command gives up: diagnostics and an exit code. Caught in one place, `run.ts`.
 */

import type { MessageArguments, MessageName } from '../diagnostic-codes.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

export class Failure extends Error {
  readonly exitCode: ExitCode
  readonly diagnostics: readonly Diagnostic[]
  /** Arguments of the command line that may be to blame, the likeliest first. */
  readonly suspects: readonly string[]

  constructor(exitCode: ExitCode, diagnostics: readonly Diagnostic[], suspects: readonly string[] = []) {
    super(diagnostics[0]?.message ?? 'failed')
    this.exitCode = exitCode
    this.diagnostics = diagnostics
    this.suspects = suspects
  }
}

export function fail<N extends MessageName>(
  exitCode: ExitCode,
  name: N,
  args: MessageArguments<N>,
  help?: string,
): never {
  throw new Failure(exitCode, [makeDiagnostic(name, undefined, args, [], help)])
}

/** For mistakes on the command line. The arguments of the message tell where to look for it. */
export function failUsage<N extends MessageName>(name: N, args: MessageArguments<N>, help?: string): never {
  const { option = '', value = '', argument = '', second = '', code = '' } = args as Record<string, string>
  const suspects = [`${option}=${value}`, value, argument, code, second, option].filter(text => text !== '')
  throw new Failure(EXIT.usage, [makeDiagnostic(name, undefined, args, [], help)], suspects)
}

export { reasonOf } from '../runtime/system-error.ts'
