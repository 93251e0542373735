/**
 * `--watch` without `--play`: compiles, renders or prints again after every save, until Ctrl-C.
 *
 * Comes in: the command as a function. Goes out: what it does, each time; a failure is printed and the next save waited
 * for.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Job, report } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { CompileFlags } from '../options-compile.ts'
import { say } from '../terminal.ts'
import { follow } from './follow.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export async function rerun(
  file: string,
  first: Job,
  flags: CompileFlags,
  act: (job: Job) => Promise<ExitCode>,
): Promise<ExitCode> {
  let isOver = false
  let end: () => void = () => {}
  const interrupt = new Promise<void>(resolve => {
    end = resolve
  })
  const interrupted = () => {
    isOver = true
    end()
  }
  const listen = () => {
    for (const signal of SIGNALS) process.on(signal, interrupted)
  }
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, interrupted)
  }
  const once = async (job: Job) => {
    // A signal that came a moment ago is heard first.
    await nextTurn()
    if (isOver) return
    // Nobody hears a signal while it compiles, so that ends the process as one without listeners. Rendering has its own.
    release()
    try {
      if ((await act(job)) === EXIT.interrupted) interrupted()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      report(error.diagnostics, job.loader)
      if (error.exitCode === EXIT.usage) throw error
    }
    listen()
    say(`watching ${file}; Ctrl-C ends`)
  }
  await once(first)
  let broken: (error: unknown) => void = () => {}
  const fault = new Promise<never>((_, reject) => {
    broken = reject
  })
  const following = follow({
    file,
    flags,
    first,
    edited: async (job, changed) => {
      say(`\n${changed.join(', ')} changed`)
      await once(job)
    },
    unreadable: failure => report(failure.diagnostics, first.loader),
    broken,
  })
  try {
    await Promise.race([interrupt, fault])
  } finally {
    await following.close()
    release()
  }
  return EXIT.interrupted
}
