/**
 * Random expressions with one output.
 *
 * Comes in: a tape and the names in scope. Goes out: text that is well formed and mostly accepted.
 *
 * Two right compilers may round differently, since both may reorder sums. What jumps (comparisons, rounding,
 * indices, delay lengths) would make a last bit visible. So every expression knows whether it is *exact*: made
 * of whole numbers and small dyadic fractions by operations that do not round, in any order. Only exact
 * expressions reach what jumps. Feedback is contracting, so that rounding errors die out and nothing explodes.
 */
import { feedback } from './feedback.ts'
import {
  constant,
  deeper,
  type Expression,
  exactly,
  leaf,
  MAX_DEPTH,
  onlyExact,
  rounded,
  type Scope,
} from './scope.ts'
import { bounds, gate, WIDER_SHAPES } from './wider.ts'

/** Any expression. */
export function expression(scope: Scope): Expression {
  if (scope.depth >= MAX_DEPTH || scope.tape.isUsedUp()) return leaf(scope)
  return scope.tape.chance(3) ? roundingExpression(scope) : exactShape(scope, expression)
}

/** An expression that no order of evaluation can round. */
export function exactExpression(scope: Scope): Expression {
  const inner = onlyExact(scope)
  if (inner.depth >= MAX_DEPTH || inner.tape.isUsedUp()) return leaf(inner)
  return exactShape(inner, exactExpression)
}

export type Make = (scope: Scope) => Expression

/** Shapes that are exact when their operands are. `operand` makes those that need not be. */
function exactShape(scope: Scope, operand: Make): Expression {
  const shapes: readonly ((scope: Scope, operand: Make) => Expression)[] = [
    arithmetic,
    arithmetic,
    extremum,
    delay,
    comparison,
    rounding,
    bits,
    select,
    control,
    counter,
    table,
    waveform,
    local,
    iteration,
    call,
    choice,
    scaled,
    gate,
    bounds,
    ...WIDER_SHAPES,
  ]
  return scope.tape.pick(shapes)(scope, operand)
}

function arithmetic(scope: Scope, operand: Make): Expression {
  const [a, b] = [operand(deeper(scope)), operand(deeper(scope))]
  return { text: `(${a.text} ${scope.tape.pick(['+', '-', '*'])} ${b.text})`, exact: a.exact && b.exact }
}

function extremum(scope: Scope, operand: Make): Expression {
  const a = operand(deeper(scope))
  if (scope.tape.chance(3)) return { text: `abs(${a.text})`, exact: a.exact }
  const b = operand(deeper(scope))
  return { text: `${scope.tape.pick(['min', 'max'])}(${a.text}, ${b.text})`, exact: a.exact && b.exact }
}

function scaled(scope: Scope, operand: Make): Expression {
  const a = operand(deeper(scope))
  return {
    text: `(${a.text} ${scope.tape.pick(['/ 2', '/ 4', '* 0.5', ': /(8)', ': -(1)'])})`,
    exact: a.exact,
  }
}

function delay(scope: Scope, operand: Make): Expression {
  const a = operand(deeper(scope))
  const length = () => exactExpression(scope).text
  const forms: readonly (() => string)[] = [
    () => `(${a.text})'`,
    () => `mem(${a.text})`,
    () => `(${a.text} @ ${scope.tape.choose(40)})`,
    () => `(${a.text} @ (${whole(scope)} & ${scope.tape.pick([1, 3, 7, 31])}))`,
    () => `(${a.text} @ max(0, min(${scope.tape.choose(20)}, ${length()})))`,
    () => `prefix(${constant(scope.tape)}, ${a.text})`,
  ]
  return { text: scope.tape.pick(forms)(), exact: a.exact }
}

function comparison(scope: Scope): Expression {
  const operator = scope.tape.pick(['<', '<=', '>', '>=', '==', '!='])
  return exactly(`(${exactExpression(scope).text} ${operator} ${exactExpression(scope).text})`)
}

/** A whole number of at most some thousands: a cast of more than 2³¹ traps in the official compiler. */
export function whole(scope: Scope): string {
  const inner = exactExpression(scope).text
  return `int(max(-4000, min(4000, ${inner})))`
}

function rounding(scope: Scope): Expression {
  const { tape } = scope
  if (tape.chance(2)) return exactly(whole(scope))
  const inner = exactExpression(scope).text
  // The official compiler rounds a literal half to even, and a signal half away from zero.
  return exactly(tape.pick([`floor(${inner})`, `ceil(${inner})`, `rint(${inner})`, `round(mem(${inner}))`]))
}

function bits(scope: Scope): Expression {
  const { tape } = scope
  const forms: readonly (() => string)[] = [
    () => `(${whole(scope)} & ${tape.choose(64)})`,
    () => `(${whole(scope)} | ${tape.choose(64)})`,
    () => `(${whole(scope)} xor ${whole(scope)})`,
    () => `(${whole(scope)} << ${tape.choose(8)})`,
    () => `(${whole(scope)} >> ${tape.choose(8)})`,
    () => `(${whole(scope)} % ${tape.choose(12) + 1})`,
    () => `fmod(${exactExpression(scope).text}, ${tape.choose(5) / 2 + 0.5})`,
  ]
  return exactly(tape.pick(forms)())
}

function select(scope: Scope, operand: Make): Expression {
  const count = scope.tape.chance(4) ? 3 : 2
  const branches = Array.from({ length: count }, () => operand(deeper(scope)))
  // An int: as an argument of a function, the official compiler takes a literal 0.5 for true.
  const selector = whole(scope)
  const text = `select${count}(${[selector, ...branches.map(b => b.text)].join(', ')})`
  return { text, exact: branches.every(branch => branch.exact) }
}

function control(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  if (scope.constantOnly) return arithmetic(scope, operand)
  const label = `c${tape.serial()}`
  const form = tape.choose(5)
  if (form === 0) return exactly(`button("${label}")`)
  if (form === 1) return exactly(`checkbox("${label}")`)
  if (form === 2) return exactly(`hgroup("g", nentry("${label}", 2, -3, 5, 1))`)
  if (form === 3 || scope.isCopied) return exactly(`hslider("${label}", 0.5, 0, 4, 0.25)`)
  const shown = operand(deeper(scope))
  return { text: `attach(${shown.text}, ${shown.text} : vbargraph("${label}", -4, 4))`, exact: shown.exact }
}

function counter({ tape }: Scope): Expression {
  const forms: readonly (() => string)[] = [
    () => '(+(1) ~ _)',
    () => `((+(${tape.choose(7) + 1}) ~ _) & ${tape.pick([7, 15, 255])})`,
    () => `((${tape.choose(9) + 1} : + ~ _) % ${tape.choose(30) + 1})`,
    () => `(%(${tape.choose(20) + 2}) ~ +(${tape.choose(5) + 1}))`,
    () => `(((+(12345) ~ *(1103515245)) >> 16) & 255)`,
    () => `(n letrec { 'n = (n + ${tape.choose(5) + 1}) & 63; })`,
    () => `((+(0.25) ~ _) : min(${tape.choose(40) + 1}))`,
    () => `((xor(${tape.choose(16)}) ~ +(1)) & 127)`,
  ]
  return exactly(tape.pick(forms)())
}

function table(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  // A table whose content reads a table crashes the official compiler.
  if (scope.constantOnly) return arithmetic(scope, operand)
  const size = tape.choose(20) + 1
  const content = () => exactExpression({ ...scope, variables: [], callables: [], constantOnly: true }).text
  if (tape.chance(2)) {
    const value = operand(deeper(scope))
    // Some write indices are not kept in bounds by the official compiler, which then overwrites other state.
    const index = `max(0, min(${size - 1}, ${whole(scope)}))`
    const text = `rwtable(${size}, ${content()}, ${index}, ${value.text}, ${whole(scope)})`
    return { text, exact: value.exact }
  }
  return exactly(`rdtable(${size}, ${content()}, ${whole(scope)})`)
}

function waveform(scope: Scope): Expression {
  const { tape } = scope
  const values = Array.from({ length: tape.choose(5) + 1 }, () => constant(tape)).join(', ')
  if (tape.chance(2) && !scope.constantOnly) return exactly(`rdtable(waveform{${values}}, ${whole(scope)})`)
  return exactly(`(waveform{${values}} : !, _)`)
}

/** A name for a part: `with`, lambda or environment. The part is used more than once or not at all. */
function local(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  const value = operand(deeper(scope))
  const name = `v${tape.serial()}`
  const variables = [...scope.variables, { name, exact: value.exact }]
  const body = operand({ ...deeper(scope), variables })
  const forms: readonly string[] = [
    `(${body.text} with { ${name} = ${value.text}; })`,
    `\\(${name}).(${body.text})(${value.text})`,
    `environment { ${name} = ${value.text}; result = ${body.text}; }.result`,
    `(${value.text} : \\(${name}).(${body.text}))`,
  ]
  return { text: tape.pick(forms), exact: body.exact && value.exact }
}

function iteration(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  const name = `i${tape.serial()}`
  const variables = [...scope.variables, { name, exact: true }]
  const body = operand({ ...deeper(scope), variables, isCopied: true })
  const count = tape.choose(4) + 1
  const forms: readonly string[] = [
    `sum(${name}, ${count}, ${body.text})`,
    `(par(${name}, ${count}, ${body.text}) :> _)`,
    `seq(${name}, ${count}, \\(x).(x * 0.5 + ${body.text}))(${constant(tape)})`,
  ]
  return { text: tape.pick(forms), exact: body.exact }
}

function call(scope: Scope, operand: Make): Expression {
  const { tape, callables } = scope
  if (callables.length === 0) return arithmetic(scope, operand)
  const target = tape.pick(callables)
  const argument = target.exact ? exactExpression : operand
  const values = Array.from({ length: target.parameters }, () => argument(deeper(scope)))
  const texts = values.map(value => value.text)
  const forms: readonly string[] = [
    `${target.name}(${texts.join(', ')})`,
    `(${texts.join(', ')} : ${target.name})`,
    `${target.name}(${texts[0]})${texts
      .slice(1)
      .map(text => `(${text})`)
      .join('')}`,
  ]
  return { text: tape.pick(forms), exact: target.exact }
}

/** Pattern matching on a constant. */
function choice(scope: Scope, operand: Make): Expression {
  const [a, b, c] = [operand(deeper(scope)), operand(deeper(scope)), operand(deeper(scope))]
  const value = scope.tape.choose(4)
  const text = `case { (0, x) => ${a.text}; (1, x) => x; (n, x) => x * n + ${b.text}; }(${value}, ${c.text})`
  return { text, exact: a.exact && b.exact && c.exact }
}

/** Shapes that round: mathematical functions, division, feedback. */
function roundingExpression(scope: Scope): Expression {
  const { tape } = scope
  if (scope.constantOnly) return exactShape(scope, expression)
  if (tape.chance(2)) return rounded(feedback(scope))
  const a = expression(deeper(scope)).text
  const b = () => expression(deeper(scope)).text
  const bounded = (text: string, limit: number) => `max(-${limit}, min(${limit}, ${text}))`
  const forms: readonly (() => string)[] = [
    () => `sin(${a})`,
    () => `cos(${a})`,
    () => `atan(${a})`,
    () => `exp(${bounded(a, 4)})`,
    () => `sqrt(abs(${a}))`,
    () => `log(abs(${a}) + 0.25)`,
    () => `log10(abs(${a}) + 0.25)`,
    () => `tan(${bounded(a, 1)})`,
    () => `asin(${bounded(a, 0.75)})`,
    () => `acos(${bounded(a, 0.75)})`,
    () => `atan2(${a}, abs(${b()}) + 0.25)`,
    () => `(${a} / (abs(${b()}) + 0.25))`,
    () => `pow(abs(${bounded(a, 8)}) + 0.25, ${bounded(b(), 3)})`,
    () => `((abs(${bounded(a, 8)}) + 0.5) ^ ${tape.choose(6)})`,
    () => `(${a} * ${tape.pick(['0.1', '0.3', '1e-3', '3.14159'])})`,
  ]
  return rounded(tape.pick(forms)())
}
