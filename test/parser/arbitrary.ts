/** Random programs as trees, of every kind that the parser can produce. */

import { PRIMITIVE_NAMES, primitive } from '../../src/core/primitives.ts'
import { WORDS } from '../../src/lexer/tokens.ts'
import type { Definition, Expression, Program, Recurrence, Rule, Statement } from '../../src/parser/ast.ts'
import { SourceFile, span } from '../../src/source.ts'
import fc from '../support/property.ts'

const at = { span: span(new SourceFile('generated', ''), 0, 0) }
const nowhere = { nameSpan: at.span }

const name = fc
  .stringMatching(/^(::)?_{0,2}[A-Za-z][A-Za-z0-9_]{0,3}(::_?[A-Za-z]{1,2})?$/)
  .filter(n => !WORDS.has(n))
const text = fc.string({ maxLength: 6 }).map(s => s.replace(/["\r\n]/g, '-'))
const file = fc.oneof(text, fc.constantFrom('math.h', 'sys/types.h', 'c++-1.h'))
const variants = fc.subarray(['singleprecision', 'doubleprecision'] as const)
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const real = fc.double({ noNaN: true })
const numberType = fc.constantFrom('int' as const, 'float' as const, 'any' as const)
const names = fc.array(name, { minLength: 1, maxLength: 3 })
const infixNames = PRIMITIVE_NAMES.filter(n => primitive(n).precedence !== undefined)

interface Trees {
  expression: Expression
  definition: Definition
  statement: Statement
  signable: Expression
}

/** Fixes the tag, so that unions of nodes type-check. */
function node<K extends Expression['kind'], F extends object>(
  kind: K,
  fields: { [P in keyof F]: fc.Arbitrary<F[P]> },
) {
  return fc.record(fields).map(f => ({ kind, ...at, ...f })) as unknown as fc.Arbitrary<Expression>
}

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  node('int', { value: int }),
  node('real', { value: real }),
  node('wire', {}),
  node('cut', {}),
  node('identifier', { name }),
  node('primitive', { name: fc.constantFrom(...PRIMITIVE_NAMES) }),
  node('component', { file: text }),
  node('library', { file: text }),
  node('button', { label: text }),
  node('checkbox', { label: text }),
  node('fconstant', { type: numberType, name, include: file }),
  node('fvariable', { type: numberType, name, include: file }),
  node('ffunction', {
    signature: fc.record({ result: numberType, names, arguments: fc.array(numberType, { maxLength: 2 }) }),
    include: file,
    library: text,
  }),
  node('waveform', {
    values: fc.array(
      fc.oneof(
        fc.record({ value: int, type: fc.constant('int' as const) }),
        fc.record({ value: real, type: fc.constant('real' as const) }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
)

/** Without those that contradict an earlier one of the same name, which the parser refuses. */
function consistent<T extends Statement | Definition | Recurrence>(list: readonly T[]): T[] {
  const first = new Map<string, number | undefined>()
  return list.filter(item => {
    if (!('body' in item)) return true
    const count = 'parameters' in item ? item.parameters?.length : undefined
    if (first.has(item.name)) return count !== undefined && first.get(item.name) === count
    first.set(item.name, count)
    return true
  })
}

const trees = fc.letrec((tie: fc.LetrecTypedTie<Trees>) => {
  const e = tie('expression')
  const some = fc.array(e, { minLength: 1, maxLength: 2 })
  const definitions = fc.array(tie('definition'), { maxLength: 2 }).map(consistent)
  const rules = fc.array(
    fc.record({ patterns: some, body: e }).map((r): Rule => ({ ...at, ...r })),
    { maxLength: 2 },
  )
  const recurrences = fc
    .array(
      fc.record({ name, body: e }).map((r): Recurrence => ({ ...at, ...r })),
      { maxLength: 2 },
    )
    .map(consistent)
  const target = fc
    .record({ label: text, circuit: e }, { requiredKeys: ['label'] })
    .map(t => ({ ...at, ...t }))
  const compound = fc.oneof(
    node('infix', { op: fc.constantFrom(...infixNames), left: e, right: e }),
    node('composition', {
      op: fc.constantFrom('seq' as const, 'par' as const, 'split' as const, 'merge' as const, 'rec' as const),
      left: e,
      right: e,
    }),
    node('negate', { operand: tie('signable') }),
    node('delay1', { operand: e }),
    node('access', { environment: e, name }),
    node('apply', { function: e, arguments: some }),
    node('substitution', { environment: e, definitions }),
    node('with', { body: e, definitions }),
    node('letrec', { body: e, recurrences, where: definitions }),
    node('lambda', { parameters: names, body: e }),
    node('case', { rules }),
    node('environment', { statements: fc.array(tie('statement'), { maxLength: 2 }).map(consistent) }),
    node('route', { inputs: e, outputs: e }),
    node('route', { inputs: e, outputs: e, connections: e }),
    node('hslider', { label: text, init: e, min: e, max: e, step: e }),
    node('vbargraph', { label: text, min: e, max: e }),
    node('tgroup', { label: text, body: e }),
    node('soundfile', { label: text, channels: e }),
    node('iteration', {
      operator: fc.constantFrom('par' as const, 'seq' as const, 'sum' as const, 'prod' as const),
      name,
      count: e,
      body: e,
    }),
    node('inputs', { operand: e }),
    node('modulation', { targets: fc.array(target, { minLength: 1, maxLength: 2 }), body: e }),
  )
  return {
    expression: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, leaf, compound),
    signable: fc.oneof(
      { maxDepth: 3 },
      node('identifier', { name }),
      node('access', { environment: tie('signable'), name }),
    ),
    definition: fc
      .tuple(variants, name, fc.option(some, { nil: undefined }), e)
      .map(([variants, name, parameters, body]): Definition => {
        const list = parameters ? { parameters } : {}
        return { kind: 'definition', ...at, variants, name, ...nowhere, ...list, body }
      }),
    statement: fc.oneof(
      { weight: 5, arbitrary: tie('definition') },
      {
        weight: 1,
        arbitrary: fc
          .record({ variants, file: text })
          .map((s): Statement => ({ kind: 'import', ...at, ...s })),
      },
      {
        weight: 1,
        arbitrary: fc
          .record({ variants, key: name, value: text })
          .map((s): Statement => ({ kind: 'declare', ...at, ...s })),
      },
      {
        weight: 1,
        arbitrary: fc
          .record({ variants, target: name, key: name, value: text })
          .map((s): Statement => ({ kind: 'declare', ...at, ...s })),
      },
      { weight: 1, arbitrary: text.map((t): Statement => ({ kind: 'documentation', ...at, text: t })) },
    ),
  }
})

export const expressions: fc.Arbitrary<Expression> = trees.expression
export const programs: fc.Arbitrary<Program> = fc
  .array(trees.statement, { maxLength: 4 })
  .map(statements => ({ ...at, statements: consistent(statements) }))
