/**
 * Random feedback loops of real numbers.
 *
 * Every loop contracts: the feedback enters through functions that do not stretch distances, scaled by factors
 * whose sum is below 1. What is added from outside is any expression.
 */
import { expression } from './expressions.ts'
import { constant, deeper, type Scope } from './scope.ts'
import type { Tape } from './tape.ts'

export function feedback(scope: Scope): string {
  const { tape } = scope
  const input = () => expression(deeper(scope)).text
  const forms: readonly (() => string)[] = [
    () => `(${input()} : + ~ *(${factor(tape)}))`,
    () => `(${input()} : + ~ (@(${tape.choose(20)}) : *(${factor(tape)})))`,
    () => `((\\(fb, x).(${contracted(tape, 'fb')} + x)) ~ _)(${input()})`,
    () => `(y letrec { 'y = ${contracted(tape, 'y')} + ${input()}; })`,
    () => `(${input()} : (+ : + ~ *(0.25)) ~ *(${tape.pick(['0.5', '0.25', '-0.5'])}))`,
    () => `(${input()} : + ~ (_ <: *(0.25), (mem : *(${tape.pick(['0.25', '-0.5'])})) :> _))`,
    () => pair(tape, input),
    () => letrecPair(tape, input),
    () => `(${input()} : + ~ (*(${factor(tape)}) : \\(x).(${nonlinear(tape, 'x')})))`,
  ]
  return tape.pick(forms)()
}

function pair(tape: Tape, input: () => string): string {
  const bodies = `${contracted(tape, 'b')} + x, ${contracted(tape, 'a')} + ${constant(tape)}`
  return `((${input()} : (\\(a, b, x).(${bodies})) ~ (_, _)) : +)`
}

function letrecPair(tape: Tape, input: () => string): string {
  const [first, second] = [contracted(tape, 'q'), contracted(tape, 'p')]
  return `(p + q letrec { 'p = ${first} + k; 'q = ${second} * 0.5 + ${input()}; where k = ${constant(tape)}; })`
}

function factor(tape: Tape): string {
  return tape.pick(['0.5', '-0.5', '0.25', '0.75', '0.9'])
}

function contracted(tape: Tape, name: string): string {
  return `${nonlinear(tape, name)} * ${factor(tape)}`
}

/** Functions of slope between -1 and 1. */
function nonlinear(tape: Tape, name: string): string {
  return tape.pick([
    name,
    `sin(${name})`,
    `max(-1, min(1, ${name}))`,
    `abs(${name})`,
    `atan(${name})`,
    `(${name})'`,
  ])
}
