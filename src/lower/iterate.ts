/**
 * Iterations: `par seq sum prod (i, n, e)`.
 *
 * Comes in: the iteration and its environment. Goes out: one composition of the n values of e. `par` nests to
 * the right, like a list; `seq`, `sum` and `prod` to the left.
 */
import type { Expression } from '../parser/ast.ts'
import type { Box } from './box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import { mentionsIndex } from './mentions.ts'
import type { Frame } from './trail.ts'
import type { Task } from './trampoline.ts'

type Iteration = Extract<Expression, { kind: 'iteration' }>

const MOST_ITERATIONS = 100_000

export function* evaluateIteration(
  evaluator: Evaluator,
  e: Iteration,
  environment: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const count = Math.trunc(
    yield* evaluator.constant(e.count, environment, frame, `the count of \`${e.operator}\``),
  )
  if (count < 0) evaluator.log.fail('negativeCount', e.count.span, { what: `the count of \`${e.operator}\`` })
  if (count > MOST_ITERATIONS)
    evaluator.log.fail('tooManyIterations', e.count.span, { count, limit: MOST_ITERATIONS })
  const different = count > 1 && !mentionsIndex(e) ? 1 : count
  const values: Box[] = []
  for (let i = 0; i < Math.max(different, e.operator === 'seq' ? 1 : 0); i++) {
    const inside = evaluator.environments.withValues(environment, [e.name], [evaluator.boxes.int(i)])
    values.push(evaluator.ready(e.body, inside, frame) ?? (yield* evaluator.evaluate(e.body, inside, frame)))
  }
  while (values.length < count) values.push(values[0]!)
  if (count === 0)
    return e.operator === 'seq'
      ? yield* emptySequence(evaluator, e, values[0]!, frame)
      : evaluator.boxes.empty
  return join(evaluator, e, values, frame)
}

function join(evaluator: Evaluator, e: Iteration, values: readonly Box[], frame: Frame | undefined): Box {
  const { boxes } = evaluator
  const site = evaluator.site(e.span, e.body.span, e.body.span, frame)
  if (e.operator === 'par') return evaluator.applier.parallel(values, site)
  let result = values[0]!
  for (const value of values.slice(1)) {
    if (e.operator === 'seq') result = evaluator.compose('seq', result, value, site)
    else {
      const pair = evaluator.compose('par', result, value, site)
      result = evaluator.compose('seq', pair, boxes.primitive(e.operator === 'sum' ? 'add' : 'mul'), site)
    }
  }
  return result
}

/** `seq(i, 0, e)` passes through as many wires as e(0) has inputs. */
function* emptySequence(evaluator: Evaluator, e: Iteration, first: Box, frame: Frame | undefined): Task<Box> {
  const { arity } = yield* evaluator.closer.close(first, e.body.span, frame)
  if (arity!.inputs !== arity!.outputs) evaluator.log.fail('emptySequence', e.span, arity!)
  const wires = Array.from({ length: arity!.inputs }, () => evaluator.boxes.wire)
  return evaluator.applier.parallel(wires, evaluator.site(e.span, e.span, e.span, frame))
}
