/**
 * The surface AST: the program as written. Types only.
 *
 * Names are unresolved, sugar is kept, and every node has a span. `parse` makes it, `print` writes it back,
 * `lower` gives it meaning. Parentheses are not kept: the printer puts them where precedence asks for them.
 */
import type { PrimitiveName } from '../core/primitives.ts'
import type { Span } from '../source.ts'

export interface Program {
  readonly span: Span
  readonly statements: readonly Statement[]
}

/** Precisions a statement is limited to; empty means all. */
export type Variant = 'singleprecision' | 'doubleprecision' | 'quadprecision' | 'fixedpointprecision'

export type Statement =
  | Definition
  | {
      readonly kind: 'import'
      readonly span: Span
      readonly variants: readonly Variant[]
      readonly file: string
    }
  | DeclareStatement
  /** `<mdoc> … </mdoc>`; `text` is what stands between the tags. No effect on sound. */
  | { readonly kind: 'documentation'; readonly span: Span; readonly text: string }

export interface DeclareStatement {
  readonly kind: 'declare'
  readonly span: Span
  readonly variants: readonly Variant[]
  /** `declare function key "value"` names a definition; else undefined. */
  readonly target?: string
  readonly key: string
  readonly value: string
}

/** `name = e;` has no `parameters`; `name(a, b) = e;` keeps them as patterns, in order. */
export interface Definition {
  readonly kind: 'definition'
  readonly span: Span
  readonly variants: readonly Variant[]
  readonly name: string
  readonly nameSpan: Span
  readonly parameters?: readonly Expression[]
  readonly body: Expression
}

/** `'x = e;` inside `letrec { }`. */
export interface Recurrence {
  readonly span: Span
  readonly name: string
  readonly body: Expression
}

export interface Rule {
  readonly span: Span
  readonly patterns: readonly Expression[]
  readonly body: Expression
}

/** One target of `["label": circuit, … -> e]`; no circuit means "multiply by a new input". */
export interface ModulationTarget {
  readonly span: Span
  readonly label: string
  readonly circuit?: Expression
}

export type CompositionOperator = 'seq' | 'par' | 'split' | 'merge' | 'rec'
export type IterationKind = 'par' | 'seq' | 'sum' | 'prod'
export type GroupKind = 'vgroup' | 'hgroup' | 'tgroup'
export type SliderKind = 'hslider' | 'vslider' | 'nentry'

/** One name of a foreign function, by precision: single, double, quad, fixed point. */
export interface ForeignSignature {
  readonly result: 'int' | 'float' | 'any'
  readonly names: readonly string[]
  readonly arguments: readonly ('int' | 'float' | 'any')[]
}

export interface Node {
  readonly span: Span
}

export type Expression =
  /** `value` is already wrapped to int32, as Faust reads literals. */
  | (Node & { readonly kind: 'int'; readonly value: number })
  | (Node & { readonly kind: 'real'; readonly value: number })
  | (Node & { readonly kind: 'wire' })
  | (Node & { readonly kind: 'cut' })
  | (Node & { readonly kind: 'identifier'; readonly name: string })
  /** `-x` on an identifier: `0 - x`. On a literal the sign is part of the literal. */
  | (Node & { readonly kind: 'negate'; readonly operand: Expression })
  /** An operator or primitive as a value: `+`, `sin`, `mem`. */
  | (Node & { readonly kind: 'primitive'; readonly name: PrimitiveName })
  /** Arithmetic written between operands; `op` is the primitive that the symbol stands for. */
  | (Node & {
      readonly kind: 'infix'
      readonly op: PrimitiveName
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & {
      readonly kind: 'composition'
      readonly op: CompositionOperator
      readonly left: Expression
      readonly right: Expression
    })
  /** Postfix `'`: one sample of delay. */
  | (Node & { readonly kind: 'delay1'; readonly operand: Expression })
  | (Node & {
      readonly kind: 'access'
      readonly environment: Expression
      readonly name: string
      readonly nameSpan: Span
    })
  | (Node & {
      readonly kind: 'apply'
      readonly function: Expression
      readonly arguments: readonly Expression[]
    })
  | (Node & {
      readonly kind: 'substitution'
      readonly environment: Expression
      readonly definitions: readonly Definition[]
    })
  | (Node & { readonly kind: 'with'; readonly body: Expression; readonly definitions: readonly Definition[] })
  | (Node & {
      readonly kind: 'letrec'
      readonly body: Expression
      readonly recurrences: readonly Recurrence[]
      readonly where: readonly Definition[]
    })
  | (Node & { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression })
  | (Node & { readonly kind: 'case'; readonly rules: readonly Rule[] })
  | (Node & { readonly kind: 'environment'; readonly statements: readonly Statement[] })
  | (Node & { readonly kind: 'component'; readonly file: string })
  | (Node & { readonly kind: 'library'; readonly file: string })
  | (Node & {
      readonly kind: 'waveform'
      readonly values: readonly { readonly value: number; readonly type: 'int' | 'real' }[]
    })
  | (Node & {
      readonly kind: 'route'
      readonly inputs: Expression
      readonly outputs: Expression
      /** All connections as one expression (`,`-joined); absent in `route(n, m)`. */
      readonly connections?: Expression
    })
  | (Node & {
      readonly kind: 'ffunction'
      readonly signature: ForeignSignature
      readonly include: string
      readonly library: string
    })
  | (Node & {
      readonly kind: 'fconstant' | 'fvariable'
      readonly type: 'int' | 'float' | 'any'
      readonly name: string
      readonly include: string
    })
  | (Node & { readonly kind: 'button' | 'checkbox'; readonly label: string })
  | (Node & {
      readonly kind: SliderKind
      readonly label: string
      readonly init: Expression
      readonly min: Expression
      readonly max: Expression
      readonly step: Expression
    })
  | (Node & {
      readonly kind: 'vbargraph' | 'hbargraph'
      readonly label: string
      readonly min: Expression
      readonly max: Expression
    })
  | (Node & { readonly kind: GroupKind; readonly label: string; readonly body: Expression })
  | (Node & { readonly kind: 'soundfile'; readonly label: string; readonly channels: Expression })
  /** A node of the library, applied to arguments if there are any. */
  | (Node & { readonly kind: 'node'; readonly name: string; readonly arguments: readonly Expression[] })
  | (Node & {
      readonly kind: 'iteration'
      readonly operator: IterationKind
      readonly name: string
      readonly count: Expression
      readonly body: Expression
    })
  | (Node & { readonly kind: 'inputs' | 'outputs'; readonly operand: Expression })
  | (Node & {
      readonly kind: 'modulation'
      readonly targets: readonly ModulationTarget[]
      readonly body: Expression
    })

export type ExpressionKind = Expression['kind']
