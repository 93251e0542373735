/**
 * `dspc check FILE [--json]`: only the diagnostics, for people or for an editor.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { diagnosticsToJson } from '../../diagnostics-print.ts'
import { compileAny, type Job, prepare, report, withProblems } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { CheckFlags } from '../options.ts'
import { say, writeData } from '../terminal.ts'

export async function checkCommand(file: string | undefined, flags: CheckFlags): Promise<ExitCode> {
  try {
    const job = await prepare(file, flags)
    const { ok, diagnostics } = await diagnose(job)
    if (flags.json) await printJson(diagnostics)
    else report(diagnostics, job.loader)
    if (!flags.json && diagnostics.length === 0) say(`${job.source.name}: no problems`)
    return ok ? EXIT.ok : EXIT.program
  } catch (error) {
    if (!flags.json) throw error
    return printFault(error)
  }
}

async function diagnose(job: Job): Promise<{ ok: boolean; diagnostics: readonly Diagnostic[] }> {
  const { ok, diagnostics } = await compileAny(job)
  return { ok, diagnostics: withProblems(diagnostics, job.loader) }
}

function printJson(diagnostics: readonly Diagnostic[]): Promise<void> {
  return writeData(`${diagnosticsToJson(diagnostics)}\n`)
}

/** An editor that asked for JSON gets JSON, whatever happened. */
async function printFault(error: unknown): Promise<ExitCode> {
  if (error instanceof Failure) {
    await printJson(error.diagnostics)
    return error.exitCode
  }
  const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  await printJson([makeDiagnostic('internalFault', undefined, { reason })])
  return EXIT.fault
}
