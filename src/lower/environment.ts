/**
 * Environments: layers of names.
 *
 * Comes in: lists of definitions, and values of parameters. Goes out: layers that answer look-ups. Layers of
 * equal values on the same parent are one object, so that evaluation memoised by (expression, layer) finds
 * again what it already did; that is what keeps shared arguments from being evaluated exponentially often.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Definition, Expression } from '../parser/ast.ts'
import { type Deferred, parseDeferred } from '../parser/outline.ts'
import type { Span } from '../source.ts'
import type { Box } from './box.ts'
import { ANY_NAME, bitsOfName, bitsOfNames, mentionedNames, type NameBits } from './free-names.ts'
import type { Memo } from './journal.ts'
import type { Metadata } from './modules.ts'
import { pairKey } from './pair-key.ts'

/** An expression is evaluated in `environment`, by default the layer that it stands in. */
export type Binding = { readonly kind: 'value'; readonly box: Box } | DefinitionBinding

export interface DefinitionBinding {
  readonly kind: 'definition'
  /** One for all copies of a binding. */
  readonly meaning: Meaning
  readonly span: Span
  readonly environment?: Environment
  /** What is declared of it, for the description of programs that use it. */
  readonly declared?: Metadata | undefined
}

/** What a name stands for; of a file that is parsed as far as it is used, only once it is looked up. */
interface Meaning {
  readonly definitions: readonly (Definition | Deferred)[]
  expression: Expression | undefined
}

export interface Environment {
  readonly id: number
  readonly parent: Environment | undefined
  readonly bindings: ReadonlyMap<string, Binding>
  /** Of parameters, the names that it binds; of definitions, all names. */
  readonly names: NameBits
  /** Results of evaluating expressions here. */
  readonly memo: Map<Expression, Memo>
}

/** More calls with different arguments than any real program makes. */
const MOST_LAYERS = 400_000

/** `tooLarge` must throw. */
/** Layers by what they bind. */
export interface KnownLayers {
  readonly values: Map<string, Environment>
  /** Of one value, by the name: the parent and the value as one number. */
  readonly single: Map<string, Map<number, Environment>>
  readonly definitions: Map<object, Map<number, Environment>>
  nextId: number
}

export class EnvironmentTable {
  private readonly tooLarge: (what: string) => never
  readonly known: KnownLayers

  /** `former`: those of the version before. */
  constructor(tooLarge: (what: string) => never, former?: KnownLayers) {
    this.tooLarge = tooLarge
    this.known = former ?? { values: new Map(), single: new Map(), definitions: new Map(), nextId: 0 }
  }

  layer(
    parent: Environment | undefined,
    bindings: ReadonlyMap<string, Binding>,
    names: NameBits = ANY_NAME,
  ): Environment {
    if (this.known.nextId >= MOST_LAYERS)
      this.tooLarge(`more than ${MOST_LAYERS} calls with different arguments`)
    return { id: this.known.nextId++, parent, bindings, names, memo: new Map() }
  }

  /** A layer that binds names to values. */
  withValues(parent: Environment, names: readonly string[], boxes: readonly Box[]): Environment {
    if (names.length === 1) return this.withValue(parent, names[0]!, boxes[0]!)
    const key = `${parent.id} ${names.join(' ')} ${boxes.map(b => b.id).join(' ')}`
    let layer = this.known.values.get(key)
    if (!layer) {
      const bindings = new Map<string, Binding>()
      for (let i = 0; i < names.length; i++) bindings.set(names[i]!, { kind: 'value', box: boxes[i]! })
      this.known.values.set(key, (layer = this.layer(parent, bindings, bitsOfNames(names))))
    }
    return layer
  }

  private withValue(parent: Environment, name: string, box: Box): Environment {
    let byPlace = this.known.single.get(name)
    if (!byPlace) this.known.single.set(name, (byPlace = new Map()))
    const key = pairKey(parent.id, box.id)
    let layer = byPlace.get(key)
    if (!layer) {
      const bindings = new Map<string, Binding>([[name, { kind: 'value', box }]])
      byPlace.set(key, (layer = this.layer(parent, bindings, bitsOfName(name))))
    }
    return layer
  }

  /** A layer of definitions that see each other; `owner` is the syntax it comes from, its identity. */
  withDefinitions(
    parent: Environment | undefined,
    owner: object,
    bindings: () => ReadonlyMap<string, Binding>,
  ): Environment {
    let byParent = this.known.definitions.get(owner)
    if (!byParent) this.known.definitions.set(owner, (byParent = new Map()))
    const parentId = parent?.id ?? -1
    let layer = byParent.get(parentId)
    if (!layer) byParent.set(parentId, (layer = this.layer(parent, bindings())))
    return layer
  }
}

/** The nearest layer with definitions, or with parameters that the expression may mention. */
export function homeOf(expression: Expression, environment: Environment): Environment {
  let home = environment
  if (home.names === ANY_NAME) return home
  const mentioned = mentionedNames(expression)
  while (home.parent && (home.names & mentioned) === 0) home = home.parent
  return home
}

export function lookUp(
  name: string,
  environment: Environment,
): { binding: Binding; layer: Environment } | undefined {
  for (let layer: Environment | undefined = environment; layer; layer = layer.parent) {
    const binding = layer.bindings.get(name)
    if (binding) return { binding, layer }
  }
  return undefined
}

export function visibleNames(environment: Environment): string[] {
  const names: string[] = []
  for (let layer: Environment | undefined = environment; layer; layer = layer.parent) {
    names.push(...layer.bindings.keys())
  }
  return names
}

/**
 * Groups a list of definitions by name. Several of one name with parameters become the rules of one `case`;
 * distinct plain parameters a lambda.
 */
export function bindDefinitions(
  definitions: readonly (Definition | Deferred)[],
  log: DiagnosticLog,
): Map<string, DefinitionBinding> {
  const byName = new Map<string, (Definition | Deferred)[]>()
  for (const definition of definitions) {
    const list = byName.get(definition.name)
    if (list) list.push(definition)
    else byName.set(definition.name, [definition])
  }
  const bindings = new Map<string, DefinitionBinding>()
  for (const [name, list] of byName) {
    const binding: DefinitionBinding = {
      kind: 'definition',
      meaning: { definitions: list, expression: undefined },
      span: list[0]!.nameSpan,
    }
    if (!list.some(d => d.kind === 'deferred')) expressionOf(binding, log)
    bindings.set(name, binding)
  }
  return bindings
}

export function expressionOf({ meaning }: DefinitionBinding, log: DiagnosticLog): Expression {
  if (meaning.expression) return meaning.expression
  const list = meaning.definitions.map(d => (d.kind === 'deferred' ? parseDeferred(d, log) : d))
  meaning.expression = mergeDefinitions(list, log)
  return meaning.expression
}

function mergeDefinitions(list: readonly Definition[], log: DiagnosticLog): Expression {
  const first = list[0]!
  if (list.length === 1) return definitionBody(first)
  for (const other of list.slice(1)) {
    const labels = [{ span: first.nameSpan, message: 'first defined here' }]
    if (!first.parameters || !other.parameters) {
      log.report('multipleDefinitions', other.nameSpan, { name: first.name }, labels)
    } else if (first.parameters.length !== other.parameters.length) {
      const counts = { name: first.name, first: first.parameters.length, other: other.parameters.length }
      log.report('parameterCounts', other.nameSpan, counts, labels)
    }
  }
  log.stopIfFailed()
  const rules = list.map(d => ({ span: d.span, patterns: d.parameters ?? [], body: d.body }))
  return { kind: 'case', span: first.span, rules }
}

/** The same object each time, so that what is known of a library's expressions holds for the next compilation. */
const bodies = new WeakMap<Definition, Expression>()

function definitionBody(definition: Definition): Expression {
  let body = bodies.get(definition)
  if (!body) bodies.set(definition, (body = abstraction(definition)))
  return body
}

function abstraction({ parameters, body, span }: Definition): Expression {
  if (!parameters) return body
  const names = parameters.flatMap(p => (p.kind === 'identifier' ? [p.name] : []))
  if (names.length === parameters.length && new Set(names).size === names.length) {
    return { kind: 'lambda', span, parameters: names, body }
  }
  return { kind: 'case', span, rules: [{ span, patterns: parameters, body }] }
}
