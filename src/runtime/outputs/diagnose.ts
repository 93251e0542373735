/**
 * From what is wrong with an output to a message for people.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { assertNever } from '../../source.ts'
import type { EndedEvent } from '../player-types.ts'
import type { OutputFault } from './output.ts'

export function diagnoseFault(fault: OutputFault): Diagnostic {
  switch (fault.name) {
    case 'speakerMissing':
    case 'speakerNotBuilt':
      return makeDiagnostic(fault.name, undefined, {})
    case 'noSoundDevice':
      return makeDiagnostic(fault.name, undefined, { reason: fault.reason })
    case 'playerMissing':
      return makeDiagnostic(fault.name, undefined, { command: fault.command })
    case 'outputFailed':
      return makeDiagnostic(fault.name, undefined, { output: fault.output, reason: fault.reason })
    case 'outputUnwritable':
      return makeDiagnostic('fileUnwritable', undefined, { file: fault.file, reason: fault.reason })
    case 'readerGone':
      return makeDiagnostic('outputFailed', undefined, { output: 'stdout', reason: 'nobody reads it' })
    default:
      return assertNever(fault)
  }
}

/** How playing ends when its output does. */
export function endOf(fault: OutputFault): EndedEvent {
  if (fault.name === 'readerGone') return { reason: 'finished' }
  return endWith('device', diagnoseFault(fault))
}

export function endWith(reason: EndedEvent['reason'], { code, message, help }: Diagnostic): EndedEvent {
  return { reason, code, message, ...(help === undefined ? {} : { help }) }
}
