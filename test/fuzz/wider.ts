/**
 * Random expressions of the rarer kinds: gates, bounds, casts, whole numbers that overflow, environments, modulation,
 * lists by pattern. The same rules as in expressions.ts.
 */
import { exactExpression, type Make, whole } from './expressions.ts'
import { constant, deeper, type Expression, exactly, type Scope } from './scope.ts'
import type { Tape } from './tape.ts'

type Shape = (scope: Scope, operand: Make) => Expression

/** What decides has no gate in it, and no variable, which could have one. */
function condition({ tape }: Scope): string {
  const period = tape.choose(12) + 2
  const forms = [
    () => `((+(1) ~ _) % ${period} > ${tape.choose(period)})`,
    () => `button("g${tape.serial()}")`,
    () => `checkbox("g${tape.serial()}")`,
    () => `((+(1) ~ _) % ${period} == 1)`,
  ]
  return tape.pick(forms)()
}

/**
 * What rests behind a gate is what nothing else uses, and laws such as x + 0 = x change what is one and the same. So
 * behind each gate stands something that stands nowhere else and that no law applies to. A delay right behind
 * `control` holds another value in the official compiler (docs/LANGUAGE.md), so it is not the last.
 */
export function gate(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  const outside = operand(deeper(scope))
  if (scope.constantOnly || scope.isCopied) return outside
  const own = 2 * tape.serial() + 3
  const counter = `((+(${own}) ~ _) % ${own + 8})`
  const forms = [
    counter,
    `(${counter} @ ${tape.choose(12) + 1} + ${counter})`,
    `(${counter} : (+ : &(63)) ~ _)`,
    `(${counter} + (${counter} @ (${counter} & 3)))`,
    `(${counter} * 2 + mem(${counter} : mem))`,
    `rwtable(8, 0, ${counter} & 7, ${counter} + 1, (${counter} + 3) & 7)`,
  ]
  const gated = `${tape.pick(['enable', 'control'])}(${tape.pick(forms)} + ${own}, ${condition(scope)})`
  return { text: `(${outside.text} ${tape.pick(['+', '-'])} ${gated})`, exact: outside.exact }
}

/** Bounds of what has known ones; a promise that holds. */
export function bounds(scope: Scope, operand: Make): Expression {
  const { tape } = scope
  const inner = operand(deeper(scope))
  const slider = `hslider("b${tape.serial()}", 0.5, 0, 4, 0.25)`
  const source =
    scope.constantOnly || scope.isCopied ? constant(tape) : tape.pick([slider, `${slider} * 2 - 3`, '0.5'])
  const forms: readonly Expression[] = [
    { text: `(${inner.text} + ${tape.pick(['lowest', 'highest'])}(${source}))`, exact: inner.exact },
    { text: `assertbounds(-8, 8, max(-8, min(8, ${inner.text})))`, exact: inner.exact },
  ]
  return tape.pick(forms)
}

/** Sums and products of ints wrap at 32 bits. */
const overflow: Shape = scope => {
  const { tape } = scope
  const big = () => tape.pick(['2147483647', '1103515245', '65535', '-2147483648', '715827883'])
  const wrapped = `((${whole(scope)} ${tape.pick(['*', '+', '-'])} ${big()}) ${tape.pick(['*', '+'])} ${big()})`
  return exactly(`(${wrapped} ${tape.pick(['>> 20', '& 255', '% 31', '>> 28'])})`)
}

/** Distances of a shift count modulo 32; a shift to the left may push bits out. */
const shift: Shape = scope => {
  const { tape } = scope
  return exactly(`(((${whole(scope)} << (${whole(scope)} & 15)) >> ${tape.choose(12) + 1}) & 1023)`)
}

const cast: Shape = (scope, operand) => {
  const inner = operand(deeper(scope))
  const forms: readonly Expression[] = [
    { text: `float(${inner.text})`, exact: inner.exact },
    exactly(`int(float(${whole(scope)}))`),
    exactly(`(float(${whole(scope)}) / 2)`),
    { text: `(${inner.text} : float : +(0.5))`, exact: inner.exact },
  ]
  return scope.tape.pick(forms)
}

const threeWay: Shape = (scope, operand) => {
  const branches = [0, 1, 2].map(() => operand(deeper(scope)))
  const text = `select3((${whole(scope)} & 3) : min(2), ${branches.map(b => b.text).join(', ')})`
  return { text, exact: branches.every(b => b.exact) }
}

const variableDelay: Shape = (scope, operand) => {
  const inner = operand(deeper(scope))
  const longest = scope.tape.pick([1, 4, 9, 30, 70])
  const forms = [
    `(${inner.text} @ min(${longest}, abs(${whole(scope)})))`,
    `(${inner.text} @ ((+(1) ~ _) % ${longest + 1}))`,
    `(${inner.text} : @(${longest}) : mem)`,
    `(${inner.text} <: @(${longest}), @(${longest >> 1}) :> *(0.5))`,
  ]
  return { text: scope.tape.pick(forms), exact: inner.exact }
}

const groups: Shape = (scope, operand) => {
  const inner = operand(deeper(scope))
  const kind = scope.tape.pick(['hgroup', 'vgroup', 'tgroup'])
  return { text: `${kind}("${scope.tape.pick(['g', 'h', '[1]k'])}", ${inner.text})`, exact: inner.exact }
}

/** A circuit put in after a slider. */
const modulated: Shape = ({ tape, constantOnly, isCopied }) => {
  const name = `m${tape.serial()}`
  if (constantOnly || isCopied) return exactly(constant(tape))
  const circuit = tape.pick(['*(2)', '+(0.5)', 'max(1)', 'mem', '*(0.5) : +(1)'])
  return exactly(`(["${name}": ${circuit} -> (hslider("${name}", 1, 0, 4, 0.25) * 0.5 + 1)])`)
}

const environments: Shape = (scope, operand) => {
  const a = operand(deeper(scope))
  const { tape } = scope
  const k = constant(tape)
  const inside = `environment { k = ${k}; f(q) = q * k + (${a.text}); }`
  const forms = [
    `${inside}.f(${constant(tape)})`,
    `(${inside})[k = ${tape.choose(9)}; ].f(${constant(tape)})`,
    `(e.f(e.k) with { e = ${inside}; })`,
  ]
  return { text: tape.pick(forms), exact: a.exact }
}

/** A function over a list, by patterns. */
const listed: Shape = scope => {
  const { tape } = scope
  const items = Array.from({ length: tape.choose(4) + 2 }, () => exactExpression(scope).text)
  const forms = [
    'total((x, xs)) = x + total(xs); total(x) = x;',
    'total((x, xs)) = max(x, total(xs)); total(x) = x;',
    'total((x, xs)) = x - total(xs) * 0.5; total(x) = x;',
    'total((x, y)) = x * 0.5 + total(y); total(x) = abs(x);',
  ]
  return exactly(`(total((${items.join(', ')})) with { ${tape.pick(forms)} })`)
}

const numbered: Shape = scope => {
  const { tape } = scope
  const a = exactExpression(scope).text
  const forms = [
    'f(0) = 1; f(n) = 0.5 * f(n - 1);',
    'f(0) = 0; f(1) = 1; f(n) = f(n - 1) + f(n - 2);',
    'f(0) = 2; f(n) = f(n - 1) @ n + n;',
  ]
  return exactly(`((${a}) * f(${tape.choose(7)}) with { ${tape.pick(forms)} })`)
}

const loops: Shape = scope => {
  const { tape } = scope
  const a = whole(scope)
  const forms = [
    `(x letrec { 'x = (y + 1) & 31; 'y = (x xor ${a}) & 15; })`,
    `(x + y letrec { 'x = (x + k) & 31; 'y = x; where k = ${a} & 7; })`,
    `((${a} : (+ & 255) ~ (_ <: _, mem : -)))`,
    `((\\(p, q).((q + 1) & 7, (p + ${a}) & 15) ~ (_, _)) : -)`,
    `(prod(i, ${tape.choose(3) + 1}, ((+(i + 1) ~ _) & 3) + 1))`,
  ]
  return exactly(tape.pick(forms))
}

const wiring = (tape: Tape) => {
  const pairs = Array.from(
    { length: tape.choose(4) + 1 },
    () => `(${tape.choose(3) + 1}, ${tape.choose(2) + 1})`,
  )
  return `route(3, 2, ${pairs.join(', ')})`
}

const routes: Shape = (scope, operand) => {
  const parts = [0, 1, 2].map(() => operand(deeper(scope)))
  const text = `((${parts.map(p => p.text).join(', ')}) : ${wiring(scope.tape)} : -)`
  return { text, exact: parts.every(p => p.exact) }
}

export const WIDER_SHAPES: readonly Shape[] = [
  overflow,
  shift,
  cast,
  threeWay,
  variableDelay,
  groups,
  modulated,
  environments,
  listed,
  numbered,
  loops,
  routes,
]
