/**
 * What random expressions are made in and of: scopes, names, constants, leaves.
 *
 * Every expression knows whether it is exact; expressions.ts says why.
 */
import type { Tape } from './tape.ts'

export interface Expression {
  readonly text: string
  readonly exact: boolean
}

export interface Variable {
  readonly name: string
  readonly exact: boolean
}

/** A definition that may be called: takes scalars, gives one. */
export interface Callable {
  readonly name: string
  readonly parameters: number
  /** Exact for exact arguments. */
  readonly exact: boolean
}

export interface Scope {
  readonly tape: Tape
  readonly variables: readonly Variable[]
  readonly callables: readonly Callable[]
  /** Table contents: no inputs, no controls. */
  readonly constantOnly: boolean
  /** What is copied, by an iteration or a call, has no bargraph: the copies would have one address. */
  readonly isCopied: boolean
  readonly depth: number
}

export const MAX_DEPTH = 7

export const exactly = (text: string): Expression => ({ text, exact: true })
export const rounded = (text: string): Expression => ({ text, exact: false })

export const deeper = (scope: Scope): Scope => ({ ...scope, depth: scope.depth + 1 })
export const onlyExact = (scope: Scope): Scope => ({
  ...deeper(scope),
  variables: scope.variables.filter(variable => variable.exact),
  callables: scope.callables.filter(callable => callable.exact),
})

export function leaf({ tape, variables }: Scope): Expression {
  const choice = tape.choose(2 * variables.length + 1)
  const variable = variables.at(-1 - choice)
  if (variable) return { text: variable.name, exact: variable.exact }
  return exactly(constant(tape))
}

/**
 * The official compiler may take two feedback loops for one when they differ only in an int n and its complement
 * -n-1; so whole numbers are 0 … 9 or -25 … -16.
 */
export function constant(tape: Tape): string {
  const isNegative = tape.chance(4)
  if (tape.chance(2)) return `${isNegative ? '-' : ''}${tape.choose(64) / 16 + 0.0625}`
  return isNegative ? `-${tape.choose(10) + 16}` : String(tape.choose(10))
}
