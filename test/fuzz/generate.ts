/**
 * Random programs.
 *
 * Comes in: lists of numbers from fast-check. Goes out: whole programs: some definitions, then a process put
 * together from blocks so that the arities fit.
 */
import fc from '../support/property.ts'
import { exactExpression, expression } from './expressions.ts'
import { type Callable, constant, type Expression, type Scope } from './scope.ts'
import { makeTape, type Tape } from './tape.ts'

/** Source text of programs, of any size up to some thousand characters. */
export const programs: fc.Arbitrary<string> = fc
  .array(fc.nat(9999), { maxLength: 300, size: 'max' })
  .map(numbers => generateProgram(makeTape(numbers)))

/** The process comes first on the tape, so that a short tape spends its choices where they are heard. */
export function generateProgram(tape: Tape): string {
  const inputs = tape.choose(4)
  const outputs = tape.choose(3) + 1
  const callables = Array.from({ length: tape.choose(4) }, () => signature(tape))
  const block = generateBlock({ tape, callables, exact: true, depth: 0 }, inputs, outputs)
  const definitions = callables.map((callable, i) => definition(tape, callable, callables.slice(0, i)))
  return `${[...definitions, `process = ${block.text};`].join('\n')}\n`
}

function signature(tape: Tape): Callable {
  return { name: `f${tape.serial()}`, parameters: tape.choose(3) + 1, exact: tape.chance(2) }
}

function definition(tape: Tape, callable: Callable, callables: readonly Callable[]): string {
  const { name, exact } = callable
  const names = ['x', 'y', 'z'].slice(0, callable.parameters)
  const variables = names.map(parameter => ({ name: parameter, exact }))
  const scope: Scope = { tape, variables, callables, constantOnly: false, isCopied: true, depth: 3 }
  const body = exact ? exactExpression(scope) : expression(scope)
  const list = names.join(', ')
  const forms = [
    `${name}(${list}) = ${body.text};`,
    `${name} = \\(${list}).(${body.text});`,
    `${name}(${list}) = result with { result = ${body.text}; };`,
  ]
  return tape.pick(forms)
}

interface BlockScope {
  readonly tape: Tape
  readonly callables: readonly Callable[]
  /** Whether what comes in is exact; see expressions.ts. */
  readonly exact: boolean
  readonly depth: number
}

/** A block with given numbers of inputs (≥ 0) and outputs (≥ 1). */
function generateBlock(scope: BlockScope, inputs: number, outputs: number): Expression {
  const { tape } = scope
  if (scope.depth >= 4 || tape.isUsedUp()) return lambdaBlock(scope, inputs, outputs)
  const inner = { ...scope, depth: scope.depth + 1 }
  const makers: readonly (() => Expression)[] = [
    () => lambdaBlock(inner, inputs, outputs),
    () => sequence(inner, inputs, outputs),
    () => parallel(inner, inputs, outputs),
    () => splitting(inner, inputs, outputs),
    () => merging(inner, inputs, outputs),
    () => routed(inner, inputs, outputs),
    () => lambdaBlock(inner, inputs, outputs),
  ]
  return tape.pick(makers)()
}

function lambdaBlock(scope: BlockScope, inputs: number, outputs: number): Expression {
  const { tape, callables, exact } = scope
  const names = Array.from({ length: inputs }, () => `x${tape.serial()}`)
  const variables = names.map(name => ({ name, exact }))
  const inside: Scope = { tape, callables, variables, constantOnly: false, isCopied: false, depth: 0 }
  const bodies = Array.from({ length: outputs }, () => expression(inside))
  const list = bodies.map(body => body.text).join(', ')
  const text = inputs === 0 ? `(${list})` : `\\(${names.join(', ')}).(${list})`
  return { text, exact: bodies.every(body => body.exact) }
}

function sequence(scope: BlockScope, inputs: number, outputs: number): Expression {
  const middle = scope.tape.choose(3) + 1
  const first = generateBlock(scope, inputs, middle)
  const second = generateBlock({ ...scope, exact: first.exact }, middle, outputs)
  return { text: `(${first.text} : ${second.text})`, exact: second.exact }
}

function parallel(scope: BlockScope, inputs: number, outputs: number): Expression {
  if (outputs < 2) return sequence(scope, inputs, outputs)
  const left = scope.tape.choose(inputs + 1)
  const first = generateBlock(scope, left, 1)
  const second = generateBlock(scope, inputs - left, outputs - 1)
  return { text: `(${first.text}, ${second.text})`, exact: first.exact && second.exact }
}

function splitting(scope: BlockScope, inputs: number, outputs: number): Expression {
  const { tape } = scope
  const narrow = tape.choose(2) + 1
  const first =
    inputs === narrow && tape.chance(2) ? wires(narrow, scope) : generateBlock(scope, inputs, narrow)
  const second = generateBlock({ ...scope, exact: first.exact }, narrow * (tape.choose(3) + 1), outputs)
  return { text: `(${first.text} <: ${second.text})`, exact: second.exact }
}

function merging(scope: BlockScope, inputs: number, outputs: number): Expression {
  const { tape } = scope
  const narrow = tape.choose(2) + 1
  const first = generateBlock(scope, inputs, narrow * (tape.choose(3) + 1))
  const second = generateBlock({ ...scope, exact: first.exact }, narrow, outputs)
  return { text: `(${first.text} :> ${second.text})`, exact: second.exact }
}

function wires(count: number, scope: BlockScope): Expression {
  return { text: `(${Array.from({ length: count }, () => '_').join(', ')})`, exact: scope.exact }
}

/** Any wiring, then a gain on each output. */
function routed(scope: BlockScope, inputs: number, outputs: number): Expression {
  const { tape } = scope
  if (inputs === 0) return lambdaBlock(scope, inputs, outputs)
  const pairs = Array.from({ length: tape.choose(5) + 1 }, () => [
    tape.choose(inputs) + 1,
    tape.choose(outputs) + 1,
  ])
  const gain = constant(tape)
  return {
    text: `(route(${inputs}, ${outputs}, ${pairs.flat().join(', ')}) : par(k, ${outputs}, *(${gain})))`,
    exact: scope.exact,
  }
}
