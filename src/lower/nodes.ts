/**
 * Nodes of the library in the language: `node("phase", freq, reset)`.
 *
 * Comes in: the expression; later its box and the signals at its inputs. Goes out: the box; later one signal for each
 * output. A module of its own because a node is a block like any other to everything around it: only its name has to
 * be looked up, and inputs that are not given take their defaults.
 */
import type { NodeType } from '../core/node-type.ts'
import type { Expression } from '../parser/ast.ts'
import { didYouMean } from '../suggest.ts'
import type { Box } from './box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import type { Signal, SignalTable } from './signal.ts'
import type { Frame } from './trail.ts'
import type { Task } from './trampoline.ts'

type NodeExpression = Extract<Expression, { kind: 'node' }>

export function* evaluateNode(
  evaluator: Evaluator,
  e: NodeExpression,
  env: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const args: Box[] = []
  for (const argument of e.arguments) args.push(yield* evaluator.evaluate(argument, env, frame))
  const type = findNode(evaluator, e)
  const block = evaluator.boxes.node(type, inputCount(type, args.length))
  if (args.length === 0) return block
  return yield* evaluator.applier.apply(block, args, { span: e.span, function: e.span }, frame)
}

function findNode(evaluator: Evaluator, e: NodeExpression): NodeType {
  const type = evaluator.nodes.get(e.name)
  if (!type)
    return evaluator.log.fail(
      'nodeUnknown',
      e.span,
      { node: e.name },
      [],
      didYouMean(e.name, evaluator.nodes.names()),
    )
  if (type.process.kind === 'callback') return evaluator.log.fail('nodeCallback', e.span, { node: e.name })
  return type
}

/** With arguments, inputs after them that all have defaults are not inputs of the block. */
function inputCount(type: NodeType, given: number): number {
  const rest = type.inputs.slice(given)
  const isComplete = given > 0 && rest.every(input => input.default !== undefined)
  return isComplete ? Math.min(given, type.inputs.length) : type.inputs.length
}

export function nodeSignals(signals: SignalTable, type: NodeType, inputs: readonly Signal[]): Signal[] {
  const defaults = type.inputs.slice(inputs.length).map(input => signals.real(input.default ?? 0))
  const called = signals.call(type, [...inputs, ...defaults])
  return type.outputs.map((_, i) => (i === 0 ? called : signals.callOutput(i, called)))
}
