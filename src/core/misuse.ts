/**
 * How the library refuses a call: an Error with a code, for callers in TypeScript, with the diagnostic of the
 * one table of messages for tools.
 *
 * A file of its own because the builder, node definitions, compiler and engine all refuse in the same way, so
 * that `catch (error) { if (error instanceof LibraryError) … error.code }` covers all of them.
 */
import type { MessageArguments, MessageName } from '../diagnostic-codes.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'

export class LibraryError extends Error {
  /** Such as `DSP0903`; stable. */
  readonly code: string
  /** The message's name in the table, such as `nodeUnknown`; stable, and easier to read in a `switch`. */
  readonly reason: MessageName
  readonly diagnostic: Diagnostic

  constructor(reason: MessageName, diagnostic: Diagnostic, cause?: unknown) {
    super(diagnostic.message, cause === undefined ? undefined : { cause })
    this.name = 'LibraryError'
    this.code = diagnostic.code
    this.reason = reason
    this.diagnostic = diagnostic
  }
}

export function misuse<N extends MessageName>(
  reason: N,
  args: MessageArguments<N>,
  cause?: unknown,
): LibraryError {
  return new LibraryError(reason, makeDiagnostic(reason, undefined, args), cause)
}
