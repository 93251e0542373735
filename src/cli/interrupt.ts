/**
 * Ctrl-C during a rendering: the first asks it to finish what it has, the second ends it at once.
 */
import { EXIT } from './exit-codes.ts'

export interface Interrupt {
  readonly requested: boolean
  /** Gives Ctrl-C its usual meaning back. */
  release(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export function catchInterrupt(onSecond: () => void): Interrupt {
  const state = { requested: false, release: () => {} }
  const listener = () => {
    if (state.requested) {
      onSecond()
      process.exit(EXIT.interrupted)
    }
    state.requested = true
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  state.release = () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
  return state
}
