/**
 * Boxes: block diagrams as values. Types, and the hash-consing table that makes them.
 *
 * Two boxes are equal exactly when they are the same object, so evaluation, matching and propagation can be
 * memoised by identity. While a program is evaluated a box may hold functions and environments inside
 * (`open`); `close.ts` turns those into symbolic boxes, after which every box has an arity.
 */
import type { NodeType } from '../core/node-type.ts'
import type { PrimitiveName, PureName } from '../core/primitives.ts'
import { primitive } from '../core/primitives.ts'
import type { GroupKind } from '../core/program.ts'
import type { CompositionOperator, Expression } from '../parser/ast.ts'
import { type Arity, composeArity } from './arity.ts'
import type { ForeignTypes, Problem, Site, WidgetSpec } from './box-parts.ts'
import { CalleeTable } from './callees.ts'
import type { Environment } from './environment.ts'
import { IdMap } from './id-map.ts'
import { countBox, type KnownBoxes, noBoxes } from './known-boxes.ts'
import { pairKey } from './pair-key.ts'
import { NO_SLOTS, unionSlots } from './slots.ts'

export type { BoxNames, ForeignTypes, Problem, Site, WidgetSpec } from './box-parts.ts'

export type NumberBox = Extract<Box, { kind: 'int' | 'real' }>
export type LambdaExpression = Extract<Expression, { kind: 'lambda' }>
export type CaseExpression = Extract<Expression, { kind: 'case' }>
export type ClosureBox = Extract<Box, { kind: 'closure' }>
export type MatcherBox = Extract<Box, { kind: 'matcher' }>

export interface BoxBase {
  readonly id: number
  /** Undefined while open, or when `problem` says why there is none. */
  readonly arity: Arity | undefined
  readonly problem: Problem | undefined
  /** Holds a function or an environment somewhere inside. */
  readonly open: boolean
  /** Holds a widget or group, so its signals depend on the groups around it. */
  readonly hasUi: boolean
  /** Slots used inside that are bound outside, ascending. */
  readonly slots: readonly number[]
}

export type BoxShape =
  | { readonly kind: 'int' | 'real'; readonly value: number }
  | { readonly kind: 'wire' | 'cut' | 'empty' }
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'widget'; readonly spec: WidgetSpec }
  | { readonly kind: 'group'; readonly group: GroupKind; readonly label: string; readonly body: Box }
  | {
      readonly kind: 'composition'
      readonly op: CompositionOperator
      readonly left: Box
      readonly right: Box
    }
  | {
      readonly kind: 'route'
      readonly inputs: number
      readonly outputs: number
      /** Pairs (input, output), from 1. */
      readonly connections: readonly number[]
    }
  | { readonly kind: 'waveform'; readonly values: readonly number[]; readonly type: 'int' | 'real' }
  | { readonly kind: 'foreign'; readonly nature: 'fconstant' | 'fvariable'; readonly name: string }
  | { readonly kind: 'foreignFunction'; readonly op: PureName; readonly signature: ForeignTypes }
  | { readonly kind: 'soundfile'; readonly label: string; readonly channels: number }
  /** A node of the library with so many inputs; the others take their defaults. */
  | { readonly kind: 'node'; readonly type: NodeType; readonly inputs: number }
  /** Stands for the input that the symbolic box with this number binds. */
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'symbolic'; readonly slot: number; readonly body: Box }
  /** A function with `bound` parameters already in `environment`. */
  | {
      readonly kind: 'closure'
      readonly lambda: LambdaExpression
      readonly bound: number
      readonly environment: Environment
    }
  | {
      readonly kind: 'matcher'
      readonly rules: CaseExpression
      readonly args: readonly Box[]
      readonly environment: Environment
    }
  /** `environment { }`, `library(…)`: names only; a component is also the block `process` in it. */
  | { readonly kind: 'environment'; readonly environment: Environment }
  | { readonly kind: 'component'; readonly environment: Environment }
  /** Only inside patterns of `case`. */
  | { readonly kind: 'patternVariable'; readonly name: string }

export type Box = BoxBase & BoxShape

/** What holds a variable of a pattern has no signals, as what holds a slot that nothing binds. */
const PATTERN_SLOT: readonly number[] = [-1]

const ONE_OUTPUT: Arity = { inputs: 0, outputs: 1 }

/** All boxes of one compilation. `tooLarge` must throw. */
export class BoxTable {
  private readonly tooLarge: (what: string) => never
  readonly known: KnownBoxes
  readonly spans: KnownBoxes['spans']
  readonly sites: KnownBoxes['sites']
  /** The definition that first produced a box; names state and explains errors. */
  readonly names = new IdMap<Box, string>()
  readonly callees = new CalleeTable()

  readonly wire: Box
  readonly cut: Box
  /** `par(i, 0, e)`: nothing in, nothing out. */
  readonly empty: Box

  /** `former`: those of the version before; nothing is noted of them. */
  constructor(tooLarge: (what: string) => never, former?: KnownBoxes) {
    this.tooLarge = tooLarge
    this.known = former ?? noBoxes()
    this.spans = this.known.spans
    this.sites = this.known.sites
    this.wire = this.intern('_', { kind: 'wire' }, { inputs: 1, outputs: 1 })
    this.cut = this.intern('!', { kind: 'cut' }, { inputs: 1, outputs: 0 })
    this.empty = this.intern('', { kind: 'empty' }, { inputs: 0, outputs: 0 })
  }

  number(kind: 'int' | 'real', value: number): Box {
    // A map of numbers takes -0 for 0.
    if (Object.is(value, -0)) return this.intern(`${kind} -0`, { kind, value }, ONE_OUTPUT)
    const table = this.known.numbers[kind]
    let known = table.get(value)
    if (!known) table.set(value, (known = this.make({ kind, value }, ONE_OUTPUT, {})))
    return known
  }

  int(value: number): Box {
    return this.number('int', value | 0)
  }

  real(value: number): Box {
    return this.number('real', value)
  }

  primitive(name: PrimitiveName): Box {
    return this.intern(
      `prim ${name}`,
      { kind: 'primitive', name },
      { inputs: primitive(name).inputs, outputs: 1 },
    )
  }

  widget(spec: WidgetSpec): Box {
    const { kind, label, init, min, max, step } = spec
    const inputs = kind === 'hbargraph' || kind === 'vbargraph' ? 1 : 0
    const key = `widget ${kind} ${init} ${min} ${max} ${step} ${label}`
    return this.intern(key, { kind: 'widget', spec }, { inputs, outputs: 1 }, { hasUi: true })
  }

  group(group: GroupKind, label: string, body: Box): Box {
    const traits = { open: body.open, slots: body.slots, hasUi: body.hasUi, problem: body.problem }
    return this.intern(
      `${group} ${body.id} ${label}`,
      { kind: 'group', group, label, body },
      body.arity,
      traits,
    )
  }

  composition(op: CompositionOperator, left: Box, right: Box, site: Site): Box {
    const key = pairKey(left.id, right.id)
    const known = this.known.compositions[op].get(key)
    if (known) return known
    const box = this.compose(op, left, right, site)
    this.known.compositions[op].set(key, box)
    this.spans.set(box, site.span)
    if (box.open) this.sites.set(box, site)
    return box
  }

  private compose(op: CompositionOperator, left: Box, right: Box, site: Site): Box {
    const arity = left.arity && right.arity && composeArity(op, left.arity, right.arity)
    const unfit =
      left.arity && right.arity && !arity ? { op, left: left.arity, right: right.arity, site } : undefined
    const problem = left.problem ?? right.problem ?? unfit
    return {
      id: countBox(this.known, arity, this.tooLarge),
      open: left.open || right.open,
      hasUi: left.hasUi || right.hasUi,
      slots: unionSlots(left.slots, right.slots),
      problem,
      arity: problem ? undefined : arity,
      kind: 'composition',
      op,
      left,
      right,
    }
  }

  route(inputs: number, outputs: number, connections: readonly number[]): Box {
    const key = `route ${inputs} ${outputs} ${connections.join(' ')}`
    return this.intern(key, { kind: 'route', inputs, outputs, connections }, { inputs, outputs })
  }

  waveform(values: readonly number[], type: 'int' | 'real'): Box {
    const key = `waveform ${type} ${values.join(' ')}`
    return this.intern(key, { kind: 'waveform', values, type }, { inputs: 0, outputs: 2 })
  }

  foreign(nature: 'fconstant' | 'fvariable', name: string): Box {
    return this.intern(`${nature} ${name}`, { kind: 'foreign', nature, name }, { inputs: 0, outputs: 1 })
  }

  freshSlot(): Extract<Box, { kind: 'slot' }> {
    const slot = this.known.nextSlot++
    const shape = { kind: 'slot', slot } as const
    return this.intern(`slot ${slot}`, shape, { inputs: 0, outputs: 1 }, { slots: [slot] }) as never
  }

  symbolic(slot: number, body: Box): Box {
    const arity = body.arity && { inputs: body.arity.inputs + 1, outputs: body.arity.outputs }
    const slots = body.slots.filter(s => s !== slot)
    const traits = { open: body.open, hasUi: body.hasUi, slots, problem: body.problem }
    return this.intern(`symbolic ${slot} ${body.id}`, { kind: 'symbolic', slot, body }, arity, traits)
  }

  closure(lambda: LambdaExpression, bound: number, environment: Environment): Box {
    const key = `closure ${this.expressionId(lambda)} ${bound} ${environment.id}`
    return this.intern(key, { kind: 'closure', lambda, bound, environment }, undefined, { open: true })
  }

  matcher(rules: CaseExpression, args: readonly Box[], environment: Environment): Box {
    const key = `case ${this.expressionId(rules)} ${environment.id} ${args.map(a => a.id).join(' ')}`
    return this.intern(key, { kind: 'matcher', rules, args, environment }, undefined, { open: true })
  }

  environment(kind: 'environment' | 'component', environment: Environment): Box {
    return this.intern(`${kind} ${environment.id}`, { kind, environment }, undefined, { open: true })
  }

  foreignFunction(op: PureName, signature: ForeignTypes): Box {
    const key = `ffunction ${op} ${signature.result} ${signature.arguments.join(' ')}`
    const arity = { inputs: signature.arguments.length, outputs: 1 }
    return this.intern(key, { kind: 'foreignFunction', op, signature }, arity)
  }

  soundfile(label: string, channels: number): Box {
    const arity = { inputs: 2, outputs: channels + 2 }
    return this.intern(`soundfile ${channels} ${label}`, { kind: 'soundfile', label, channels }, arity, {
      hasUi: true,
    })
  }

  node(type: NodeType, inputs: number): Box {
    const arity = { inputs, outputs: type.outputs.length }
    return this.intern(`node ${inputs} ${type.name}`, { kind: 'node', type, inputs }, arity)
  }

  patternVariable(name: string): Box {
    return this.intern(`? ${name}`, { kind: 'patternVariable', name }, ONE_OUTPUT, { slots: PATTERN_SLOT })
  }

  private expressionId(expression: Expression): number {
    const { expressionIds } = this.known
    let id = expressionIds.get(expression)
    if (id === undefined) expressionIds.set(expression, (id = expressionIds.size))
    return id
  }

  private intern(key: string, shape: BoxShape, arity: Arity | undefined, traits: Partial<BoxBase> = {}): Box {
    const known = this.known.table.get(key)
    if (known) return known
    const box = this.make(shape, arity, traits)
    this.known.table.set(key, box)
    return box
  }

  private make(shape: BoxShape, arity: Arity | undefined, traits: Partial<BoxBase>): Box {
    const { open = false, hasUi = false, slots = NO_SLOTS, problem } = traits
    const own = problem ? undefined : arity
    return {
      id: countBox(this.known, arity, this.tooLarge),
      open,
      hasUi,
      slots,
      problem,
      arity: own,
      ...shape,
    }
  }
}

export function isNumber(box: Box): box is NumberBox {
  return box.kind === 'int' || box.kind === 'real'
}
