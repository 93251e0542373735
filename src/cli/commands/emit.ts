/**
 * `dspc FILE --emit=STAGE`: prints what a stage of the compiler makes of the program, or the module itself.
 */
import { basename } from 'node:path'
import type { StageResult } from '../../emit-stage.ts'
import { type Description, describe } from '../../runtime/description.ts'
import {
  blockOptions,
  compileJob,
  isBlockProgram,
  type Job,
  report,
  withProblems,
} from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, failUsage } from '../failure.ts'
import type { Emit } from '../options.ts'
import { writeData } from '../terminal.ts'
import { writeWholeFile } from '../write-file.ts'

export async function emitCommand(job: Job, stage: Emit, output = '-'): Promise<ExitCode> {
  if (stage === 'wasm' && output === '-' && process.stdout.isTTY) {
    failUsage('binaryToTerminal', { what: 'a WebAssembly module' })
  }
  if (stage === 'svg' && !isBlockProgram(job.source))
    return (await import('./emit-svg.ts')).emitSvg(job, output)
  const content = await produce(job, stage)
  if (output === '-') await writeData(content)
  else writeWholeFile(output, content)
  return EXIT.ok
}

async function produce(job: Job, stage: Emit): Promise<string | Uint8Array> {
  switch (stage) {
    case 'wasm':
      return (await compileJob(job)).program.wasm
    case 'json':
      return `${JSON.stringify(await describeJob(job), undefined, 2)}\n`
    default:
      return printStage(job, stage)
  }
}

async function describeJob(job: Job): Promise<Description> {
  const { program } = await compileJob(job)
  const { loader, source } = job
  const files = { libraries: loader.libraries(), includePaths: loader.folders }
  return describe(program, { filename: basename(source.name), ...files })
}

async function emitAny(
  { source, options }: Job,
  stage: Exclude<Emit, 'wasm' | 'json'>,
): Promise<StageResult> {
  if (!isBlockProgram(source) && stage !== 'svg') {
    return (await import('../../emit-stage.ts')).emitStage(source.text, options, stage)
  }
  if (stage !== 'core' && stage !== 'kernel' && stage !== 'wat') {
    return failUsage('optionConflict', { first: `--emit=${stage}`, second: source.name })
  }
  const { emitBlocks } = await import('../../library/compile-program.ts')
  return emitBlocks(source.text, stage, blockOptions(source, options))
}

async function printStage(job: Job, stage: Exclude<Emit, 'wasm' | 'json'>): Promise<string> {
  const result = await emitAny(job, stage)
  if (result.ok) return result.text.endsWith('\n') ? result.text : `${result.text}\n`
  report(withProblems(result.diagnostics, job.loader), job.loader)
  throw new Failure(EXIT.program, [])
}
