/**
 * Node types: what a program can `call`, each one declaration.
 *
 * Comes in: a declaration, with documented inputs, outputs and state, and its process: either an expression of the
 * builder API, which becomes part of every program that calls it, or a function of TypeScript, which the program
 * calls. Goes out: a `NodeType`, plain data that compilers, editors and docs/NODES.md enumerate. A module of its own
 * because the shelf of nodes, the language, block programs and users' libraries all declare nodes in this form.
 */
import type { Core } from './ast.ts'
import type { Operand } from './build.ts'
import { misuse } from './misuse.ts'
import type { NumberType } from './primitives.ts'

export type Range = readonly [lowest: number, highest: number]

export interface InputDeclaration {
  readonly doc?: string
  /** What is sensible; nothing clamps to it unless the process does. */
  readonly range?: Range
  readonly unit?: string
  /** Calls may leave out inputs from the last that have one; editors take it for what is not connected. */
  readonly default?: number
  /** A number that is known when the program is compiled, such as the longest delay: `constants` of the process. */
  readonly constant?: boolean
}

export interface OutputDeclaration {
  readonly doc?: string
  readonly range?: Range
  readonly unit?: string
}

/** A number that lives from sample to sample; plain `0` stands for `{ initial: 0 }`. */
export interface StateDeclaration {
  readonly doc?: string
  readonly type?: NumberType
  /** Before the first sample and after a reset. Default 0. */
  readonly initial?: number
}

/** What lengths and contents of buffers may depend on. */
export interface BufferContext {
  /** The highest sample rate the program has to work at, in hertz. */
  readonly sampleRate: number
  /** Values of the inputs declared `constant`, by name. */
  readonly constants: Readonly<Record<string, number>>
}

export interface NodeBufferDeclaration {
  readonly doc?: string
  readonly type?: NumberType
  /** Elements, at least 1; rounded up. */
  readonly length: number | ((context: BufferContext) => number)
  /** Content before the first sample and after a reset. Default zeros. */
  readonly initial?: (context: BufferContext) => readonly number[]
  /** Never written: a table, shared by all calls with the same constants. */
  readonly readOnly?: boolean
}

/** Memory that all nodes of a program share, found by name: the atoms, and scratch variables as buffers of 1. */
export interface SharedBufferDeclaration {
  readonly length: number
  /** Elements are stored in single precision, also by programs of double precision. */
  readonly single?: boolean
}

type Names = Readonly<Record<string, unknown>>
type Variable = Core & { readonly kind: 'variable' }
export interface BufferHandle {
  readonly buffer: string
}

/** What a process in the builder API gets. */
export interface ProcessScope<I extends Names = Names, S extends Names = Names, B extends Names = Names> {
  /** The arguments of the call; each is computed once, before the process. */
  readonly inputs: { readonly [K in keyof I]: Variable }
  /** Those of inputs declared `constant`. */
  readonly constants: { readonly [K in keyof I]: number }
  /** State: read as it stands, changed with `assign(state.name, …)`. */
  readonly state: { readonly [K in keyof S]: Variable }
  /** For `bufRead` and the like, by name; `shared` ones too. */
  readonly buffers: { readonly [K in keyof B]: BufferHandle }
  readonly shared: Readonly<Record<string, BufferHandle>>
  /** Hertz. */
  readonly sampleRate: Variable
  /** 1 / sample rate, seconds. */
  readonly samplePeriod: Variable
}

/** `run` in order, then the outputs, in order. A plain expression is the one output. */
export type ProcessResult =
  | Operand
  | { readonly run?: readonly Operand[]; readonly outputs: readonly Operand[] }

/** What a process in TypeScript gets besides its inputs. It is the same object in each call: keep nothing of it. */
export interface CallbackContext<S extends Names = Names, B extends Names = Names> {
  /** State of this call, read and written in place. */
  readonly state: { -readonly [K in keyof S]: number }
  readonly buffers: { readonly [K in keyof B]: Float64Array | Int32Array }
  readonly shared: Readonly<Record<string, Float64Array | Float32Array>>
  /** Results after the first: `outputs[1]` is `%1`. What is not written keeps what a node before it has left. */
  readonly outputs: Float64Array
  readonly sampleRate: number
}

export type Callback<S extends Names = Names, B extends Names = Names> = (
  context: CallbackContext<S, B>,
  ...inputs: number[]
) => number | undefined

export interface NodeDeclaration<I extends Names, S extends Names, B extends Names> {
  /** What programs call it by; any text. */
  readonly name: string
  /** Markdown; the first sentence stands in lists. */
  readonly doc: string
  /** Chapter of docs/NODES.md. Default `other`. */
  readonly category?: string
  /** In the order of a call's arguments. */
  readonly inputs: { readonly [K in keyof I]: InputDeclaration }
  /** The first is the value of the call, the others `%1` to `%5`. */
  readonly outputs: Readonly<Record<string, OutputDeclaration>>
  readonly state?: { readonly [K in keyof S]: StateDeclaration | number }
  readonly buffers?: { readonly [K in keyof B]: NodeBufferDeclaration }
  readonly shared?: Readonly<Record<string, SharedBufferDeclaration>>
  /** Nodes that the process calls, with ids of their own within this node. */
  readonly uses?: readonly NodeType[]
  readonly process?: (scope: ProcessScope<I, S, B>) => ProcessResult
  readonly callback?: Callback<S, B>
  /** With `callback`: runs after the state has got its initial values. */
  readonly reset?: (context: CallbackContext<S, B>) => void
}

export interface Port {
  readonly name: string
  readonly doc: string
  readonly range: Range | undefined
  readonly unit: string
}

export interface InputPort extends Port {
  readonly default: number | undefined
  readonly constant: boolean
}

export interface NodeState {
  readonly name: string
  readonly doc: string
  readonly type: NumberType
  readonly initial: number
}

export interface NodeBuffer extends NodeBufferDeclaration {
  readonly name: string
  readonly type: NumberType
}

export interface SharedBuffer {
  readonly name: string
  readonly length: number
  readonly single: boolean
}

export interface NodeType {
  readonly name: string
  readonly documentation: string
  readonly category: string
  readonly inputs: readonly InputPort[]
  readonly outputs: readonly Port[]
  readonly state: readonly NodeState[]
  readonly buffers: readonly NodeBuffer[]
  readonly shared: readonly SharedBuffer[]
  readonly uses: readonly NodeType[]
  /** It keeps something from sample to sample, so its calls need ids of their own. */
  readonly stateful: boolean
  readonly process: NodeProcess
}

export type NodeProcess =
  | { readonly kind: 'expression'; readonly build: (scope: ProcessScope) => ProcessResult }
  | {
      readonly kind: 'callback'
      readonly run: Callback
      readonly reset: ((context: CallbackContext) => void) | undefined
    }

/** The value of a call and `%1` to `%5`. */
export const MAX_OUTPUTS = 6

export function defineNode<
  const I extends Names,
  const S extends Names = Record<never, never>,
  const B extends Names = Record<never, never>,
>(declaration: NodeDeclaration<I, S, B>): NodeType {
  const { name, doc, category = 'other', inputs, outputs } = declaration
  const { state = {}, buffers = {}, shared = {}, uses = [] } = declaration
  const states = entries<StateDeclaration | number>(state).map(([key, value]) => nodeState(key, value))
  const ownBuffers = entries<NodeBufferDeclaration>(buffers).map(([key, buffer]) => ({
    ...buffer,
    name: key,
    type: buffer.type ?? 'real',
  }))
  const node: NodeType = {
    ...{ name, category, documentation: doc },
    inputs: entries<InputDeclaration>(inputs).map(([key, port]) => inputPort(key, port)),
    outputs: entries(outputs).map(([key, port]) => outputPort(key, port)),
    state: states,
    buffers: ownBuffers,
    shared: entries(shared).map(([key, s]) => ({ name: key, length: s.length, single: s.single ?? false })),
    uses,
    stateful:
      states.length > 0 || ownBuffers.some(buffer => !buffer.readOnly) || uses.some(used => used.stateful),
    process: processOf(declaration),
  }
  const fault = faultOf(node)
  if (fault) throw misuse('nodeInvalid', { node: name, fault })
  return node
}

const entries = <T>(record: Readonly<Record<string, T>> | Names): [string, T][] =>
  Object.entries(record) as [string, T][]

function outputPort(name: string, { doc = '', range, unit = '' }: OutputDeclaration): Port {
  return { name, doc, range, unit }
}

function inputPort(name: string, port: InputDeclaration): InputPort {
  return { ...outputPort(name, port), default: port.default, constant: port.constant ?? false }
}

function nodeState(name: string, state: StateDeclaration | number): NodeState {
  const { doc = '', type = 'real', initial = 0 } = typeof state === 'number' ? { initial: state } : state
  return { name, doc, type, initial }
}

/** The names that the types promise are those of the declaration, which is where the scopes come from. */
function processOf<I extends Names, S extends Names, B extends Names>(
  declaration: NodeDeclaration<I, S, B>,
): NodeProcess {
  const { name, process, callback, reset } = declaration
  if ((process === undefined) === (callback === undefined)) {
    throw misuse('nodeInvalid', { node: name, fault: 'it needs either `process` or `callback`' })
  }
  if (process) return { kind: 'expression', build: process as unknown as (s: ProcessScope) => ProcessResult }
  return {
    kind: 'callback',
    run: callback as unknown as Callback,
    reset: reset as unknown as ((context: CallbackContext) => void) | undefined,
  }
}

function faultOf(node: NodeType): string | undefined {
  const names = [...node.state, ...node.buffers].map(({ name }) => name)
  if (names.some(name => name.includes('/'))) return 'names of state and buffers cannot contain `/`'
  if (new Set(names).size < names.length) return 'a state and a buffer have the same name'
  if (typeof node.name !== 'string' || node.name === '') return 'it has no name'
  if (node.outputs.length > MAX_OUTPUTS) return `${node.outputs.length} outputs; a call yields at most 6`
  for (const { name, range } of [...node.inputs, ...node.outputs]) {
    if (range && !(range[0] <= range[1])) return `range of \`${name}\`: ${range[0]} to ${range[1]}`
  }
  const late = node.inputs.findLastIndex(input => input.default === undefined)
  const early = node.inputs.findIndex(input => input.default !== undefined)
  if (early >= 0 && early < late) {
    return `\`${node.inputs[late]!.name}\` has no default, but an input before it has`
  }
  return undefined
}
