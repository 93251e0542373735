/**
 * Leaves: expressions that become a single box, or ask about one.
 *
 * Comes in: such an expression and its environment. Goes out: a box. Apart from evaluate.ts to keep the heart of
 * evaluation short.
 */
import { foreignPrimitive, primitive } from '../core/primitives.ts'
import type { Expression } from '../parser/ast.ts'
import { assertNever } from '../source.ts'
import type { Box } from './box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import { evaluateModulation } from './modulation.ts'
import { evaluateNode } from './nodes.ts'
import type { ScopeKind } from './scopes.ts'
import type { Frame } from './trail.ts'
import type { Task } from './trampoline.ts'
import { evaluateLabel, evaluateWidget } from './widgets.ts'

export type LeafExpression = Exclude<
  Expression,
  {
    kind:
      | ScopeKind
      | 'int'
      | 'real'
      | 'wire'
      | 'cut'
      | 'primitive'
      | 'identifier'
      | 'negate'
      | 'infix'
      | 'delay1'
      | 'composition'
      | 'apply'
      | 'iteration'
  }
>

/** Forms that evaluate to a single box, or ask about one. */
export function* evaluateLeaf(
  evaluator: Evaluator,
  e: LeafExpression,
  env: Environment,
  frame: Frame | undefined,
): Task<Box> {
  switch (e.kind) {
    case 'inputs':
    case 'outputs': {
      const { arity } = yield* evaluator.closed(e.operand, env, frame)
      return evaluator.boxes.int(e.kind === 'inputs' ? arity!.inputs : arity!.outputs)
    }
    case 'waveform': {
      const type = e.values.every(v => v.type === 'int') ? 'int' : 'real'
      return evaluator.boxes.waveform(
        e.values.map(v => v.value),
        type,
      )
    }
    case 'route':
      return yield* evaluateRoute(evaluator, e, env, frame)
    case 'fconstant':
    case 'fvariable':
      return foreign(evaluator, e)
    case 'ffunction':
      return foreignFunction(evaluator, e)
    case 'soundfile':
      return yield* evaluateSoundfile(evaluator, e, env, frame)
    case 'node':
      return yield* evaluateNode(evaluator, e, env, frame)
    case 'modulation':
      return yield* evaluateModulation(evaluator, e, env, frame)
    case 'button':
    case 'checkbox':
    case 'hslider':
    case 'vslider':
    case 'nentry':
    case 'hbargraph':
    case 'vbargraph':
    case 'vgroup':
    case 'hgroup':
    case 'tgroup':
      return yield* evaluateWidget(evaluator, e, env, frame)
    default:
      return assertNever(e)
  }
}

function* evaluateRoute(
  evaluator: Evaluator,
  e: Extract<Expression, { kind: 'route' }>,
  env: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const inputs = Math.trunc(
    yield* evaluator.constant(e.inputs, env, frame, 'the number of inputs of `route`'),
  )
  const outputs = Math.trunc(
    yield* evaluator.constant(e.outputs, env, frame, 'the number of outputs of `route`'),
  )
  if (inputs < 0 || outputs < 0) evaluator.log.fail('negativeCount', e.span, { what: 'a size of `route`' })
  if (!e.connections) return evaluator.boxes.route(inputs, outputs, [])
  const box = yield* evaluator.closed(e.connections, env, frame)
  const values = evaluator.applier.constantsOf(box)
  if (!values || values.length % 2 === 1)
    evaluator.log.fail('routeConnections', e.connections.span, {}, evaluator.trail(frame))
  return evaluator.boxes.route(inputs, outputs, values.map(Math.trunc))
}

function foreign(evaluator: Evaluator, e: Extract<Expression, { kind: 'fconstant' | 'fvariable' }>): Box {
  const known = e.kind === 'fconstant' ? ['fSamplingFreq', 'fSampleRate'] : ['count']
  if (!known.includes(e.name)) evaluator.unsupported(`${e.kind} \`${e.name}\``, e.span)
  return evaluator.boxes.foreign(e.kind, e.kind === 'fconstant' ? 'sampleRate' : 'count')
}

/**
 * The primitive behind a C function. Its names are for single, double, quad and fixed-point; the one for double
 * tells which function is meant.
 */
function foreignFunction(evaluator: Evaluator, e: Extract<Expression, { kind: 'ffunction' }>): Box {
  const { names, result, arguments: types } = e.signature
  const name = names[1] ?? names[0]!
  const op = foreignPrimitive(name) ?? foreignPrimitive(name.replace(/[fl]$/, ''))
  if (!op) return evaluator.unsupported(`foreign function \`${name}\``, e.span)
  const inputs = primitive(op).inputs
  if (types.length !== inputs) {
    evaluator.log.fail('foreignArguments', e.span, { name, given: types.length, inputs })
  }
  return evaluator.boxes.foreignFunction(op, { result, arguments: types })
}

function* evaluateSoundfile(
  evaluator: Evaluator,
  e: Extract<Expression, { kind: 'soundfile' }>,
  env: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const channels = Math.trunc(
    yield* evaluator.constant(e.channels, env, frame, 'the channels of `soundfile`'),
  )
  if (channels < 0)
    evaluator.log.fail('negativeCount', e.channels.span, { what: 'the channels of `soundfile`' })
  return evaluator.boxes.soundfile(yield* evaluateLabel(evaluator, e, env, frame), channels)
}
