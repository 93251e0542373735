/**
 * The first compilation of a process, in which most code runs a few times only.
 *
 * Comes in: work. Goes out: what it gives. Of V8 11.3 (Node 20) half of the processor time of a short process went into
 * optimising code that hardly ran any more, on other threads, but not for nothing to this one. V8 of later versions
 * waits longer by itself, and does not know the flag.
 */
import { setFlagsFromString } from 'node:v8'

const PATIENT = '--interrupt-budget=270336'
/** As V8 has it. Code is kept for processes with the flags of the moment (`start/kept-code.ts`). */
const USUAL = '--interrupt-budget=67584'
const isEager =
  process.versions.v8.startsWith('11.3.') && !process.execArgv.join().includes('interrupt-budget')

let isFirst = true

/** Nothing of the program may be loaded in between. */
export async function withFewOptimisations<T>(work: () => Promise<T>): Promise<T> {
  if (!isFirst || !isEager) return work()
  isFirst = false
  setFlagsFromString(PATIENT)
  try {
    return await work()
  } finally {
    setFlagsFromString(USUAL)
  }
}

/** For workers: the flag is that of the whole process. */
export function leaveFlagsAlone(): void {
  isFirst = false
}
