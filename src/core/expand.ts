/**
 * Puts the nodes that a program calls into it.
 *
 * Comes in: a program with calls and with buffer operations that take any index. Goes out: one with neither, whose
 * state is kept variables and buffers under the ids of the calls; what remains of a call is that of a TypeScript
 * function. A stage of its own, before code generation, so that everything below optimises through nodes, and so
 * that language, builder and block programs get their nodes in the same way.
 */
import type { BufferDeclaration, Core, CoreProgram, HostCall, KeptVariable, StateOrigin } from './ast.ts'
import { assign, literal, opDiv, prim, stmts, variable } from './build.ts'
import { expandIndex } from './expand-index.ts'
import { misuse } from './misuse.ts'
import { makeTemplate, RESULT } from './node-template.ts'
import { type BufferContext, MAX_OUTPUTS, type NodeBuffer, type NodeType } from './node-type.ts'
import { rewriteCore } from './rewrite.ts'
import { isShort, namesIn, nodesOf, sectionsOf } from './traverse.ts'

export interface ExpandOptions {
  readonly find: (name: string) => NodeType | undefined
  /** The highest that the program has to work at, in hertz; lengths of buffers depend on it. */
  readonly sampleRate: number
}

/** A call as it was expanded; nested ones too. */
export interface ExpandedCall {
  readonly id: string
  readonly type: NodeType
  readonly constants: Readonly<Record<string, number>>
  /** Ids of its kept variables by the name of the state, and of its buffers by theirs. */
  readonly state: ReadonlyMap<string, string>
  readonly buffers: ReadonlyMap<string, string>
  /** Of a TypeScript function: the id of its `HostCall`. */
  readonly host: string | undefined
  /** How its state is found again, when not by the id. */
  readonly origin: StateOrigin | undefined
}

export interface Expansion {
  readonly program: CoreProgram
  readonly calls: readonly ExpandedCall[]
}

/** Where TypeScript functions find and leave `%1` to `%5`, and leave their value. */
export const RESULTS = '$results'
/** Highest sample rate unless told otherwise. */
export const HIGHEST_SAMPLE_RATE = 192000
const MAX_NESTING = 64

type Call = Core & { kind: 'call' }

export function expandProgram(program: CoreProgram, options: ExpandOptions): Expansion {
  if (!needsExpansion(program)) return { program, calls: [] }
  const expander = new Expander(program, options)
  return { program: expander.expand(), calls: expander.calls }
}

function needsExpansion(program: CoreProgram): boolean {
  const sections = sectionsOf(program)
  if (sections.some(isShort)) return true
  if (sections.some(section => EXPANDED.some(name => namesIn([section]).read.has(name)))) return true
  return generatorsOf(program).some(needsExpansion)
}

/** Names that mean something here only. */
const EXPANDED = ['$israte', '$reset', '%1', '%2', '%3', '%4', '%5']

function generatorsOf(program: CoreProgram): CoreProgram[] {
  return program.buffers.flatMap(({ content }) => (content.kind === 'generator' ? [content.program] : []))
}

/** Processes compute with reals. */
const asReal = (arg: Core): Core => (arg.kind === 'literal' ? literal(arg.value) : prim.float(arg))

class Expander {
  readonly calls: ExpandedCall[] = []
  private readonly program: CoreProgram
  private readonly options: ExpandOptions
  private readonly kept: KeptVariable[]
  private readonly buffers: Map<string, BufferDeclaration>
  private readonly templates = new Map<NodeType, Map<string, Core>>()
  private readonly callbacks: HostCall[] = []
  private count = 0
  private nesting = 0

  constructor(program: CoreProgram, options: ExpandOptions) {
    this.program = program
    this.options = options
    this.kept = [...program.kept]
    this.buffers = new Map(program.buffers.map(b => [b.name, this.generated(b)]))
  }

  expand(): CoreProgram {
    const [init, control, sample] = sectionsOf(this.program).map(section => this.section(section))
    const read = new Set<string>()
    for (const section of [init!, control!, sample!]) {
      for (const node of nodesOf(section)) if (node.kind === 'variable') read.add(node.name)
    }
    const further = Array.from({ length: MAX_OUTPUTS - 1 }, (_, i) => `%${i + 1}`)
    const zeros = further.filter(name => read.has(name)).map(name => assign(name, 0))
    const period = read.has('$israte') ? [assign('$israte', opDiv(1, variable('$srate')))] : []
    const isStart = read.has('$reset')
    if (isStart && !this.kept.some(v => v.name === '$reset')) {
      this.kept.push({ name: '$reset', id: '$reset', stateKind: 'memory', type: 'real', initial: 1 })
    }
    return {
      ...this.program,
      kept: this.kept,
      buffers: [...this.buffers.values()],
      ...(this.callbacks.length > 0 && { callbacks: this.callbacks }),
      init: stmts([...period, init!]),
      control: control!,
      sample: stmts([...zeros, sample!, ...(isStart ? [assign('$reset', 0)] : [])]),
    }
  }

  private generated(buffer: BufferDeclaration): BufferDeclaration {
    const { content } = buffer
    if (content.kind !== 'generator') return buffer
    return {
      ...buffer,
      content: { kind: 'generator', program: expandProgram(content.program, this.options).program },
    }
  }

  private section(section: Core): Core {
    return rewriteCore(section, node => {
      if (node.kind === 'call') return this.call(node, this.find(node.node))
      return this.index(node)
    })
  }

  private find(name: string): NodeType {
    const type = this.options.find(name)
    if (!type) throw misuse('nodeUnknown', { node: name })
    return type
  }

  private index(node: Core): Core {
    if (node.kind !== 'bufferOp' || !node.op.startsWith('wrap')) return node
    return expandIndex(node, `@${this.count++}.`)
  }

  private call(node: Call, type: NodeType): Core {
    if (this.nesting >= MAX_NESTING) {
      throw misuse('nodeInvalid', { node: type.name, fault: 'it calls itself' })
    }
    const prefix = `@${this.count++}.`
    const constants = this.constantsOf(type, node)
    const args = type.inputs.map((input, i) =>
      assign(`${prefix}in:${input.name}`, asReal(node.args[i] ?? literal(input.default ?? 0))),
    )
    const call = this.declare(type, node, constants, prefix)
    if (type.process.kind === 'callback') return stmts([...args, ...this.callback(call, prefix)])
    this.nesting++
    const body = this.instantiate(this.template(type, constants), call, prefix)
    this.nesting--
    return stmts([...args, body])
  }

  private constantsOf(type: NodeType, node: Call): Record<string, number> {
    const constants: Record<string, number> = {}
    for (const [i, input] of type.inputs.entries()) {
      if (!input.constant) continue
      const arg = node.args[i]
      if (arg && arg.kind !== 'literal') throw misuse('constantInput', { node: type.name, input: input.name })
      constants[input.name] = arg ? arg.value : (input.default ?? 0)
    }
    return constants
  }

  private template(type: NodeType, constants: Readonly<Record<string, number>>): Core {
    const known = this.templates.get(type) ?? new Map<string, Core>()
    this.templates.set(type, known)
    const key = Object.values(constants).join()
    const template = known.get(key) ?? makeTemplate(type, constants)
    known.set(key, template)
    return template
  }

  /** State and buffers of a call, under its id. */
  private declare(
    type: NodeType,
    { id, origin }: Call,
    constants: Readonly<Record<string, number>>,
    prefix: string,
  ): ExpandedCall {
    const owner = { node: type.name, ...(origin && { origins: [origin] }) }
    const state = new Map(type.state.map(({ name }) => [name, `${id}/${name}`]))
    const buffers = new Map<string, string>()
    if (type.process.kind === 'expression') {
      for (const { name, type: numbers, initial } of type.state) {
        const variable = { id: `${id}/${name}`, stateKind: 'node', type: numbers, initial, ...owner } as const
        this.kept.push({ ...variable, name: `${prefix}state:${name}` })
      }
    } else {
      for (const { name, initial } of type.state) {
        const content = { kind: 'values', values: [initial] } as const
        this.buffer({ name: `${id}/${name}`, length: 1, content, open: true, ...owner })
      }
    }
    const context = { sampleRate: this.options.sampleRate, constants }
    for (const buffer of type.buffers)
      buffers.set(buffer.name, this.ownBuffer(type, buffer, id, { ...context, owner }))
    for (const { name, length, single } of type.shared) {
      this.buffer({ name: `$${name}`, length, single, content: { kind: 'zero' }, open: true })
    }
    const isHost = type.process.kind === 'callback'
    const host = isHost ? (type.stateful ? id : `${id}~${this.count++}`) : undefined
    const call = { id, type, constants, state, buffers, host, origin }
    this.calls.push(call)
    return call
  }

  private ownBuffer(
    type: NodeType,
    buffer: NodeBuffer,
    id: string,
    context: BufferContext & { readonly owner: Pick<BufferDeclaration, 'origins' | 'node'> },
  ): string {
    const asked = typeof buffer.length === 'number' ? buffer.length : buffer.length(context)
    const length = Math.ceil(asked)
    if (!(length >= 1 && length <= 2 ** 27)) {
      throw misuse('nodeInvalid', { node: type.name, fault: `\`${buffer.name}\` has the length ${asked}` })
    }
    const name = buffer.readOnly
      ? `${type.name}(${Object.values(context.constants).join()})/${buffer.name}`
      : `${id}/${buffer.name}`
    const values = buffer.initial?.(context)
    const padded = values && Array.from({ length }, (_, i) => values[i] ?? 0)
    const content = padded ? ({ kind: 'values', values: padded } as const) : ({ kind: 'zero' } as const)
    const isOpen = type.process.kind === 'callback'
    const owner = buffer.readOnly ? {} : context.owner
    this.buffer({ name, length, type: buffer.type, content, ...owner, ...(isOpen && { open: true }) })
    return name
  }

  private buffer(
    given: Pick<BufferDeclaration, 'name' | 'length' | 'content'> & Partial<BufferDeclaration>,
  ): void {
    if (this.buffers.has(given.name)) return
    this.buffers.set(given.name, { id: given.name, shape: 'table', type: 'real', ...given })
  }

  private instantiate(template: Core, call: ExpandedCall, prefix: string): Core {
    const nameOf = (name: string) => (/^[$%]/.test(name) ? name : prefix + name)
    const bufferOf = (name: string) => {
      const own = call.buffers.get(name.slice(name.indexOf(':') + 1))
      return name.startsWith('own:') ? own! : `$${name.slice('shared:'.length)}`
    }
    return rewriteCore(template, node => {
      switch (node.kind) {
        case 'variable':
        case 'assign':
          return { ...node, name: nameOf(node.name) }
        case 'length':
          return { ...node, buffer: bufferOf(node.buffer) }
        case 'bufferOp':
          return this.index({ ...node, buffer: bufferOf(node.buffer) })
        case 'call': {
          const type = call.type.uses.find(({ name }) => name === node.node) ?? this.find(node.node)
          return this.call(
            { ...node, id: `${call.id}/${node.id}`, ...(call.origin && { origin: call.origin }) },
            type,
          )
        }
        default:
          return node
      }
    })
  }

  /** The function reads and writes `%1` … in memory, and leaves its value there. */
  private callback({ host, type }: ExpandedCall, prefix: string): Core[] {
    const id = host!
    this.callbacks.push({ id, node: type.name, arguments: type.inputs.length })
    this.buffer({ name: RESULTS, length: MAX_OUTPUTS, content: { kind: 'zero' }, open: true })
    const at = (i: number): Core => ({ kind: 'literal', value: i, type: 'int' })
    const cell = { kind: 'bufferOp', buffer: RESULTS } as const
    const further = type.outputs.slice(1).map((_, i) => i + 1)
    const args = type.inputs.map(input => variable(`${prefix}in:${input.name}`))
    return [
      ...further.map((i): Core => ({ ...cell, op: 'write', index: at(i), value: variable(`%${i}`) })),
      { kind: 'call', node: type.name, id, args },
      assign(prefix + RESULT, { ...cell, op: 'read', index: at(0) }),
      ...further.map(i => assign(`%${i}`, { ...cell, op: 'read', index: at(i) })),
      variable(prefix + RESULT),
    ]
  }
}
