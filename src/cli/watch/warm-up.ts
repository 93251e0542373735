/**
 * Compiles a program a few more times, for nothing, while nobody waits: code that has run often runs several times as
 * fast, so that the first edit is heard as soon as the tenth.
 */
import { type Job, tryJob } from '../compile-program.ts'

const ROUNDS = 16
/** Playing begins first. */
const FIRST_MS = 500
/** Other things have their turn. */
const PAUSE_MS = 20
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface WarmUp {
  cancel(): void
}

export function startWarmUp(job: Job): WarmUp {
  let rounds = ROUNDS
  const next = async () => {
    await tryJob(job)
    rounds--
    if (rounds > 0) timer = setTimeout(next, PAUSE_MS)
  }
  let timer = setTimeout(next, FIRST_MS)
  timer.unref()
  const cancel = () => {
    rounds = 0
    clearTimeout(timer)
    for (const signal of SIGNALS) process.off(signal, cancel)
  }
  // Who wants to end does not wait for it.
  for (const signal of SIGNALS) process.on(signal, cancel)
  return { cancel }
}
