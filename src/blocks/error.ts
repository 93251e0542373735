/**
 * How block programs are refused: an Error with the diagnostic of the one table of messages and the place on
 * the grid, which no span of text could tell.
 */
import type { MessageArguments, MessageName } from '../diagnostic-codes.ts'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'

export interface GridPlace {
  readonly area: number
  readonly x: number
  readonly y: number
}

export class BlockError extends Error {
  readonly code: string
  readonly diagnostic: Diagnostic
  readonly place: GridPlace | undefined

  constructor(diagnostic: Diagnostic, place: GridPlace | undefined) {
    super(diagnostic.message)
    this.name = 'BlockError'
    this.code = diagnostic.code
    this.diagnostic = diagnostic
    this.place = place
  }
}

export function refuseBlock<N extends MessageName>(
  name: N,
  place: GridPlace | undefined,
  args: MessageArguments<N>,
): never {
  const where = place ? [{ message: `at column ${place.x}, row ${place.y} of area ${place.area}` }] : []
  throw new BlockError(makeDiagnostic(name, undefined, args, where), place)
}
