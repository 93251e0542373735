/**
 * One run of `dspc`: from arguments to an exit code. Everything that goes wrong ends here as a diagnostic.
 *
 * Comes in: arguments. Goes out: an exit code; the commands do the printing. Commands are imported when they
 * are called, so that help, version and usage errors load neither parser nor binaryen.
 */
import { CommanderError } from 'commander'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { formatDiagnostics } from '../diagnostics-print.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { buildCommand } from './options.ts'
import { formatOptions, say } from './terminal.ts'
import { COMMAND_LINE, commandLine, describeUsageError, placeFailure } from './usage.ts'

export async function run(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok
  const main = buildCommand({
    main: async (file, flags) => {
      exitCode = await (await import('./commands/main.ts')).mainCommand(file, flags)
    },
    check: async (file, flags) => {
      exitCode = await (await import('./commands/check.ts')).checkCommand(file, flags)
    },
    explain: async code => {
      exitCode = await (await import('./commands/explain.ts')).explainCommand(code)
    },
    repl: async (file, flags) => {
      exitCode = await (await import('./commands/repl.ts')).replCommand(file, flags)
    },
    replay: async (log, flags) => {
      exitCode = await (await import('./commands/replay.ts')).replayCommand(log, flags)
    },
    format: async (files, flags) => {
      exitCode = await (await import('./commands/fmt.ts')).formatCommand(files, flags)
    },
    swap: async (old, edited, flags) => {
      exitCode = await (await import('./commands/swap.ts')).swapCommand(old, edited, flags)
    },
    devices: async flags => {
      exitCode = await (await import('./commands/devices.ts')).devicesCommand(flags)
    },
    doctor: async flags => {
      exitCode = await (await import('./commands/doctor.ts')).doctorCommand(flags)
    },
  })
  try {
    await main.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFault(error, args)
    if (error.exitCode === 0) return EXIT.ok
    print([describeUsageError(error, args, main)], args)
    return EXIT.usage
  }
}

/** For what no command caught. Also for faults that no promise leads to. */
export function reportFault(error: unknown, args: readonly string[]): ExitCode {
  if (error instanceof Failure) {
    print(placeFailure(error, args), args)
    return error.exitCode
  }
  const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  print([makeDiagnostic('internalFault', undefined, { reason })], args)
  if (process.env.DSPC_DEBUG === '1' && error instanceof Error) say(error.stack ?? '')
  return EXIT.fault
}

function print(diagnostics: readonly Diagnostic[], args: readonly string[]): void {
  const source = (file: string) => (file === COMMAND_LINE ? commandLine(args).text : undefined)
  process.stderr.write(formatDiagnostics(diagnostics, formatOptions(process.stderr, source)))
}
