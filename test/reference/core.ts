/**
 * Evaluates Core directly, one node after the other: the meaning that compiled programs must have.
 *
 * Shares only the primitive table's `fold` with the compiler. Delay lines are plain histories, memory is Maps.
 */
import type { BufferDeclaration, Core, CoreProgram } from '../../src/core/ast.ts'
import {
  applyTypeRule,
  foldPrimitive,
  type MathFunctions,
  type NumberType,
  type PureName,
  purePrimitive,
  truncateToInt,
} from '../../src/core/primitives.ts'
import type { Precision } from '../../src/core/program.ts'

interface Num {
  readonly type: NumberType
  readonly value: number
}

type Buffer = BufferDeclaration & { data: number[] }
type If = Core & { kind: 'if' }

const unite = (a: NumberType | undefined, b: NumberType | undefined) =>
  a === 'real' || b === 'real' ? 'real' : 'int'

const MATH: MathFunctions = {
  ...{ sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan },
  ...{ atan2: Math.atan2, exp: Math.exp, log: Math.log, log10: Math.log10, pow: Math.pow },
  fmod: (a, b) => a! % b!,
  remainder: (a, b) => a! - b! * Math.round(a! / b!),
  round: a => Math.sign(a!) * Math.floor(Math.abs(a!) + 0.5),
} as MathFunctions

function assignedIn(sections: readonly Core[]): ReadonlySet<string> {
  const names = new Set<string>()
  JSON.stringify(sections, (_, node: Core | undefined) => {
    if (node?.kind === 'assign') names.add(node.name)
    return node
  })
  return names
}

const int = (value: number): Num => ({ type: 'int', value: value | 0 })

export class CoreMachine {
  readonly controls = new Map<string, number>()
  private readonly names = new Map<string, Num>()
  private readonly initOutputs: Map<string, Num>
  private readonly buffers = new Map<string, Buffer>()
  private readonly program: CoreProgram
  /** In blocks, whichever branch runs. */
  private readonly assigned: ReadonlySet<string>
  private readonly round: (x: number) => number
  private position = 0

  constructor(program: CoreProgram, precision: Precision, sampleRate: number) {
    this.program = program
    this.assigned = assignedIn([program.control, program.sample])
    this.round = precision === 'double' ? x => x : Math.fround
    for (const c of program.controls) {
      this.controls.set(c.name, this.round(c.initial))
      if (c.direction === 'out') this.names.set(c.name, this.real(c.initial))
    }
    for (const b of program.buffers) {
      this.buffers.set(b.name, { ...b, data: this.content(b, precision, sampleRate) })
    }
    this.names.set('$srate', this.real(sampleRate))
    for (const v of program.kept) this.assign(v.name, this.real(v.initial))
    this.run(program.init)
    this.initOutputs = new Map([...this.names].filter(([name]) => program.outputs.includes(name)))
  }

  /** One block; `inputs[channel][frame]` gives `outputs[channel][frame]`. */
  compute(inputs: readonly ArrayLike<number>[], frames: number): number[][] {
    const raw = this.computeRaw(inputs, frames)
    return raw.map(channel => channel.map(x => this.convert(x, 'real').value))
  }

  private computeRaw(inputs: readonly ArrayLike<number>[], frames: number): Num[][] {
    const { program, names } = this
    const outputs = program.outputs.map((): Num[] => [])
    names.set('$frames', int(frames))
    for (const c of program.controls) {
      if (c.direction === 'in') names.set(c.name, this.real(this.controls.get(c.name)!))
    }
    for (const name of program.outputs) names.set(name, this.initOutputs.get(name) ?? int(0))
    this.run(program.control)
    const fixed = program.outputs.map(name => names.get(name)!)
    for (let frame = 0; frame < frames; frame++) {
      for (const b of this.buffers.values()) if (b.shape === 'delay') b.data.unshift(0)
      for (const [i, name] of program.outputs.entries()) names.set(name, fixed[i]!)
      for (const [i, name] of program.inputs.entries()) names.set(name, this.real(inputs[i]![frame]!))
      this.run(program.sample)
      for (const [i, name] of program.outputs.entries()) outputs[i]!.push(names.get(name)!)
      for (const b of this.buffers.values()) if (b.shape === 'delay') b.data.length = b.length
    }
    this.quiet(frames)
    for (const c of program.controls) {
      if (c.direction === 'out') this.controls.set(c.name, names.get(c.name)!.value)
    }
    return outputs
  }

  /**
   * After a block, what it has assigned and what has become too small is zero. Lines are looked at together when so many frames have gone by; of one
   * alone, what the block has written is only zero if it is far smaller.
   */
  private quiet(frames: number): void {
    const { names, program } = this
    if (frames === 0) return
    const isDouble = this.round !== Math.fround
    const isSmall = (x: number) => Math.abs(x) < (isDouble ? 2 ** -250 : 2 ** -56)
    const isFarSmaller = (x: number) => Math.abs(x) < (isDouble ? 2 ** -480 : 2 ** -100)
    const meters = program.controls.filter(c => c.direction === 'out')
    for (const { name } of [...program.kept, ...meters]) {
      const value = this.assigned.has(name) ? names.get(name) : undefined
      if (value?.type === 'real' && isSmall(value.value)) names.set(name, this.real(value.value * 0))
    }
    const before = this.position
    this.position += frames
    const lines = [...this.buffers.values()].filter(b => b.shape === 'delay' && b.type === 'real')
    const lengths = lines.map(line => line.length)
    const longest = Math.max(...lengths)
    const often = Math.max(512, Math.min(2 * longest, lengths.reduce((x, y) => x + y, 0) / 8))
    const passes = (count: number) => {
      const step = 2 ** Math.ceil(Math.log2(count))
      return Math.floor(before / step) !== Math.floor(this.position / step)
    }
    for (const { data } of lines) {
      const written = data.slice(0, frames)
      if (data[0] !== 0 && written.every(isFarSmaller)) data.fill(0, 0, frames)
    }
    const isWorthIt = lines.some(({ data }) => data[0] !== 0) || passes(256 * longest)
    if (!passes(often) || !isWorthIt) return
    if (lines.every(({ data }) => data.every(isSmall))) for (const { data } of lines) data.fill(0)
  }

  private content(b: BufferDeclaration, precision: Precision, sampleRate: number): number[] {
    const convert = (x: Num) => this.convert(x, b.type).value
    switch (b.content.kind) {
      case 'zero':
        return new Array(b.length).fill(0)
      case 'values':
        return b.content.values.map(value => convert(b.type === 'int' ? int(value) : this.real(value)))
      case 'generator': {
        const machine = new CoreMachine(b.content.program, precision, sampleRate)
        return machine.computeRaw([], b.length)[0]!.map(convert)
      }
    }
  }

  private real(value: number): Num {
    return { type: 'real', value: this.round(value) }
  }

  private convert(x: Num, type: NumberType): Num {
    if (x.type === type) return x
    return type === 'real' ? this.real(x.value) : int(truncateToInt(x.value))
  }

  private declaredType(name: string): NumberType | undefined {
    const { kept, controls } = this.program
    return kept.find(v => v.name === name)?.type ?? (controls.some(c => c.name === name) ? 'real' : undefined)
  }

  private assign(name: string, value: Num): Num {
    const converted = this.convert(value, this.declaredType(name) ?? value.type)
    this.names.set(name, converted)
    return converted
  }

  private run(node: Core): Num {
    switch (node.kind) {
      case 'literal':
        return node.type === 'int' ? int(node.value) : this.real(node.value)
      case 'variable':
        return this.names.get(node.name)!
      case 'assign':
        return this.assign(node.name, this.run(node.value))
      case 'operator': {
        const args = node.args.map(arg => this.run(arg))
        return this.operate(node.op, args)
      }
      case 'if':
        return this.choose(node)
      case 'bufferOp':
        return this.access(node)
      case 'length':
        return int(this.buffers.get(node.buffer)!.length)
      case 'bufferDeclare':
        return int(0)
      case 'statements':
        return node.list.reduce((_, statement) => this.run(statement), int(0))
      case 'call':
        throw new Error('calls are not evaluated')
    }
  }

  private operate(name: PureName, args: readonly Num[]): Num {
    const rule = purePrimitive(name).type
    const types = args.map(arg => arg.type)
    const { operands, result } = applyTypeRule(rule, types)
    const converted = args.map((arg, i) => this.convert(arg, operands[i]!).value)
    const value = foldPrimitive(name, converted, operands[rule === 'select' ? 1 : 0]!, MATH)
    return result === 'int' ? int(value) : this.real(value)
  }

  /** Whichever branch runs, the types of its value and of what it assigns are united with the other's. */
  private choose(node: If): Num {
    const holds = this.run(node.condition).value !== 0
    const types = new Map([...this.names].map(([name, { type }]) => [name, type]))
    const type = this.branchTypes(node, types)
    const taken = holds ? node.whenTrue : node.whenFalse
    const value = taken ? this.run(taken) : int(0)
    for (const [name, united] of types)
      this.names.set(name, this.convert(this.names.get(name) ?? int(0), united))
    return this.convert(value, type)
  }

  private branchTypes(node: If, types: Map<string, NumberType>): NumberType {
    const first = new Map(types)
    const second = new Map(types)
    const value = this.typeOf(node.whenTrue, first)
    const other = node.whenFalse ? this.typeOf(node.whenFalse, second) : 'int'
    for (const name of [...first.keys(), ...second.keys()]) {
      types.set(name, unite(first.get(name), second.get(name)))
    }
    return unite(value, other)
  }

  private typeOf(node: Core, types: Map<string, NumberType>): NumberType {
    switch (node.kind) {
      case 'literal':
        return node.type
      case 'variable':
        return types.get(node.name)!
      case 'assign': {
        const type = this.declaredType(node.name) ?? this.typeOf(node.value, types)
        types.set(node.name, type)
        return type
      }
      case 'operator': {
        const operands = node.args.map(arg => this.typeOf(arg, types))
        return applyTypeRule(purePrimitive(node.op).type, operands).result
      }
      case 'if':
        this.typeOf(node.condition, types)
        return this.branchTypes(node, types)
      case 'statements':
        return node.list.map(statement => this.typeOf(statement, types)).at(-1) ?? 'int'
      case 'bufferOp':
        for (const part of [node.index, ...(node.value ? [node.value] : [])]) this.typeOf(part, types)
        return node.value ? 'int' : this.buffers.get(node.buffer)!.type
      default:
        return 'int'
    }
  }

  private access(node: Core & { kind: 'bufferOp' }): Num {
    const buffer = this.buffers.get(node.buffer)!
    const index = this.convert(this.run(node.index), 'int').value
    const value = node.value ? this.convert(this.run(node.value), buffer.type) : undefined
    if (node.op === 'delayWrite') buffer.data[0] = value!.value
    else if (node.op === 'write') buffer.data[index] = value!.value
    else return { type: buffer.type, value: buffer.data[index]! }
    return int(0)
  }
}
