/**
 * Evaluation of what is not deep: expressions whose parts the stack has room for.
 *
 * Comes in: an expression and its environment. Goes out: its value, or undefined where some part needs a task, or where
 * only tasks know the kind; what was found out is remembered, so that the task begins where this ends. Apart from
 * evaluate.ts, which does the same with tasks, because it is only a faster way: all decisions are made by
 * functions that both call.
 */
import type { Expression } from '../parser/ast.ts'
import { applySite } from './apply.ts'
import type { Box } from './box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import type { Frame } from './trail.ts'

export function evaluateDirectly(
  evaluator: Evaluator,
  e: Expression,
  env: Environment,
  frame: Frame | undefined,
): Box | undefined {
  const { scopes } = evaluator
  switch (e.kind) {
    case 'identifier':
      return scopes.identifierDirectly(e.name, e.span, env, frame)
    case 'negate':
    case 'delay1': {
      const operand = evaluator.ready(e.operand, env, frame)
      return operand && evaluator.operate(e, operand, frame)
    }
    case 'infix':
    case 'composition': {
      const left = evaluator.ready(e.left, env, frame)
      const right = left && evaluator.ready(e.right, env, frame)
      return right && evaluator.join(e, left, right, frame)
    }
    case 'with':
      return evaluator.ready(e.body, scopes.definitionLayer(env, e.definitions), frame)
    case 'access': {
      const opened = evaluator.ready(e.environment, env, frame)
      if (!opened) return undefined
      const inside = scopes.environmentOf(opened, e.environment.span, e.name)
      const known = scopes.known(e.name, e.nameSpan, inside, frame)
      return known ?? scopes.identifierDirectly(e.name, e.nameSpan, inside, frame)
    }
    case 'apply':
      return applyDirectly(evaluator, e, env, frame)
    default:
      return undefined
  }
}

function applyDirectly(
  evaluator: Evaluator,
  e: Extract<Expression, { kind: 'apply' }>,
  env: Environment,
  frame: Frame | undefined,
): Box | undefined {
  const fn = evaluator.ready(e.function, env, frame)
  if (!fn) return undefined
  const args: Box[] = []
  for (const argument of e.arguments) {
    const value = evaluator.ready(argument, env, frame)
    if (!value) return undefined
    args.push(value)
  }
  return evaluator.applier.applyDirectly(fn, args, applySite(e), frame)
}
