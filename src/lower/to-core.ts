/**
 * From a scheduled graph to Core, the AST that the library exposes.
 *
 * Comes in: a checked graph, its facts and its schedule. Goes out: a `CoreProgram`. The last stage of the
 * language: from here on a program from text and one built by hand are the same. Every signal becomes a
 * variable of the section its rate asks for; what is remembered becomes kept variables and buffers with stable
 * ids.
 */
import type { Core, CoreProgram } from '../core/ast.ts'
import { interval } from '../core/interval.ts'
import { assertNever, type SourceFile } from '../source.ts'
import {
  assign,
  bufferOperation,
  clampIndex,
  int,
  literal,
  nodeCall,
  operator,
  tableContent,
  tableLength,
  variable,
} from './core-terms.ts'
import { Declarations } from './declarations.ts'
import { type Facts, inferFacts } from './facts.ts'
import { GuardedCode } from './guarded-code.ts'
import { type DelayPlan, resolve, type Schedule, schedule } from './schedule.ts'
import type { Signal, SignalTable } from './signal.ts'
import { Structures } from './structure.ts'

/** Where the past of a signal is: registers for the nearest samples, a delay line for all. */
interface Line {
  readonly registers: readonly string[]
  readonly buffer: string | undefined
}

export interface CoreContext {
  readonly signals: SignalTable
  /** Address of each used widget; names its Core control. */
  readonly ids: ReadonlyMap<Signal, string>
  /** The user's own file: names of its definitions are what the user calls things. */
  readonly main: SourceFile
}

export function toCore(
  name: string,
  inputs: number,
  outputs: readonly Signal[],
  facts: Facts,
  context: CoreContext,
): CoreProgram {
  const structures = new Structures(outputs, facts, resolve)
  const builder = new CoreBuilder(facts, schedule(outputs, facts), context, structures)
  return builder.build(name, inputs, outputs)
}

export class CoreBuilder {
  private readonly facts: Facts
  private readonly plan: Schedule
  private readonly context: CoreContext
  private readonly sections = { init: [] as Core[], control: [] as Core[] }
  private readonly sample: GuardedCode
  /** Run at the end of each sample, when every value of it has been read; made when all names are known. */
  private readonly updates: { signal: Signal; make: () => Core }[] = []
  private readonly declarations: Declarations
  readonly values = new Map<Signal, Core>()
  private readonly lines = new Map<Signal, Line>()
  /** Names of the outputs of a called node. */
  private readonly nodeOutputs = new Map<Signal, readonly string[]>()
  private readonly written = new Set<Signal>()

  /** State inside the generator of a table has no structure: it is not state of the program. */
  constructor(facts: Facts, plan: Schedule, context: CoreContext, structures: Structures | undefined) {
    this.facts = facts
    this.plan = plan
    this.context = context
    this.declarations = new Declarations({ ...context, structures }, facts)
    this.sample = new GuardedCode(plan, facts, c => this.value(c))
  }

  build(name: string, inputCount: number, outputs: readonly Signal[]): CoreProgram {
    for (const plan of this.plan.delays.values()) this.declareDelay(plan)
    // Literals are not scheduled, but their past is not their present: before the start it is 0.
    for (const s of this.plan.delays.keys())
      if ((s.kind === 'int' || s.kind === 'real') && !this.plan.pastConditions.has(s)) this.writeLine(s)
    for (const s of this.plan.order) this.emit(s)
    const inputs = Array.from({ length: inputCount }, (_, i) => `in${i}`)
    const results = outputs.map((s, i) => assign(`out${i}`, this.value(s)))
    this.sample.add(results)
    for (const { signal, make } of this.updates) this.sample.add([make()], signal)
    return {
      name,
      inputs,
      outputs: outputs.map((_, i) => `out${i}`),
      controls: this.declarations.controls,
      kept: this.declarations.kept,
      buffers: this.declarations.buffers,
      init: { kind: 'statements', list: this.sections.init },
      control: { kind: 'statements', list: this.sections.control },
      sample: { kind: 'statements', list: this.sample.finish() },
    }
  }

  private value(signal: Signal): Core {
    const s = resolve(signal)
    if (s.kind === 'int' || s.kind === 'real') return literal(s.value, s.kind)
    const known = this.values.get(s)
    if (!known) throw new Error(`internal error: ${s.kind} ${s.id} is used before it is scheduled`)
    return known
  }

  private emit(s: Signal): void {
    if (s.kind === 'delay') this.writeGatedLine(resolve(s.args[0]!))
    const expression = this.expression(s)
    if (expression) this.define(s, expression)
    if (!this.plan.pastConditions.has(s)) this.writeLine(s)
  }

  /** The line of a signal that is known early waits until its conditions are, which is before it is read. */
  private writeGatedLine(s: Signal): void {
    if (!this.plan.pastConditions.has(s) || this.written.has(s)) return
    this.written.add(s)
    this.writeLine(s)
  }

  private writeLine(s: Signal): void {
    const buffer = this.lines.get(s)?.buffer
    if (buffer === undefined) return
    this.sample.add([bufferOperation('delayWrite', buffer, int(0), this.value(s))], s)
  }

  /** Puts a value into a variable of the section where it can be computed, unless it is a name already. */
  private define(s: Signal, expression: Core): void {
    if (this.plan.held.has(s)) {
      const name = this.declarations.keep(s, 'held', 'memory', this.facts.get(s)!.type)
      this.sample.add([assign(name, expression)], s)
      this.values.set(s, variable(name))
      return
    }
    // A kept variable changes at the end of the sample; its old value gets a name of its own.
    const fixed = expression.kind === 'variable' && !expression.name.startsWith('*')
    if (fixed || expression.kind === 'literal') return void this.values.set(s, expression)
    const name = `v${this.values.size}`
    const section = (['init', 'init', 'control', 'sample'] as const)[this.facts.get(s)!.rate]
    if (section === 'sample') this.sample.add([assign(name, expression)], s)
    else this.sections[section].push(assign(name, expression))
    this.values.set(s, variable(name))
  }

  private expression(s: Signal): Core | undefined {
    switch (s.kind) {
      case 'node':
        return this.call(s)
      case 'nodeOutput':
        return variable(this.nodeOutputs.get(resolve(s.args[0]!))![s.index]!)
      case 'input':
        return variable(`in${s.index}`)
      case 'widget':
        return this.control(s)
      case 'bargraph':
        return this.bargraph(s)
      case 'op':
        return operator(s.op, ...s.args.map(a => this.value(a)))
      case 'delay':
        return this.readDelay(s)
      case 'prefix':
        return this.prefix(s)
      case 'waveform':
        return this.waveform(s)
      case 'table':
        this.table(s, s.args[1]!)
        return undefined
      case 'writtenTable':
        this.writtenTable(s)
        return undefined
      case 'tableRead':
        return this.readTable(s)
      case 'foreign':
        return s.name === 'sampleRate' ? operator('int', variable('$srate')) : variable('$frames')
      case 'attach':
      case 'gate':
      case 'assertBounds':
        return undefined
      case 'int':
      case 'real':
      case 'feedback':
      case 'lowest':
      case 'highest':
      case 'recursion':
      case 'projection':
      case 'reference':
        throw new Error(`internal error: ${s.kind} is not scheduled`)
      default:
        return assertNever(s)
    }
  }

  private call(s: Extract<Signal, { kind: 'node' }>): Core {
    const args = s.args.map(a => this.value(a))
    const { names, code } = nodeCall(s.type, this.declarations.call(s), args, `v${this.values.size}`)
    this.sample.add(code, s)
    this.nodeOutputs.set(s, names)
    return variable(names[0]!)
  }

  private control(s: Extract<Signal, { kind: 'widget' }>): Core {
    const id = this.context.ids.get(s)!
    return variable(this.declarations.control(id, 'in', s.spec.init))
  }

  private bargraph(s: Extract<Signal, { kind: 'bargraph' }>): Core {
    const id = this.context.ids.get(s)!
    const value = this.value(s.args[0]!)
    const name = this.declarations.control(id, 'out', 0)
    this.sample.add([assign(name, value)], s)
    return value
  }

  private declareDelay(plan: DelayPlan): void {
    const { source } = plan
    const { registers, buffer } = this.declarations.past(plan)
    for (let i = registers.length; i >= 1; i--) {
      const from = i === 1 ? source : registers[i - 2]!
      this.keepUp(source, registers[i - 1]!, from)
    }
    this.lines.set(source, { registers, buffer })
  }

  private keepUp(signal: Signal, name: string, from: Signal | string): void {
    const make = () => assign(name, typeof from === 'string' ? variable(from) : this.value(from))
    this.updates.push({ signal, make })
  }

  private readDelay(s: Extract<Signal, { kind: 'delay' }>): Core {
    const source = resolve(s.args[0]!)
    const length = s.args[1]!
    const line = this.lines.get(source)!
    if (length.kind === 'int' && length.value <= line.registers.length)
      return variable(line.registers[length.value - 1]!)
    if (line.buffer !== undefined) return bufferOperation('delayRead', line.buffer, this.value(length))
    // Only a length that is always 0 needs no memory at all.
    const isNeverNow = this.facts.get(length)!.interval.low >= 1
    const now = isNeverNow ? variable(line.registers[0]!) : this.value(source)
    return line.registers.reduce((nearer, register, i) => {
      const isFarther = operator('gt', this.value(length), int(i))
      return operator('select2', isFarther, nearer, variable(register))
    }, now)
  }

  private prefix(s: Signal): Core {
    const name = this.declarations.keep(s, 'prefix', 'memory', this.facts.get(s)!.type)
    this.sections.init.push(assign(name, this.value(s.args[0]!)))
    this.keepUp(s, name, s.args[1]!)
    return variable(name)
  }

  private waveform(s: Extract<Signal, { kind: 'waveform' }>): Core {
    const length = s.values.length
    const position = this.declarations.keep(s, 'position', 'counter', 'int', interval(0, length - 1))
    const content = { kind: 'values', values: s.values } as const
    const buffer = this.declarations.table(s, 'waveform', s.type, length, content)
    const next = operator('add', variable(position), int(1))
    const wrapped = operator('select2', operator('lt', next, int(length)), int(0), next)
    this.updates.push({ signal: s, make: () => assign(position, wrapped) })
    return bufferOperation('read', buffer, variable(position))
  }

  private readonly tables = new Map<Signal, string>()

  private table(s: Signal, content: Signal): string {
    const length = tableLength(s)
    const type = this.facts.get(s)!.type
    const filling = tableContent(content, length, () => this.generator(content))
    const name = this.declarations.table(s, 'table', type, length, filling)
    this.tables.set(s, name)
    return name
  }

  /** Its own facts: rates count from the generator's first sample. */
  private generator(content: Signal): CoreProgram {
    const facts = inferFacts([content])
    const builder = new CoreBuilder(facts, schedule([content], facts), this.context, undefined)
    return builder.build('table', 0, [content])
  }

  private writtenTable(s: Extract<Signal, { kind: 'writtenTable' }>): void {
    const name = this.table(s, s.args[1]!)
    const index = this.clampedIndex(s.args[2]!, s)
    this.sample.add([bufferOperation('write', name, index, this.value(s.args[3]!))], s)
  }

  private readTable(s: Extract<Signal, { kind: 'tableRead' }>): Core {
    const table = s.args[0]!
    return bufferOperation('read', this.tables.get(table)!, this.clampedIndex(s.args[1]!, table))
  }

  private clampedIndex(index: Signal, table: Signal): Core {
    return clampIndex(this.value(index), this.facts.get(index)!, tableLength(table))
  }
}
