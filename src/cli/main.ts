/**
 * Where `dspc` starts.
 */
import { reportFault, run } from './run.ts'
import { endQuietlyOnClosedPipes } from './terminal.ts'

const args = process.argv.slice(2)
endQuietlyOnClosedPipes()
process.on('uncaughtException', error => process.exit(reportFault(error, args)))
process.exitCode = await run(args)
