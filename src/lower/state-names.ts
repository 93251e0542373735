/**
 * Stable names of state.
 *
 * Comes in: a signal that remembers something, and what for. Goes out: an id made of the definitions that lead to
 * it, `process/voice/osc#memory1`, with a counter where one path has several. When a program is edited while it
 * sounds, state is carried over by these, so they depend on what the user wrote and not on the order of work.
 */
import type { Signal, SignalTable } from './signal.ts'

export class StateNames {
  private readonly signals: SignalTable
  private readonly used = new Map<string, number>()
  private readonly bases = new Map<Signal, string>()

  constructor(signals: SignalTable) {
    this.signals = signals
  }

  unique(signal: Signal, what: string): string {
    return `${this.base(signal)}#${what}`
  }

  /** The path of a signal; the second signal of one path gets `.1`, and so on. */
  private base(signal: Signal): string {
    let base = this.bases.get(signal)
    if (base !== undefined) return base
    const path = this.path(signal)
    const count = this.used.get(path) ?? 0
    this.used.set(path, count + 1)
    base = count === 0 ? path : `${path}.${count}`
    this.bases.set(signal, base)
    return base
  }

  private path(signal: Signal): string {
    const names: string[] = []
    for (let scope = this.signals.origins.get(signal)?.scope; scope; scope = scope.parent)
      names.unshift(scope.name)
    return names.join('/') || 'process'
  }
}
