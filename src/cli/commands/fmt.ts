/**
 * `dspc fmt FILE… [--check]`: programs in their usual layout, in place.
 */
import { type Diagnostic, DiagnosticLog, Stop } from '../../diagnostics.ts'
import { formatDiagnostics } from '../../diagnostics-print.ts'
import { formatSource } from '../../parser/format.ts'
import { SourceFile } from '../../source.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, failUsage } from '../failure.ts'
import { readProgram, type Source } from '../load.ts'
import type { FormatFlags } from '../options.ts'
import { formatOptions, say, writeData } from '../terminal.ts'
import { writeWholeFile } from '../write-file.ts'

/** A file that cannot be formatted does not keep the others from being so. */
export async function formatCommand(files: readonly string[], flags: FormatFlags): Promise<ExitCode> {
  if (files.length === 0) failUsage('noProgram', {})
  let exitCode: ExitCode = EXIT.ok
  for (const file of files) {
    try {
      const result = await formatFile(file, flags.check === true)
      if (exitCode === EXIT.ok) exitCode = result
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      print(error.diagnostics)
      exitCode = error.exitCode
    }
  }
  return exitCode
}

async function formatFile(file: string, check: boolean): Promise<ExitCode> {
  const source = await readProgram(file, undefined)
  const result = formatText(source)
  if (result === undefined) return EXIT.program
  const changes = result !== source.text
  if (check) {
    if (changes) await writeData(`${source.name}\n`)
    return changes ? EXIT.program : EXIT.ok
  }
  if (file === '-') await writeData(result)
  else if (changes) {
    writeWholeFile(file, result)
    say(`${file}: formatted`)
  }
  return EXIT.ok
}

/** Nothing for a program with mistakes, which are printed. */
function formatText({ name, text }: Source): string | undefined {
  const log = new DiagnosticLog()
  let result: string | undefined
  try {
    result = formatSource(new SourceFile(name, text), log)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
  }
  if (result === undefined) print(log.diagnostics, text)
  return result
}

function print(diagnostics: readonly Diagnostic[], text?: string): void {
  process.stderr.write(
    formatDiagnostics(
      diagnostics,
      formatOptions(process.stderr, () => text),
    ),
  )
}
