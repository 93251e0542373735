/**
 * Folding: a primitive of literals is a literal.
 *
 * Comes in: a primitive and its operands. Goes out: a number with its type, or nothing. Apart from the table of
 * signals because literals have rules of their own: 6/2 is the int 3.
 */
import {
  applyTypeRule,
  foldPrimitive,
  type MathFunctions,
  type NumberType,
  type PureName,
  purePrimitive,
} from '../core/primitives.ts'

export interface Literal {
  readonly type: NumberType
  readonly value: number
}

/** A signal or a box; one of kind `int` or `real` has a value. */
export interface Operand {
  readonly kind: string
  readonly value?: unknown
}

const isLiteral = ({ kind }: Operand) => kind === 'int' || kind === 'real'

/** The literal that a primitive of literals is; undefined where there is none, or the values are an error. */
export function foldLiterals(
  op: PureName,
  args: readonly Operand[],
  math: MathFunctions,
): Literal | undefined {
  // Of most operators the operands are no literals, and this is asked for each.
  for (let i = args.length - 1; i >= 0; i--) if (!isLiteral(args[i]!)) return undefined
  const values: number[] = []
  const types: NumberType[] = []
  for (const { kind, value } of args) {
    values.push(value as number)
    types.push(kind as NumberType)
  }
  // A negative whole exponent gives a fraction, so the power is real even of an int.
  if (op === 'pow' && types[1] === 'int' && values[1]! < 0) types[1] = 'real'
  const entry = purePrimitive(op)
  if (entry.domain?.(values)) return undefined
  const whole = foldWhole(op, values, types)
  if (whole !== undefined) return { type: 'int', value: whole | 0 }
  const rule = applyTypeRule(entry.type, types)
  if (op === 'select2') return { type: rule.result, value: values[truncated(values[0]!) === 0 ? 1 : 2]! }
  const converted = rule.operands.map((type, i) => (type === 'int' ? truncated(values[i]!) : values[i]!))
  const forced = op === 'pow' ? 'real' : rule.result
  const operandType = op === 'pow' ? 'real' : (rule.operands[0] ?? 'real')
  return { type: forced, value: foldPrimitive(op, converted, operandType, math) }
}

const truncated = (x: number) => foldPrimitive('int', [x], 'real', {} as MathFunctions)

/**
 * Int results that only literals give: an exact quotient (6/2 is 3, an int), and an int power of an int to an
 * exponent ≥ 0.
 */
function foldWhole(
  op: PureName,
  values: readonly number[],
  types: readonly NumberType[],
): number | undefined {
  if (types.includes('real')) return undefined
  const [a, b] = values as [number, number]
  if (op === 'div') return a % b === 0 ? a / b : undefined
  if (op === 'pow' && b >= 0) {
    let result = 1
    for (let i = 0; i < Math.min(b, 64); i++) result = Math.imul(result, a)
    return Math.abs(a) <= 1 ? a ** (b % 2 === 0 ? 2 : 1) || (b === 0 ? 1 : 0) : result
  }
  return undefined
}
