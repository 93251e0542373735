/**
 * Evaluation: names, functions, patterns and iterations go; boxes remain.
 *
 * Comes in: expressions and the environment they stand in. Goes out: boxes, memoised by (expression,
 * environment). A stage of its own because after it a program is a plain block diagram, whatever abstractions
 * it was written with. Recursion runs on a trampoline, so depth is limited by a number and not by a stack.
 */

import type { PrimitiveName } from '../core/primitives.ts'
import type { DiagnosticLog, Label } from '../diagnostics.ts'
import type { CompositionOperator, Definition, Expression } from '../parser/ast.ts'
import { assertNever, type Span } from '../source.ts'
import { didYouMean } from '../suggest.ts'
import { Applier } from './apply.ts'
import type { Box, BoxTable, Site } from './box.ts'
import { foldComposition } from './constants.ts'
import {
  type Binding,
  bindDefinitions,
  type Environment,
  type EnvironmentTable,
  lookUp,
  visibleNames,
} from './environment.ts'
import { evaluateIteration } from './iterate.ts'
import { letrecExpression } from './letrec.ts'
import type { Modules } from './modules.ts'
import type { Propagation } from './propagate.ts'
import { sameSyntax } from './same-syntax.ts'
import type { SignalTable } from './signal.ts'
import { call, run, type Task } from './trampoline.ts'
import { evaluateWidget } from './widgets.ts'

/** Nested evaluations before we call it endless: far above any real program, far below memory limits. */
const DEPTH_LIMIT = 100_000

/** How evaluation got somewhere: the definitions on the way, innermost first. */
export interface Frame {
  readonly name: string
  readonly span: Span
  readonly parent: Frame | undefined
}

export interface Evaluation {
  readonly boxes: BoxTable
  readonly environments: EnvironmentTable
  readonly modules: Modules
  readonly signals: SignalTable
  readonly log: DiagnosticLog
}

export class Evaluator {
  readonly boxes: BoxTable
  readonly environments: EnvironmentTable
  readonly signals: SignalTable
  readonly log: DiagnosticLog
  readonly applier: Applier
  readonly propagation: Propagation
  private readonly modules: Modules
  /** Where evaluation is, for the report of endless recursion. */
  private latest: Frame | undefined

  constructor(evaluation: Evaluation) {
    this.boxes = evaluation.boxes
    this.environments = evaluation.environments
    this.modules = evaluation.modules
    this.signals = evaluation.signals
    this.log = evaluation.log
    this.propagation = { boxes: this.boxes, signals: this.signals, log: this.log, memo: new Map() }
    this.applier = new Applier(this)
  }

  /** Evaluates to the end, and closes: the result has an arity. */
  evaluateClosed(expression: Expression, environment: Environment): Box {
    return this.run(this.closed(expression, environment, undefined))
  }

  run<T>(task: Task<T>): T {
    return run(task, DEPTH_LIMIT, () => this.reportDepth())
  }

  private *closed(expression: Expression, environment: Environment, frame: Frame | undefined): Task<Box> {
    const box = yield* this.evaluate(expression, environment, frame)
    return yield* this.applier.close(box, expression.span, frame)
  }

  /** The value of an expression in an environment. */
  *evaluate(expression: Expression, environment: Environment, frame: Frame | undefined): Task<Box> {
    const known = environment.memo.get(expression)
    if (known === 'pending') this.reportCycle(expression, frame)
    if (known) return known
    environment.memo.set(expression, 'pending')
    const box = yield* call(this.compute(expression, environment, frame))
    environment.memo.set(expression, box)
    if (!this.boxes.spans.has(box)) this.boxes.spans.set(box, expression.span)
    return box
  }

  private *compute(e: Expression, env: Environment, frame: Frame | undefined): Task<Box> {
    const boxes = this.boxes
    switch (e.kind) {
      case 'int':
        return boxes.int(e.value)
      case 'real':
        return boxes.real(e.value)
      case 'wire':
        return boxes.wire
      case 'cut':
        return boxes.cut
      case 'primitive':
        return boxes.primitive(e.name)
      case 'identifier':
        return yield* this.identifier(e.name, e.span, env, frame)
      case 'negate':
        return yield* this.operate('sub', boxes.int(0), e.operand, e, env, frame)
      case 'infix':
        return yield* this.operate(e.op, yield* this.evaluate(e.left, env, frame), e.right, e, env, frame)
      case 'delay1': {
        const operand = yield* this.evaluate(e.operand, env, frame)
        return this.compose(
          'seq',
          operand,
          boxes.primitive('mem'),
          this.site(e.span, e.operand.span, e.span, frame),
        )
      }
      case 'composition': {
        const left = yield* this.evaluate(e.left, env, frame)
        const right = yield* this.evaluate(e.right, env, frame)
        return this.compose(e.op, left, right, this.site(e.span, e.left.span, e.right.span, frame))
      }
      case 'access':
      case 'substitution':
      case 'with':
      case 'letrec':
      case 'lambda':
      case 'case':
      case 'environment':
      case 'component':
      case 'library':
        return yield* this.scope(e, env, frame)
      case 'apply': {
        const fn = yield* this.evaluate(e.function, env, frame)
        const args: Box[] = []
        for (const argument of e.arguments) args.push(yield* this.evaluate(argument, env, frame))
        return yield* this.applier.apply(fn, args, { span: e.span, function: e.function.span }, frame)
      }
      case 'iteration':
        return yield* evaluateIteration(this, e, env, frame)
      default:
        return yield* this.leaf(e, env, frame)
    }
  }

  /** Forms that evaluate to a single box, or ask about one. */
  private *leaf(e: LeafExpression, env: Environment, frame: Frame | undefined): Task<Box> {
    switch (e.kind) {
      case 'inputs':
      case 'outputs': {
        const { arity } = yield* this.closed(e.operand, env, frame)
        return this.boxes.int(e.kind === 'inputs' ? arity!.inputs : arity!.outputs)
      }
      case 'waveform': {
        const type = e.values.every(v => v.type === 'int') ? 'int' : 'real'
        return this.boxes.waveform(
          e.values.map(v => v.value),
          type,
        )
      }
      case 'route':
        return yield* this.route(e, env, frame)
      case 'fconstant':
      case 'fvariable':
        return this.foreign(e)
      case 'ffunction':
        return this.unsupported(`foreign function \`${e.signature.names[0]}\``, e.span)
      case 'soundfile':
        return this.unsupported('soundfile', e.span)
      case 'modulation':
        return this.unsupported('widget modulation `[ … -> … ]`', e.span)
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
        return yield* evaluateWidget(this, e, env, frame)
      default:
        return assertNever(e)
    }
  }

  unsupported(feature: string, span: Span): never {
    return this.log.fail('notSupportedYet', span, { feature })
  }

  /** Forms that make or open an environment. */
  private *scope(e: ScopeExpression, env: Environment, frame: Frame | undefined): Task<Box> {
    switch (e.kind) {
      case 'lambda':
        return this.boxes.closure(e, 0, env)
      case 'case':
        this.checkRules(e)
        return this.boxes.matcher(e, [], env)
      case 'with':
        return yield* this.evaluate(e.body, this.definitionLayer(env, e.definitions), frame)
      case 'letrec':
        return yield* this.evaluate(letrecExpression(e), env, frame)
      case 'environment':
        return this.boxes.environment(
          'environment',
          this.contentsLayer(env, e, () => this.modules.contents(e.statements).lists),
        )
      case 'library':
        return this.boxes.environment('environment', this.fileEnvironment(e.file, e.span))
      case 'component':
        return this.boxes.environment('component', this.fileEnvironment(e.file, e.span))
      case 'access': {
        const opened = yield* this.evaluate(e.environment, env, frame)
        const inside = this.environmentOf(opened, e.environment.span, e.name)
        return yield* this.identifier(e.name, e.nameSpan, inside, frame)
      }
      case 'substitution':
        return yield* this.substitute(e, env, frame)
    }
  }

  private checkRules(e: Extract<Expression, { kind: 'case' }>): void {
    const first = e.rules[0]
    if (!first) this.log.fail('noRules', e.span, {})
    for (const rule of e.rules) {
      if (rule.patterns.length === first.patterns.length) continue
      const args = { first: first.patterns.length, other: rule.patterns.length }
      this.log.fail('rulePatternCounts', rule.span, args, [{ span: first.span, message: 'the first rule' }])
    }
  }

  /** The environment of a file: its definitions and imports, with nothing outside. */
  fileEnvironment(file: string, at: Span): Environment {
    const program = this.modules.program(file, at)
    return this.contentsLayer(undefined, program, () => this.modules.contents(program.statements, file).lists)
  }

  private definitionLayer(parent: Environment, definitions: readonly Definition[]): Environment {
    return this.environments.withDefinitions(parent, definitions, () =>
      bindDefinitions(this.modules.active(definitions), this.log),
    )
  }

  private contentsLayer(
    parent: Environment | undefined,
    owner: object,
    lists: () => readonly (readonly Definition[])[],
  ): Environment {
    return this.environments.withDefinitions(parent, owner, () => this.mergeLists(lists()))
  }

  /** Definitions of several files in one layer: a name may come twice only if it is the same text. */
  private mergeLists(lists: readonly (readonly Definition[])[]): Map<string, Binding> {
    const all = new Map<string, Binding>()
    for (const list of lists) {
      for (const [name, binding] of bindDefinitions(list, this.log)) {
        const known = all.get(name)
        if (known?.kind === 'definition' && binding.kind === 'definition') {
          if (sameSyntax(known.expression, binding.expression)) continue
          const labels = [{ span: known.span, message: 'the other definition' }]
          this.log.fail('redefinition', binding.span, { name }, labels)
        }
        all.set(name, binding)
      }
    }
    return all
  }

  private *identifier(name: string, span: Span, env: Environment, frame: Frame | undefined): Task<Box> {
    const found = lookUp(name, env)
    if (!found) {
      const help = didYouMean(name, visibleNames(env))
      return this.log.fail('unknownName', span, { name }, this.trail(frame), help)
    }
    const { binding, layer } = found
    if (binding.kind === 'value') return binding.box
    const home = binding.environment ?? layer
    const inner: Frame = { name, span, parent: frame }
    this.latest = inner
    const box = yield* this.evaluate(binding.expression, home, inner)
    if (!this.boxes.names.has(box)) this.boxes.names.set(box, name)
    return box
  }

  private *operate(
    op: PrimitiveName,
    left: Box,
    right: Expression,
    e: Extract<Expression, { kind: 'negate' | 'infix' }>,
    env: Environment,
    frame: Frame | undefined,
  ): Task<Box> {
    const rightBox = yield* this.evaluate(right, env, frame)
    const leftSpan = e.kind === 'infix' ? e.left.span : e.span
    const pair = this.compose('par', left, rightBox, this.site(e.span, leftSpan, right.span, frame))
    return this.compose('seq', pair, this.boxes.primitive(op), this.site(e.span, e.span, e.span, frame))
  }

  /** Composes two boxes; a tuple of literals into a primitive becomes a literal. */
  compose(op: CompositionOperator, left: Box, right: Box, site: Site): Box {
    const folded = op === 'seq' ? foldComposition(left, right, this.boxes, this.signals) : undefined
    return folded ?? this.boxes.composition(op, left, right, site)
  }

  site(span: Span, left: Span, right: Span, frame: Frame | undefined): Site {
    return { span, left, right, trail: () => this.trail(frame) }
  }

  private environmentOf(box: Box, span: Span, name: string): Environment {
    if (box.kind === 'closure' || box.kind === 'matcher') return box.environment
    if (box.kind === 'environment' || box.kind === 'component') return box.environment
    return this.log.fail('notAnEnvironment', span, { name })
  }

  private *substitute(
    e: Extract<Expression, { kind: 'substitution' }>,
    env: Environment,
    frame: Frame | undefined,
  ): Task<Box> {
    const box = yield* this.evaluate(e.environment, env, frame)
    const inside = this.environmentOf(box, e.environment.span, '…')
    const bindings = new Map(inside.bindings)
    for (const [name, binding] of bindDefinitions(this.modules.active(e.definitions), this.log)) {
      bindings.set(name, binding.kind === 'definition' ? { ...binding, environment: env } : binding)
    }
    const copy = this.environments.layer(inside.parent, bindings)
    switch (box.kind) {
      case 'closure':
        return this.boxes.closure(box.lambda, box.bound, copy)
      case 'matcher':
        return this.boxes.matcher(box.rules, box.args, copy)
      case 'component':
        return this.boxes.environment('component', copy)
      default:
        return this.boxes.environment('environment', copy)
    }
  }

  /** A number that must be known when compiling, such as a size or a slider's range. */
  *constant(e: Expression, env: Environment, frame: Frame | undefined, what: string): Task<number> {
    const box = yield* this.closed(e, env, frame)
    const values = this.applier.constantsOf(box)
    if (values?.length === 1) return values[0]!
    return this.log.fail('notConstant', e.span, { what }, this.trail(frame))
  }

  private *route(
    e: Extract<Expression, { kind: 'route' }>,
    env: Environment,
    frame: Frame | undefined,
  ): Task<Box> {
    const inputs = Math.trunc(yield* this.constant(e.inputs, env, frame, 'the number of inputs of `route`'))
    const outputs = Math.trunc(
      yield* this.constant(e.outputs, env, frame, 'the number of outputs of `route`'),
    )
    if (inputs < 0 || outputs < 0) this.log.fail('negativeCount', e.span, { what: 'a size of `route`' })
    if (!e.connections) return this.boxes.route(inputs, outputs, [])
    const box = yield* this.closed(e.connections, env, frame)
    const values = this.applier.constantsOf(box)
    if (!values || values.length % 2 === 1)
      this.log.fail('routeConnections', e.connections.span, {}, this.trail(frame))
    return this.boxes.route(inputs, outputs, values.map(Math.trunc))
  }

  private foreign(e: Extract<Expression, { kind: 'fconstant' | 'fvariable' }>): Box {
    const known = e.kind === 'fconstant' ? ['fSamplingFreq', 'fSampleRate'] : ['count']
    if (!known.includes(e.name)) this.unsupported(`${e.kind} \`${e.name}\``, e.span)
    return this.boxes.foreign(e.kind, e.kind === 'fconstant' ? 'sampleRate' : 'count')
  }

  /** The chain of definitions that led here, for the notes of a diagnostic. */
  trail(frame: Frame | undefined): Label[] {
    const labels: Label[] = []
    // The outermost is the entry itself, which nothing uses.
    const seen = new Set<string>()
    for (let f = frame; f?.parent && labels.length < 8; f = f.parent) {
      const place = `${f.span.file.name} ${f.span.start}`
      if (seen.has(place)) break
      seen.add(place)
      labels.push({ span: f.span, message: `in \`${f.name}\`, used here` })
    }
    return labels
  }

  private reportCycle(e: Expression, frame: Frame | undefined): never {
    return this.log.fail('endlessEvaluation', e.span, { cycle: cycleOf(frame) }, this.trail(frame))
  }

  private reportDepth(): never {
    const args = { limit: DEPTH_LIMIT, cycle: cycleOf(this.latest) }
    return this.log.fail('evaluationTooDeep', this.latest?.span, args, this.trail(this.latest))
  }
}

/** The definitions that call each other, outermost first. */
function cycleOf(frame: Frame | undefined): string[] {
  const names: string[] = []
  for (let f = frame; f && names.length < 12 && !names.includes(f.name); f = f.parent) names.unshift(f.name)
  return names
}

type ScopeKind =
  | 'access'
  | 'substitution'
  | 'with'
  | 'letrec'
  | 'lambda'
  | 'case'
  | 'environment'
  | 'component'
  | 'library'
type ScopeExpression = Extract<Expression, { kind: ScopeKind }>
type LeafExpression = Exclude<
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
