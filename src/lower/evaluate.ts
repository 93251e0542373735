/**
 * Evaluation: names, functions, patterns and iterations go; boxes remain.
 *
 * Comes in: expressions and the environment they stand in. Goes out: boxes, memoised by (expression,
 * environment). A stage of its own because after it a program is a plain block diagram, whatever abstractions
 * it was written with. Recursion runs on a trampoline, so depth is limited by a number and not by a stack.
 */

import type { NodeLibrary } from '../core/node-library.ts'
import type { PrimitiveName } from '../core/primitives.ts'
import type { DiagnosticLog, Label } from '../diagnostics.ts'
import type { CompositionOperator, Expression } from '../parser/ast.ts'
import type { Span } from '../source.ts'
import { Applier, applySite } from './apply.ts'
import { type Box, BoxTable, isNumber, type Site } from './box.ts'
import type { Budget } from './budget.ts'
import { Closer } from './close.ts'
import { foldComposition, foldPair } from './constants.ts'
import { evaluateDirectly } from './direct.ts'
import { type Environment, EnvironmentTable, homeOf } from './environment.ts'
import type { Evaluation } from './evaluation.ts'
import { evaluateIteration } from './iterate.ts'
import { Journal } from './journal.ts'
import { evaluateLeaf } from './leaves.ts'
import type { Metadata } from './modules.ts'
import { carryOut } from './notes.ts'
import type { Propagation } from './propagate.ts'
import { Scopes } from './scopes.ts'
import type { SignalTable } from './signal.ts'
import { cycleOf, type Frame, trailLabels } from './trail.ts'
import { enter, hasRoom, leave, nest, run, type Task } from './trampoline.ts'

const HAVE_PLACES: ReadonlySet<Box['kind']> = new Set([
  'waveform',
  'node',
  'widget',
  'soundfile',
  'environment',
])

/** Nested evaluations before we call it endless: far above any real program, and reached within a second. */
const DEPTH_LIMIT = 40_000

export class Evaluator {
  readonly boxes: BoxTable
  readonly environments: EnvironmentTable
  readonly signals: SignalTable
  readonly log: DiagnosticLog
  readonly applier: Applier
  readonly closer: Closer
  readonly propagation: Propagation
  /** For constants that evaluation must know beforehand. */
  readonly trial: Propagation
  readonly scopes: Scopes
  readonly budget: Budget
  readonly nodes: NodeLibrary
  /** What is declared of the definitions that were looked up, in that order. */
  readonly declared = new Set<Metadata>()
  readonly journal: Journal
  /** Where evaluation is, for the report of endless recursion; `scopes` writes it. */
  latest: Frame | undefined

  constructor(evaluation: Evaluation) {
    const { tooLarge, version, former } = evaluation
    this.journal = new Journal(version, note => carryOut(this, note))
    this.boxes = new BoxTable(tooLarge, former?.boxes)
    this.environments = new EnvironmentTable(tooLarge, former?.layers)
    this.scopes = new Scopes(this, evaluation.modules)
    this.signals = evaluation.signals
    this.log = evaluation.log
    this.nodes = evaluation.nodes
    this.budget = evaluation.budget
    this.propagation = {
      boxes: this.boxes,
      signals: this.signals,
      log: this.log,
      sounds: evaluation.sounds,
      budget: this.budget,
      memo: new Map(),
      isTrial: false,
    }
    this.trial = { ...this.propagation, signals: evaluation.trialSignals, memo: new Map(), isTrial: true }
    this.applier = new Applier(this, former)
    this.closer = new Closer(this, former?.closed)
  }

  /** Evaluates to the end, and closes: the result has an arity. */
  evaluateClosed(expression: Expression, environment: Environment): Box {
    return this.run(this.closed(expression, environment, undefined))
  }

  run<T>(task: Task<T>): T {
    return run(task, DEPTH_LIMIT, () => this.reportDepth())
  }

  *closed(expression: Expression, environment: Environment, frame: Frame | undefined): Task<Box> {
    const box =
      this.ready(expression, environment, frame) ?? (yield* this.evaluate(expression, environment, frame))
    return this.closer.closedAlready(box) ?? (yield* this.closer.close(box, expression.span, frame))
  }

  /**
   * The value of an expression that is known already, or that the stack has room to find out; else undefined. Most
   * expressions are numbers, parameters, or not deep: a task for each would cost more than the rest of evaluation.
   */
  ready(e: Expression, env: Environment, frame: Frame | undefined): Box | undefined {
    switch (e.kind) {
      case 'identifier':
        return this.scopes.known(e.name, e.span, env, frame) ?? this.onStack(e, env, frame)
      case 'int':
        return this.boxes.int(e.value)
      case 'real':
        return this.boxes.real(e.value)
      case 'wire':
        return this.boxes.wire
      case 'primitive':
        return this.boxes.primitive(e.name)
      case 'lambda':
        return this.boxes.closure(e, 0, env)
      default:
        return this.onStack(e, env, frame)
    }
  }

  /** As `evaluate`, which takes over where there is no room, and where an expression needs itself. */
  private onStack(e: Expression, env: Environment, frame: Frame | undefined): Box | undefined {
    const known = env.memo.get(e)
    if (known) return this.journal.recall(known)
    if (!hasRoom()) return undefined
    enter()
    const memo = this.journal.begin()
    env.memo.set(e, memo)
    this.budget.spend(1)
    const home = homeOf(e, env)
    let box: Box | undefined
    if (home !== env) box = this.onStack(e, home, frame) ?? nest(this.evaluate(e, home, frame))
    // What holds an environment may be asked for the names around it.
    if (!box || box.open) box = evaluateDirectly(this, e, env, frame) ?? nest(this.compute(e, env, frame))
    leave()
    this.remember(box, e)
    return this.journal.end(memo, box)
  }

  /** Where a box was written first, of those that are asked for it; compositions know. */
  private remember(box: Box, e: Expression): void {
    if (HAVE_PLACES.has(box.kind) && !this.boxes.spans.has(box)) this.boxes.spans.set(box, e.span)
  }

  /** The value of an expression in an environment. */
  *evaluate(expression: Expression, environment: Environment, frame: Frame | undefined): Task<Box> {
    const known = environment.memo.get(expression)
    if (known) return this.journal.recall(known) ?? this.reportCycle(expression, frame)
    const memo = this.journal.begin()
    environment.memo.set(expression, memo)
    this.budget.spend(1)
    const home = homeOf(expression, environment)
    let box = home !== environment ? yield* this.evaluate(expression, home, frame) : undefined
    // What holds an environment may be asked for the names around it.
    if (!box || box.open) {
      const computed = this.compute(expression, environment, frame)
      box = hasRoom() ? nest(computed) : ((yield computed) as Box)
    }
    this.remember(box, expression)
    return this.journal.end(memo, box)
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
        return yield* this.scopes.identifier(e.name, e.span, env, frame)
      case 'negate':
      case 'delay1': {
        const operand = this.ready(e.operand, env, frame) ?? (yield* this.evaluate(e.operand, env, frame))
        return this.operate(e, operand, frame)
      }
      case 'infix':
      case 'composition': {
        const left = this.ready(e.left, env, frame) ?? (yield* this.evaluate(e.left, env, frame))
        const right = this.ready(e.right, env, frame) ?? (yield* this.evaluate(e.right, env, frame))
        return this.join(e, left, right, frame)
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
        return yield* this.scopes.evaluate(e, env, frame)
      case 'apply': {
        const fn = this.ready(e.function, env, frame) ?? (yield* this.evaluate(e.function, env, frame))
        const args: Box[] = []
        for (const argument of e.arguments) {
          args.push(this.ready(argument, env, frame) ?? (yield* this.evaluate(argument, env, frame)))
        }
        return yield* this.applier.apply(fn, args, applySite(e), frame)
      }
      case 'iteration':
        return yield* evaluateIteration(this, e, env, frame)
      default:
        return yield* evaluateLeaf(this, e, env, frame)
    }
  }

  unsupported(feature: string, span: Span): never {
    return this.log.fail('notSupportedYet', span, { feature })
  }

  /** An operator of one operand. */
  operate(
    e: Extract<Expression, { kind: 'negate' | 'delay1' }>,
    operand: Box,
    frame: Frame | undefined,
  ): Box {
    if (e.kind === 'negate')
      return this.primitive(
        'sub',
        this.boxes.int(0),
        operand,
        this.site(e.span, e.span, e.operand.span, frame),
      )
    const site = this.site(e.span, e.operand.span, e.span, frame)
    return this.compose('seq', operand, this.boxes.primitive('mem'), site)
  }

  /** An operator of two. */
  join(
    e: Extract<Expression, { kind: 'infix' | 'composition' }>,
    left: Box,
    right: Box,
    frame: Frame | undefined,
  ): Box {
    const site = this.site(e.span, e.left.span, e.right.span, frame)
    if (e.kind === 'infix') return this.primitive(e.op, left, right, site)
    const box = this.compose(e.op, left, right, site)
    if (e.op === 'rec' && e.left.kind === 'lambda')
      this.journal.note({ kind: 'outputs', box, names: e.left.parameters })
    return box
  }

  private primitive(op: PrimitiveName, left: Box, right: Box, site: Site): Box {
    const folded = foldPair(op, left, right, this.boxes, this.signals)
    if (folded) return folded
    const pair = this.compose('par', left, right, site)
    const whole = this.site(site.span, site.span, site.span, site.frame)
    return this.compose('seq', pair, this.boxes.primitive(op), whole)
  }

  /** Composes two boxes; a tuple of literals into a primitive becomes a literal. */
  compose(op: CompositionOperator, left: Box, right: Box, site: Site): Box {
    const folded = op === 'seq' ? foldComposition(left, right, this.boxes, this.signals) : undefined
    return folded ?? this.boxes.composition(op, left, right, site)
  }

  site(span: Span, left: Span, right: Span, frame: Frame | undefined): Site {
    return { span, left, right, frame }
  }

  /** A number that is written, or known already. */
  number(e: Expression, env: Environment, frame: Frame | undefined): number | undefined {
    const box = this.ready(e, env, frame)
    return box && isNumber(box) ? box.value : undefined
  }

  /** A number that must be known when compiling, such as a size or a slider's range. */
  *constant(e: Expression, env: Environment, frame: Frame | undefined, what: string): Task<number> {
    const box = yield* this.closed(e, env, frame)
    const values = this.applier.constantsOf(box)
    if (values?.length === 1) return values[0]!
    return this.log.fail('notConstant', e.span, { what }, this.trail(frame))
  }

  trail(frame: Frame | undefined): Label[] {
    return trailLabels(frame)
  }

  private reportCycle(e: Expression, frame: Frame | undefined): never {
    return this.log.fail('endlessEvaluation', e.span, { cycle: cycleOf(frame) }, this.trail(frame))
  }

  private reportDepth(): never {
    const args = { limit: DEPTH_LIMIT, cycle: cycleOf(this.latest) }
    return this.log.fail('evaluationTooDeep', this.latest?.span, args, this.trail(this.latest))
  }
}
