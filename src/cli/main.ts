/**
 * The program of `dspc`: what the command line names runs, and its exit code is that of the process.
 */
import { reportFault, run } from './run.ts'
import { endQuietlyOnClosedPipes } from './terminal.ts'

const args = process.argv.slice(2)
endQuietlyOnClosedPipes()
process.on('uncaughtException', error => process.exit(reportFault(error, args)))
void run(args).then(code => {
  process.exitCode = code
})
