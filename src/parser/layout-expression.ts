/**
 * How each expression is written.
 *
 * Comes in: an expression and the slot it stands in. Goes out: pieces for the printer, in parentheses if the
 * slot asks for them. Apart from the printer's loop so that this reads like the grammar backwards.
 */
import { primitive } from '../core/primitives.ts'
import { assertNever } from '../source.ts'
import type { Expression, ForeignSignature, ModulationTarget } from './ast.ts'
import { layoutDefinition, layoutRecurrence, layoutRule, layoutStatement } from './layout-statement.ts'
import { BLOCK_PRECEDENCE, COMPOSITION } from './operators.ts'
import { argument, argumentList, full, type Piece, quoted, type Slot, separated } from './pieces.ts'

/** Postfix forms and all that they may follow bare. */
const POSTFIX = 10

export function layoutExpression(e: Expression, slot: Slot): readonly Piece[] {
  const bare = precedenceOf(e) >= slot.precedence && !(slot.inArguments && isComma(e))
  return bare ? layout(e, slot.inArguments) : ['(', ...layout(e, false), ')']
}

const isComma = (e: Expression) => e.kind === 'composition' && e.op === 'par'

function precedenceOf(e: Expression): number {
  switch (e.kind) {
    case 'with':
    case 'letrec':
      return BLOCK_PRECEDENCE
    case 'composition':
      return COMPOSITION[e.op].precedence
    case 'infix':
      return primitive(e.op).precedence!
    case 'negate':
      return isSignable(e.operand) ? POSTFIX : primitive('sub').precedence!
    default:
      return POSTFIX
  }
}

/** What a minus sign can stand before: a name, or an access that starts with one. */
function isSignable(e: Expression): boolean {
  let base = e
  while (base.kind === 'access') base = base.environment
  return base.kind === 'identifier'
}

function layout(e: Expression, inArguments: boolean): Piece[] {
  const operand = (x: Expression, precedence: number): Piece => ({
    expression: x,
    slot: { precedence, inArguments },
  })
  switch (e.kind) {
    case 'negate':
      if (isSignable(e.operand)) return ['-', operand(e.operand, POSTFIX)]
      return ['0 - ', operand(e.operand, primitive('sub').precedence! + 1)]
    case 'infix': {
      const { symbol, precedence } = primitive(e.op)
      return [operand(e.left, precedence!), ` ${symbol} `, operand(e.right, precedence! + 1)]
    }
    case 'composition': {
      const { symbol, precedence, right } = COMPOSITION[e.op]
      const gap = e.op === 'par' ? ', ' : ` ${symbol} `
      return [
        operand(e.left, precedence + (right ? 1 : 0)),
        gap,
        operand(e.right, precedence + (right ? 0 : 1)),
      ]
    }
    case 'delay1':
      return [postfixed(e.operand), "'"]
    case 'access':
      return [...accessed(e.environment), `.${e.name}`]
    case 'apply':
      return [postfixed(e.function), ...argumentList(e.arguments)]
    case 'substitution':
      return [postfixed(e.environment), '[', ...separated(e.definitions.map(layoutDefinition), ' '), ']']
    default:
      return layoutClosed(e)
  }
}

const postfixed = (e: Expression): Piece => ({
  expression: e,
  slot: { precedence: POSTFIX, inArguments: true },
})

/** A sign would apply to the whole access, and the dot would belong to a number before it. */
function accessed(e: Expression): Piece[] {
  const ambiguous = e.kind === 'negate' || e.kind === 'int' || e.kind === 'real'
  return ambiguous ? ['(', full(e), ')'] : [postfixed(e)]
}

type Open = 'negate' | 'infix' | 'composition' | 'delay1' | 'access' | 'apply' | 'substitution'

/** Forms that neither begin nor end with an expression, and blocks. */
function layoutClosed(e: Exclude<Expression, { kind: Open }>): Piece[] {
  switch (e.kind) {
    case 'int':
    case 'real':
      return [number(e.value, e.kind)]
    case 'wire':
      return ['_']
    case 'cut':
      return ['!']
    case 'identifier':
      return [e.name]
    case 'primitive':
      return [e.name === 'pow' ? 'pow' : (primitive(e.name).symbol ?? e.name)]
    case 'lambda':
      return [`\\(${e.parameters.join(', ')}).(`, full(e.body), ')']
    case 'with':
      return [full(e.body), ' with ', { lines: e.definitions.map(layoutDefinition) }]
    case 'letrec': {
      const where = e.where.length === 0 ? [] : [['where'], ...e.where.map(layoutDefinition)]
      return [full(e.body), ' letrec ', { lines: [...e.recurrences.map(layoutRecurrence), ...where] }]
    }
    case 'case':
      return ['case ', { lines: e.rules.map(layoutRule) }]
    case 'environment':
      return ['environment ', { lines: e.statements.map(layoutStatement) }]
    case 'modulation':
      return ['[', ...separated(e.targets.map(target), ', '), ' -> ', full(e.body), ']']
    case 'waveform':
      return [`waveform{${e.values.map(v => number(v.value, v.type)).join(', ')}}`]
    default:
      return layoutWord(e)
  }
}

type Worded = Extract<
  Expression,
  {
    kind:
      | 'component'
      | 'library'
      | 'route'
      | 'ffunction'
      | 'fconstant'
      | 'fvariable'
      | 'button'
      | 'checkbox'
      | 'hslider'
      | 'vslider'
      | 'nentry'
      | 'vbargraph'
      | 'hbargraph'
      | 'vgroup'
      | 'hgroup'
      | 'tgroup'
      | 'soundfile'
      | 'node'
      | 'iteration'
      | 'inputs'
      | 'outputs'
  }
>

/** `word(…)` */
function layoutWord(e: Worded): Piece[] {
  const word = e.kind === 'iteration' ? e.operator : e.kind
  return [`${word}(`, ...separated(contents(e), ', '), ')']
}

function contents(e: Worded): Piece[][] {
  switch (e.kind) {
    case 'component':
    case 'library':
      return [[quoted(e.file)]]
    case 'route':
      return [[argument(e.inputs)], [argument(e.outputs)], ...(e.connections ? [[full(e.connections)]] : [])]
    case 'ffunction':
      return [[signature(e.signature)], [fileName(e.include)], [quoted(e.library)]]
    case 'fconstant':
    case 'fvariable':
      return [[`${e.type} ${e.name}`], [fileName(e.include)]]
    case 'button':
    case 'checkbox':
      return [[quoted(e.label)]]
    case 'hslider':
    case 'vslider':
    case 'nentry':
      return [[quoted(e.label)], ...[e.init, e.min, e.max, e.step].map(x => [argument(x)])]
    case 'vbargraph':
    case 'hbargraph':
      return [[quoted(e.label)], [argument(e.min)], [argument(e.max)]]
    case 'vgroup':
    case 'hgroup':
    case 'tgroup':
      return [[quoted(e.label)], [full(e.body)]]
    case 'soundfile':
      return [[quoted(e.label)], [argument(e.channels)]]
    case 'node':
      return [[quoted(e.name)], ...e.arguments.map(x => [argument(x)])]
    case 'iteration':
      return [[e.name], [argument(e.count)], [full(e.body)]]
    case 'inputs':
    case 'outputs':
      return [[full(e.operand)]]
    default:
      return assertNever(e)
  }
}

function signature({ result, names, arguments: types }: ForeignSignature): string {
  return `${result} ${names.join('|')}(${types.join(', ')})`
}

const fileName = (name: string) => (/^\w[\w./+-]*$/.test(name) ? `<${name}>` : quoted(name))

function target({ label, circuit }: ModulationTarget): Piece[] {
  return circuit ? [quoted(label), ': ', argument(circuit)] : [quoted(label)]
}

/** A literal that reads back to the same bits. */
function number(value: number, type: 'int' | 'real'): string {
  if (type === 'int') return String(value)
  if (!Number.isFinite(value)) return value < 0 ? '-1e999' : '1e999'
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}
