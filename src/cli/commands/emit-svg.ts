/**
 * `dspc FILE --emit=svg -o DIRECTORY`: block diagrams, one file a definition; only the program's own for a file that
 * ends in `.svg` or for standard output.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { attempt } from '../../diagnostics.ts'
import { type Job, report, withProblems } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, fail, reasonOf } from '../failure.ts'
import { say, writeData } from '../terminal.ts'
import { writeWholeFile } from '../write-file.ts'

export async function emitSvg(job: Job, output: string): Promise<ExitCode> {
  const { lowerSource } = await import('../../compile.ts')
  const { drawDiagrams, drawTop } = await import('../../diagram/draw.ts')
  const { value, diagnostics } = attempt(log => lowerSource(job.source.text, job.options, log))
  report(withProblems(diagnostics, job.loader), job.loader)
  if (!value) throw new Failure(EXIT.program, [])
  const entry = job.options.entry ?? 'process'
  if (output === '-') await writeData(drawTop(value.box, entry, value.names))
  else if (/\.svg$/i.test(output)) writeWholeFile(output, drawTop(value.box, entry, value.names))
  else {
    makeDirectory(output)
    const diagrams = drawDiagrams(value.box, entry, value.names)
    for (const { file, svg } of diagrams) writeWholeFile(join(output, file), svg)
    say(
      `wrote ${diagrams.length} diagram${diagrams.length === 1 ? '' : 's'}; open ${join(output, diagrams[0]!.file)}`,
    )
  }
  return EXIT.ok
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const reason = exists ? 'it is not a directory' : reasonOf(error)
    fail(EXIT.file, 'fileUnwritable', { file: path, reason })
  }
}
