/**
 * The code of one sample, in order, with what is gated inside `if`.
 *
 * Comes in: statements, each with the signal it belongs to. Goes out: the list, in which neighbours under one
 * condition share an `if`. Apart from to-core.ts so that lowering of signals need not know about gates.
 */
import type { Core } from '../core/ast.ts'
import type { NumberType } from '../core/primitives.ts'
import { type Condition, conditionKey } from './conditions.ts'
import { assign, int, literal, operator, variable } from './core-terms.ts'
import type { Facts } from './facts.ts'
import type { Schedule } from './schedule.ts'
import type { Signal } from './signal.ts'

interface Entry {
  readonly guard: string | undefined
  readonly code: Core[]
}

export class GuardedCode {
  private readonly entries: Entry[] = []
  private readonly locals: Core[] = []
  private readonly guards = new Map<string, string>()
  private readonly conditions: ReadonlyMap<Signal, Condition>
  private readonly pasts: ReadonlyMap<Signal, Condition>
  private readonly facts: Facts
  private readonly value: (s: Signal) => Core

  constructor(plan: Schedule, facts: Facts, value: (s: Signal) => Core) {
    this.conditions = plan.conditions
    this.pasts = plan.pastConditions
    this.facts = facts
    this.value = value
  }

  /** Appends statements of a signal; without one they always run. */
  add(code: readonly Core[], signal?: Signal): void {
    const condition = signal && this.conditionOf(signal)
    const guard = condition && this.guard(condition)
    if (guard !== undefined && signal) this.declare(code, this.facts.get(signal)!.type)
    const last = this.entries.at(-1)
    if (last && last.guard === guard) last.code.push(...code)
    else this.entries.push({ guard, code: [...code] })
  }

  /** Of signals that do not change every sample, only their past is kept up here. */
  private conditionOf(signal: Signal): Condition | undefined {
    return this.facts.get(signal)?.rate === 3 ? this.conditions.get(signal) : this.pasts.get(signal)
  }

  /** What is computed under a condition is read under it too, but in another `if`: it needs a value before. */
  private declare(code: readonly Core[], type: NumberType): void {
    for (const c of code) {
      if (c.kind === 'assign' && /^v/.test(c.name)) this.locals.push(assign(c.name, literal(0, type)))
    }
  }

  finish(): Core[] {
    return [...this.locals, ...this.statements()]
  }

  private statements(): Core[] {
    return this.entries.flatMap(({ guard, code }): Core[] => {
      if (guard === undefined) return code
      return [{ kind: 'if', condition: variable(guard), whenTrue: { kind: 'statements', list: code } }]
    })
  }

  /** The variable that holds a condition in this sample; its signals are computed by now. */
  private guard(condition: Condition): string {
    const key = conditionKey(condition)
    let name = this.guards.get(key)
    if (name === undefined) {
      name = `gate${this.guards.size}`
      this.guards.set(key, name)
      this.add([assign(name, this.test(condition))])
    }
    return name
  }

  private test(condition: Condition): Core {
    const isOn = (s: Signal) => operator('ne', this.value(s), literal(0, this.facts.get(s)!.type))
    const all = (list: readonly Signal[]) => list.map(isOn).reduce((a, b) => operator('and', a, b))
    return condition.map(all).reduce((a, b) => operator('or', a, b), int(0))
  }
}
