/**
 * Pattern matching: picks the first rule of a `case` whose patterns fit the arguments.
 *
 * Comes in: rules, arguments, and the environment of the `case`. Goes out: the body of the rule that fits,
 * evaluated with the pattern's variables bound. Patterns are themselves evaluated, to boxes with variables as
 * leaves, so that a pattern and an argument are compared by shape.
 */
import type { Expression, Rule } from '../parser/ast.ts'
import { printExpression } from '../parser/print.ts'
import type { ApplySite } from './apply.ts'
import { type Box, type BoxTable, type CaseExpression, isNumber } from './box.ts'
import { describeBox } from './describe-box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import type { Frame } from './trail.ts'
import { call, type Task } from './trampoline.ts'

/** To try a rule is less than to evaluate an expression. */
const STEPS_A_RULE = 1 / 8

export function* matchRules(
  evaluator: Evaluator,
  rules: CaseExpression,
  args: readonly Box[],
  environment: Environment,
  site: ApplySite,
  frame: Frame | undefined,
): Task<Box> {
  for (const rule of rules.rules) {
    evaluator.budget.spend(STEPS_A_RULE)
    const patterns = yield* rulePatterns(evaluator, rule, environment, frame)
    const bindings = matchAll(patterns, args)
    if (!bindings) continue
    const inside = evaluator.environments.withValues(
      environment,
      [...bindings.keys()],
      [...bindings.values()],
    )
    return yield* evaluator.evaluate(rule.body, inside, frame)
  }
  const shown = args.map(a => describeBox(a)).join(', ')
  const notes = rules.rules.slice(0, 8).map(rule => ({
    span: rule.span,
    message: `does not fit (${rule.patterns.map(p => printExpression(p)).join(', ')})`,
  }))
  return evaluator.log.fail('noRuleMatches', site.span, { arguments: shown }, [
    ...notes,
    ...evaluator.trail(frame?.parent),
  ])
}

/** Of rules whose patterns are the same wherever the `case` stands, by the table that their boxes are in. */
const knownPatterns = new WeakMap<BoxTable, Map<Rule, readonly Box[]>>()

/** A table written as a `case` is asked as often as it is long, so plain patterns are evaluated once. */
function* rulePatterns(
  evaluator: Evaluator,
  rule: Rule,
  environment: Environment,
  frame: Frame | undefined,
): Task<readonly Box[]> {
  let known = knownPatterns.get(evaluator.boxes)
  if (!known) knownPatterns.set(evaluator.boxes, (known = new Map()))
  const patterns = known.get(rule)
  if (patterns) return patterns
  const boxes = yield* evaluatePatterns(evaluator, rule, environment, frame)
  if (rule.patterns.every(isPlain)) known.set(rule, boxes)
  return boxes
}

/** Whether a pattern is a number or a variable, or a list of them. */
function isPlain(pattern: Expression): boolean {
  let rest = pattern
  for (; rest.kind === 'composition'; rest = rest.right) if (!isAtom(rest.left)) return false
  return isAtom(rest)
}

const isAtom = ({ kind }: Expression) => kind === 'int' || kind === 'real' || kind === 'identifier'

/** The patterns of a rule as boxes; every name in them is a variable, unless it is called or opened. */
function* evaluatePatterns(
  evaluator: Evaluator,
  rule: Rule,
  environment: Environment,
  frame: Frame | undefined,
): Task<Box[]> {
  const names = [...new Set(rule.patterns.flatMap(variablesOf))]
  const variables = names.map(name => evaluator.boxes.patternVariable(name))
  const inside = evaluator.environments.withValues(environment, names, variables)
  const boxes: Box[] = []
  for (const pattern of rule.patterns) {
    const box = yield* evaluator.evaluate(pattern, inside, frame)
    boxes.push(names.length === 0 || !hasVariable(box) ? yield* call(evaluator.applier.simplify(box)) : box)
  }
  return boxes
}

function variablesOf(pattern: Expression): string[] {
  const names: string[] = []
  const pending: Expression[] = [pattern]
  for (let e = pending.pop(); e; e = pending.pop()) {
    switch (e.kind) {
      case 'identifier':
        names.push(e.name)
        break
      case 'composition':
      case 'infix':
        pending.push(e.right, e.left)
        break
      case 'negate':
      case 'delay1':
        pending.push(e.operand)
        break
      case 'vgroup':
      case 'hgroup':
      case 'tgroup':
        pending.push(e.body)
        break
      case 'apply':
        pending.push(...[...e.arguments].reverse())
        break
      default:
    }
  }
  return names
}

function hasVariable(box: Box): boolean {
  const pending: Box[] = [box]
  for (let b = pending.pop(); b; b = pending.pop()) {
    if (b.kind === 'patternVariable') return true
    if (b.kind === 'composition') pending.push(b.left, b.right)
    if (b.kind === 'group') pending.push(b.body)
  }
  return false
}

/** Bindings under which every pattern equals its argument, or undefined. A variable met twice must agree. */
function matchAll(patterns: readonly Box[], args: readonly Box[]): Map<string, Box> | undefined {
  if (patterns.some((p, i) => isNumber(p) && p !== args[i])) return undefined
  const bindings = new Map<string, Box>()
  const pending: [Box, Box][] = patterns.map((p, i): [Box, Box] => [p, args[i]!]).reverse()
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [pattern, value] = pair
    if (pattern.kind === 'patternVariable') {
      const bound = bindings.get(pattern.name)
      if (bound && bound !== value) return undefined
      bindings.set(pattern.name, value)
    } else if (pattern.kind === 'composition' && value.kind === 'composition' && pattern.op === value.op) {
      pending.push([pattern.right, value.right], [pattern.left, value.left])
    } else if (pattern.kind === 'group' && value.kind === 'group') {
      if (pattern.group !== value.group || pattern.label !== value.label) return undefined
      pending.push([pattern.body, value.body])
    } else if (pattern !== value) return undefined
  }
  return bindings
}
