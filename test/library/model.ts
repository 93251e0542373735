/**
 * The library in plain JavaScript: an evaluator of expressions, and what a context and its functions keep.
 *
 * Written from docs/LIBRARY.md and knowing nothing of Core's expansion or of WebAssembly. Covers what the original has:
 * its nine nodes but `sin` (whose last bit is the machine's), buffers, tables, atoms, persistent variables.
 */
import type { Core } from '../../src/core/ast.ts'
import { NAMED_CONSTANTS } from '../../src/core/constants.ts'

export interface ModelNode {
  readonly type: string
  value: number
  high: number
}

/** Kept numbers below 2^-250 are zero after a block. */
const quiet = (x: number) => (Math.abs(x) < 2 ** -250 ? x * 0 : x)

export class ModelContext {
  readonly nodes = new Map<string, ModelNode>()
  readonly buffers = new Map<string, number[]>()
  readonly atoms = new Float32Array(32)
  sampleRate = 44100

  buffer(name: string): number[] {
    let buffer = this.buffers.get(name)
    if (!buffer) this.buffers.set(name, (buffer = new Array(name.startsWith('table') ? 1 : 16).fill(0)))
    return buffer
  }

  resize(name: string, length: number): void {
    const before = this.buffer(name)
    this.buffers.set(
      name,
      Array.from({ length }, (_, i) => before[i] ?? 0),
    )
  }
}

interface Declared {
  readonly uids: Map<string, string>
  readonly lengths: Map<string, number>
}

/** What a compilation sees, in the order in which it is translated. */
function declarations(node: Core, found: Declared = { uids: new Map(), lengths: new Map() }): Declared {
  if (node.kind === 'call') for (const arg of node.args) declarations(arg, found)
  else for (const child of parts(node)) declarations(child, found)
  if (node.kind === 'call' && STATEFUL.has(node.node)) found.uids.set(node.id, node.node)
  if (node.kind === 'bufferDeclare') found.lengths.set(node.buffer, node.length)
  return found
}

const STATEFUL = new Set(['accum', 'phase', 's&h', 's&h~'])

function parts(node: Core): readonly Core[] {
  switch (node.kind) {
    case 'assign':
      return [node.value]
    case 'operator':
    case 'call':
      return node.args
    case 'if':
      return [node.condition, node.whenTrue, ...(node.whenFalse ? [node.whenFalse] : [])]
    case 'bufferOp':
      return [node.index, ...(node.value ? [node.value] : [])]
    case 'statements':
      return node.list
    default:
      return []
  }
}

export class ModelFunction {
  private readonly ast: Core
  private readonly context: ModelContext
  private readonly declared: Declared
  readonly persistent = new Map<string, number>()
  private resetFlag = false
  private locals = new Map<string, number>()
  private returns = [0, 0, 0, 0, 0, 0]
  private isReset = 0

  constructor(context: ModelContext, ast: Core) {
    this.context = context
    this.ast = ast
    this.declared = declarations(ast)
    for (const [id, type] of this.declared.uids) {
      if (!context.nodes.has(id)) context.nodes.set(id, { type, value: 0, high: 0 })
    }
  }

  init(sampleRate: number, previous?: ModelFunction): void {
    if (previous) for (const [name, value] of previous.persistent) this.persistent.set(name, value)
    else this.resetFlag = true
    for (const [name, length] of this.declared.lengths) {
      if (this.context.buffer(name).length !== length) this.context.resize(name, length)
    }
    this.context.sampleRate = sampleRate
  }

  reset(): void {
    this.resetFlag = true
    for (const id of this.declared.uids.keys())
      Object.assign(this.context.nodes.get(id)!, { value: 0, high: 0 })
    this.persistent.clear()
  }

  setSampleRate(sampleRate: number): void {
    this.context.sampleRate = sampleRate
    this.reset()
  }

  /** [sig1, sig2, value]. */
  exec(in1: number, in2: number, parameters = [0, 0, 0, 0], lastOfBlock = true): number[] {
    const [alpha, beta, delta, gamma] = parameters as [number, number, number, number]
    this.locals = new Map(Object.entries({ in1, in2, alpha, beta, delta, gamma, '&sig1': 0, '&sig2': 0 }))
    this.returns = [0, 0, 0, 0, 0, 0]
    this.isReset = this.resetFlag ? 1 : 0
    this.resetFlag = false
    const value = this.evaluate(this.ast)
    if (lastOfBlock) this.endBlock()
    return [this.locals.get('&sig1')!, this.locals.get('&sig2')!, value]
  }

  private endBlock(): void {
    for (const [name, value] of this.persistent) this.persistent.set(name, quiet(value))
    for (const id of this.declared.uids.keys()) {
      const node = this.context.nodes.get(id)!
      node.value = quiet(node.value)
    }
  }

  private evaluate(node: Core): number {
    switch (node.kind) {
      case 'literal':
        return node.value
      case 'variable':
        return this.read(node.name)
      case 'assign': {
        const value = this.evaluate(node.value)
        if (node.name.startsWith('*')) this.persistent.set(node.name, value)
        else this.locals.set(node.name, value)
        return value
      }
      case 'operator':
        return this.operator(node)
      case 'if': {
        const holds = this.evaluate(node.condition) !== 0
        const taken = holds ? node.whenTrue : node.whenFalse
        return taken ? this.evaluate(taken) : 0
      }
      case 'call':
        return this.call(
          node.node,
          node.id,
          node.args.map(arg => this.evaluate(arg)),
        )
      case 'bufferDeclare':
        return 0
      case 'length':
        return this.context.buffer(node.buffer).length
      case 'bufferOp':
        return this.bufferOp(node)
      case 'statements': {
        let value = 0
        for (const statement of node.list) value = this.evaluate(statement)
        return value
      }
    }
  }

  private read(name: string): number {
    const constant = NAMED_CONSTANTS.get(name)
    if (constant !== undefined) return constant
    if (name === '$srate') return this.context.sampleRate
    if (name === '$israte') return 1 / this.context.sampleRate
    if (name === '$reset') return this.isReset
    if (name.startsWith('%')) return this.returns[Number(name.slice(1))]!
    if (name.startsWith('*')) return this.persistent.get(name) ?? 0
    return this.locals.get(name) ?? 0
  }

  private operator({ op, args }: Core & { kind: 'operator' }): number {
    if (op === 'float') return this.evaluate(args[0]!)
    const a = this.evaluate(args[0]!)
    const b = this.evaluate(args[1]!)
    const results: Record<string, number | boolean> = {
      ...{ add: a + b, sub: a - b, mul: a * b, div: a / b },
      ...{ eq: a === b, ne: a !== b, lt: a < b, le: a <= b, gt: a > b, ge: a >= b },
    }
    return Number(results[op])
  }

  private bufferOp({ op, buffer: name, index: at, value: written }: Core & { kind: 'bufferOp' }): number {
    const index = this.evaluate(at)
    const buffer = this.context.buffer(name)
    const length = buffer.length
    const whole = Math.floor(index)
    const i = Number.isFinite(whole) ? ((whole % length) + length) % length : 0
    if (written) {
      buffer[i] = this.evaluate(written)
      return 0
    }
    if (op === 'wrapRead') return buffer[i]!
    const fraction = Number.isFinite(index) ? index - whole : 0
    return buffer[i]! * (1 - fraction) + buffer[(i + 1) % length]! * fraction
  }

  private call(type: string, id: string, [a, b]: number[]): number {
    const x = a!
    const y = b ?? 0
    const state = this.context.nodes.get(id)
    switch (type) {
      case 'accum':
        return (state!.value = y > 0.5 ? 0 : state!.value + x)
      case 'phase': {
        if (fires(state!, y)) state!.value = 0
        const now = state!.value
        const next = now + x * (1 / this.context.sampleRate)
        state!.value = next - Math.trunc(next)
        return now
      }
      case 's&h':
        if (fires(state!, y)) state!.value = x
        return state!.value
      case 's&h~':
        if (y > 0.5) state!.value = x
        return state!.value
      case '/%':
        this.returns[1] = x % y
        return x / y
      default:
        return this.atom(type, x, y)
    }
  }

  private atom(type: string, index: number, value: number): number {
    const { atoms } = this.context
    const whole = Math.floor(index)
    const i = whole >= 2 ** 64 ? 31 : whole >= 0 ? whole % 32 : 0
    if (type === 'atomw') {
      atoms[i] = value
      return value
    }
    if (type === 'atomr') return atoms[i]!
    const fraction = index - Math.trunc(index)
    return atoms[i]! * (1 - fraction) + fraction * atoms[(i + 1) % 32]!
  }
}

function fires(state: ModelNode, level: number): boolean {
  const x = Math.fround(level)
  if (state.high > 0.5) {
    if (x <= 0.25) state.high = 0
    return false
  }
  if (x > 0.5) state.high = 1
  return x > 0.5
}
