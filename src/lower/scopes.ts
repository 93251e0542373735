/**
 * Scopes: expressions that make, open or change an environment.
 *
 * Comes in: such an expression and the environment it stands in. Goes out: a box. Apart from evaluate.ts because
 * looking names up, splicing files and replacing definitions are one subject.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Definition, Expression } from '../parser/ast.ts'
import type { Span } from '../source.ts'
import { didYouMean } from '../suggest.ts'
import type { Box } from './box.ts'
import {
  type Binding,
  bindDefinitions,
  type DefinitionBinding,
  type Environment,
  expressionOf,
  lookUp,
  visibleNames,
} from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import type { Trace } from './journal.ts'
import { letrecExpression } from './letrec.ts'
import { type DefinitionList, type Modules, STANDARD_LIBRARY } from './modules.ts'
import { sameSyntax } from './same-syntax.ts'
import { type Frame, trailLabels } from './trail.ts'
import type { Task } from './trampoline.ts'

export type ScopeKind =
  | 'access'
  | 'substitution'
  | 'with'
  | 'letrec'
  | 'lambda'
  | 'case'
  | 'environment'
  | 'component'
  | 'library'
export type ScopeExpression = Extract<Expression, { kind: ScopeKind }>

export class Scopes {
  private readonly evaluator: Evaluator
  private readonly modules: Modules
  /** Contents of files and environments that were read. */
  private readonly opened = new Set<Environment>()

  constructor(evaluator: Evaluator, modules: Modules) {
    this.evaluator = evaluator
    this.modules = modules
  }

  /** Forms that make or open an environment. */
  *evaluate(e: ScopeExpression, env: Environment, frame: Frame | undefined): Task<Box> {
    switch (e.kind) {
      case 'lambda':
        return this.evaluator.boxes.closure(e, 0, env)
      case 'case':
        this.checkRules(e)
        return this.evaluator.boxes.matcher(e, [], env)
      case 'with':
        return yield* this.evaluator.evaluate(e.body, this.definitionLayer(env, e.definitions), frame)
      case 'letrec':
        return yield* this.evaluator.evaluate(letrecExpression(e), env, frame)
      case 'environment':
        this.evaluator.journal.record({ kind: 'contents', of: e, environment: env })
        return this.evaluator.boxes.environment('environment', this.ownEnvironment(e, env))
      case 'library':
      case 'component': {
        this.evaluator.journal.record({ kind: 'file', file: e.file, at: e.span })
        const kind = e.kind === 'component' ? e.kind : 'environment'
        return this.evaluator.boxes.environment(kind, this.fileEnvironment(e.file, e.span))
      }
      case 'access': {
        const opened =
          this.evaluator.ready(e.environment, env, frame) ??
          (yield* this.evaluator.evaluate(e.environment, env, frame))
        const inside = this.environmentOf(opened, e.environment.span, e.name)
        return (
          this.known(e.name, e.nameSpan, inside, frame) ??
          (yield* this.identifier(e.name, e.nameSpan, inside, frame))
        )
      }
      case 'substitution':
        return yield* this.substitute(e, env, frame)
    }
  }

  private checkRules(e: Extract<Expression, { kind: 'case' }>): void {
    const first = e.rules[0]
    if (!first) this.evaluator.log.fail('noRules', e.span, {})
    for (const rule of e.rules) {
      if (rule.patterns.length === first.patterns.length) continue
      const args = { first: first.patterns.length, other: rule.patterns.length }
      this.evaluator.log.fail('rulePatternCounts', rule.span, args, [
        { span: first.span, message: 'the first rule' },
      ])
    }
  }

  /** The environment of a file: its definitions and imports, with nothing outside. */
  fileEnvironment(file: string, at: Span): Environment {
    const program = this.modules.program(file, at)
    return this.contentsLayer(undefined, program, () => this.modules.fileContents(program, file))
  }

  /** What stands in `environment { }`. */
  ownEnvironment(e: Extract<Expression, { kind: 'environment' }>, env: Environment): Environment {
    return this.contentsLayer(env, e, () => this.modules.environmentContents(e.statements, e.span.file))
  }

  definitionLayer(parent: Environment, definitions: readonly Definition[]): Environment {
    return this.evaluator.environments.withDefinitions(parent, definitions, () =>
      bindDefinitions(this.modules.active(definitions), this.evaluator.log),
    )
  }

  private contentsLayer(
    parent: Environment | undefined,
    owner: object,
    lists: () => readonly DefinitionList[],
  ): Environment {
    const { environments } = this.evaluator
    let isNew = false
    const layer = environments.withDefinitions(parent, owner, () => {
      isNew = true
      return this.mergeLists(lists())
    })
    // What an earlier version of the program opened is read again, so that its files and declarations are known.
    if (!isNew && !this.opened.has(layer)) lists()
    this.opened.add(layer)
    return layer
  }

  /** Definitions of several files in one layer: a name may come twice only if it is the same text. */
  private mergeLists(lists: readonly DefinitionList[]): ReadonlyMap<string, Binding> {
    const [first, ...others] = lists
    if (first && others.length === 0) return bindList(first, this.evaluator.log)
    const all = new Map<string, DefinitionBinding>()
    for (const list of lists) {
      for (const [name, binding] of bindList(list, this.evaluator.log)) {
        const known = all.get(name)
        if (known) {
          if (sameBinding(known, binding, this.evaluator.log)) continue
          const labels = [{ span: known.span, message: 'the other definition' }]
          this.evaluator.log.fail('redefinition', binding.span, { name }, labels)
        }
        all.set(name, binding)
      }
    }
    return all
  }

  /** What a name stands for, if that needs no evaluation. */
  known(name: string, span: Span, env: Environment, frame: Frame | undefined): Box | undefined {
    const found = lookUp(name, env)
    if (!found) return undefined
    const { binding, layer } = found
    if (binding.kind === 'value') return binding.box
    const memo = (binding.environment ?? layer).memo.get(expressionOf(binding, this.evaluator.log))
    if (!memo?.value) return undefined
    if (binding.declared) this.evaluator.journal.note({ kind: 'declared', metadata: binding.declared })
    const box = this.evaluator.journal.recall(memo)!
    this.evaluator.latest = { name, span, parent: frame }
    return this.named(box, name, binding, memo.trace)
  }

  private named(box: Box, name: string, binding: DefinitionBinding, trace: Trace | undefined): Box {
    const { journal, boxes } = this.evaluator
    if (journal.records || !boxes.names.has(box))
      journal.noteName({ kind: 'name', box, name, file: binding.span.file }, trace)
    return box
  }

  *identifier(name: string, span: Span, env: Environment, frame: Frame | undefined): Task<Box> {
    const { binding, layer } = lookUp(name, env) ?? this.unknown(name, span, env, frame)
    if (binding.kind === 'value') return binding.box
    const inner = this.enter(binding, name, span, frame)
    const home = binding.environment ?? layer
    const expression = expressionOf(binding, this.evaluator.log)
    const box =
      this.evaluator.ready(expression, home, inner) ??
      (yield* this.evaluator.evaluate(expression, home, inner))
    return this.named(box, name, binding, home.memo.get(expression)?.trace)
  }

  /** The same where the stack has room. */
  identifierDirectly(name: string, span: Span, env: Environment, frame: Frame | undefined): Box | undefined {
    const { binding, layer } = lookUp(name, env) ?? this.unknown(name, span, env, frame)
    if (binding.kind === 'value') return binding.box
    const inner = this.enter(binding, name, span, frame)
    const expression = expressionOf(binding, this.evaluator.log)
    const home = binding.environment ?? layer
    const box = this.evaluator.ready(expression, home, inner)
    return box && this.named(box, name, binding, home.memo.get(expression)?.trace)
  }

  private enter(binding: DefinitionBinding, name: string, span: Span, parent: Frame | undefined): Frame {
    if (binding.declared) this.evaluator.journal.note({ kind: 'declared', metadata: binding.declared })
    const frame = { name, span, parent }
    this.evaluator.latest = frame
    return frame
  }

  private unknown(name: string, span: Span, env: Environment, frame: Frame | undefined): never {
    const help = this.modules.isStandard(name)
      ? `add \`import("${STANDARD_LIBRARY}");\`, which defines it`
      : didYouMean(name, visibleNames(env))
    return this.evaluator.log.fail('unknownName', span, { name }, trailLabels(frame), help)
  }

  environmentOf(box: Box, span: Span, name: string): Environment {
    if (box.kind === 'closure' || box.kind === 'matcher') return box.environment
    if (box.kind === 'environment' || box.kind === 'component') return box.environment
    return this.evaluator.log.fail('notAnEnvironment', span, { name })
  }

  private *substitute(
    e: Extract<Expression, { kind: 'substitution' }>,
    env: Environment,
    frame: Frame | undefined,
  ): Task<Box> {
    const box = yield* this.evaluator.evaluate(e.environment, env, frame)
    const inside = this.environmentOf(box, e.environment.span, '…')
    const bindings = new Map(inside.bindings)
    for (const [name, binding] of bindDefinitions(this.modules.active(e.definitions), this.evaluator.log)) {
      bindings.set(name, { ...binding, environment: env })
    }
    const copy = this.evaluator.environments.layer(inside.parent, bindings)
    switch (box.kind) {
      case 'closure':
        return this.evaluator.boxes.closure(box.lambda, box.bound, copy)
      case 'matcher':
        return this.evaluator.boxes.matcher(box.rules, box.args, copy)
      case 'component':
        return this.evaluator.boxes.environment('component', copy)
      default:
        return this.evaluator.boxes.environment('environment', copy)
    }
  }
}

interface Bound {
  readonly declared: DefinitionList['declared']
  readonly bindings: ReadonlyMap<string, DefinitionBinding>
}

/** Of lists that come again in the next compilation, which are those of libraries. */
const bound = new WeakMap<DefinitionList['definitions'], Bound>()

function bindList({ definitions, declared }: DefinitionList, log: DiagnosticLog): Bound['bindings'] {
  const known = bound.get(definitions)
  if (known?.declared === declared) return known.bindings
  const bindings = bindDefinitions(definitions, log)
  for (const [name, binding] of bindings) {
    const entries = declared.get(name)
    if (entries) bindings.set(name, { ...binding, declared: entries })
  }
  bound.set(definitions, { declared, bindings })
  return bindings
}

/** Equal text; what is declared of a definition makes it one of its own. */
function sameBinding(a: DefinitionBinding, b: DefinitionBinding, log: DiagnosticLog): boolean {
  return !a.declared && !b.declared && sameSyntax(expressionOf(a, log), expressionOf(b, log))
}
