/**
 * Refuses programs that cannot be generated, with diagnostics.
 *
 * Comes in: a Core program from the language or built by hand. Goes out: reports; after it, `generate` does not
 * fail. A stage of its own because generation is asynchronous and reporting is not.
 */
import type { CoreProgram } from '../core/ast.ts'
import { MAX_CHANNELS, MAX_MEMORY_BYTES, planMemory } from '../core/layout.ts'
import type { Precision } from '../core/program.ts'
import { verifyCore } from '../core/verify.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Span } from '../source.ts'

export function checkProgram(
  program: CoreProgram,
  precision: Precision,
  log: DiagnosticLog,
  at?: Span,
): void {
  for (const fault of verifyCore(program)) log.report('invalidProgram', at, { fault })
  log.stopIfFailed()
  const channels = program.inputs.length + program.outputs.length
  if (channels > MAX_CHANNELS) log.fail('programTooLarge', at, { what: `${channels} inputs and outputs` })
  const bytes = planMemory(program, precision).layout.end
  if (bytes > MAX_MEMORY_BYTES) log.fail('memoryTooLarge', at, { bytes, limit: MAX_MEMORY_BYTES })
}
