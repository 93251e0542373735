/**
 * From the library's expressions to a Core program.
 *
 * Comes in: a declaration, with names as docs/LIBRARY.md defines them. Goes out: a Core program that still calls nodes,
 * and what the context has to know; or a `LibraryError`. A stage of its own because the library's names mean more
 * than those of Core: constants, `&outputs`, `*persistent` and `$global` variables, and locals that start at 0.
 */
import type { BufferDeclaration, Core, CoreProgram, KeptVariable } from '../core/ast.ts'
import { assign, literal, stmts, variable } from '../core/build.ts'
import { NAMED_CONSTANTS } from '../core/constants.ts'
import { misuse } from '../core/misuse.ts'
import { rewriteCore } from '../core/rewrite.ts'
import { readsBeforeAssignment } from '../core/verify.ts'
import { type Declaration, VALUE } from './declaration.ts'

/** Numbered buffers and tables, and what else the context decides. */
export interface LoweringContext {
  readonly bufferCount: number
  readonly tableCount: number
}

export interface LoweredProgram {
  readonly program: CoreProgram
  /** Outputs whose content on entry matters: the program's last inputs. */
  readonly passedThrough: readonly string[]
  /** `*name`s in the order in which they are met. */
  readonly persistent: readonly string[]
  /** Lengths that the expression declares, by name of the buffer. */
  readonly lengths: ReadonlyMap<string, number>
  readonly parameters: ReadonlyMap<string, string>
}

const GLOBALS: ReadonlySet<string> = new Set(['$srate', '$israte', '$reset'])
const RETURNS = /^%[1-5]$/
const NUMBERED = /^(buffer|table)#(\d+)$/

export function lowerProgram(declaration: Declaration, context: LoweringContext): LoweredProgram {
  return new Lowering(declaration, context).lower()
}

class Lowering {
  private readonly declaration: Declaration
  private readonly context: LoweringContext
  private readonly persistent = new Set<string>()
  private readonly lengths = new Map<string, number>()
  private readonly buffers = new Map<string, BufferDeclaration>()
  private readonly assigned = new Set<string>()

  constructor(declaration: Declaration, context: LoweringContext) {
    this.declaration = declaration
    this.context = context
  }

  lower(): LoweredProgram {
    const { inputs, parameters, outputs, name } = this.declaration
    const { ast } = this.declaration
    const isPreset = outputs.at(-1) === VALUE
    const body = rewriteCore(ast, node => this.node(node))
    const results = outputs.map(output => (output === VALUE && isPreset ? '@value' : `&${output}`))
    const whole = stmts([assign('@value', body), ...results.map(variable)])
    // What the program assigns is a copy; Core's inputs cannot be assigned.
    const given = [...inputs, ...parameters.map(p => p.name)]
    const copied = new Map(given.filter(n => this.assigned.has(n)).map(n => [n, `@in.${n}`]))
    const early = readsBeforeAssignment(whole, [...given, ...this.persistent, ...GLOBALS])
    const passed = isPreset ? results.filter(result => result !== '@value' && early.includes(result)) : []
    for (const output of passed) copied.set(output, `@in.${output}`)
    const zeros = early.filter(n => !copied.has(n) && !RETURNS.test(n))
    const named = (n: string) => copied.get(n) ?? n
    const program: CoreProgram = {
      name,
      inputs: [...inputs, ...passed].map(named),
      outputs: results,
      controls: parameters.map(p => {
        return { name: named(p.name), id: p.name, direction: 'in', initial: p.default } as const
      }),
      kept: [...this.persistent].map(persistentVariable),
      buffers: [...this.buffers.values()],
      init: stmts([]),
      control: stmts([]),
      sample: stmts([
        ...[...copied].map(([to, from]) => assign(to, variable(from))),
        ...zeros.map(n => assign(n, 0)),
        whole,
      ]),
    }
    return {
      program,
      passedThrough: passed.map(output => output.slice(1)),
      persistent: [...this.persistent],
      lengths: this.lengths,
      parameters: new Map(parameters.map(p => [p.name, named(p.name)])),
    }
  }

  private node(node: Core): Core {
    switch (node.kind) {
      case 'variable':
        return this.read(node.name)
      case 'assign':
        return this.assign(node.name, node.value)
      case 'bufferDeclare': {
        if (this.declare(node.buffer).single) throw misuse('tableWritten', { table: node.buffer })
        this.lengths.set(node.buffer, node.length)
        return literal(0)
      }
      case 'length':
        this.declare(node.buffer)
        return node
      case 'bufferOp':
        return this.bufferOp(node)
      default:
        return node
    }
  }

  private read(name: string): Core {
    const value = NAMED_CONSTANTS.get(name)
    if (value !== undefined) return literal(value)
    if (name.startsWith('%') && !RETURNS.test(name)) throw misuse('returnUnknown', { name })
    if (name.startsWith('$') && !GLOBALS.has(name)) throw misuse('variableUnknown', { name })
    return variable(this.resolve(name))
  }

  private assign(name: string, value: Core): Core {
    if (NAMED_CONSTANTS.has(name) || /^[$%]/.test(name)) throw misuse('assignFixed', { name })
    this.assigned.add(name)
    return assign(this.resolve(name), value)
  }

  private resolve(name: string): string {
    if (name.startsWith('*')) this.persistent.add(name)
    if (name.startsWith('&')) {
      const output = name.slice(1)
      const known = this.declaration.outputs.includes(output)
      if (!known || (output === VALUE && this.isValueImplied())) throw misuse('variableUnknown', { name })
    }
    // Names that begin with @ are those of this stage and of expanded nodes.
    return name.startsWith('@') ? `@user.${name}` : name
  }

  private isValueImplied(): boolean {
    return this.declaration.outputs.at(-1) === VALUE
  }

  private bufferOp(node: Core & { kind: 'bufferOp' }): Core {
    const { single = false } = this.declare(node.buffer)
    const writes = node.op === 'write' || node.op === 'wrapWrite'
    if (writes && node.value === undefined) throw misuse('writeWithoutValue', { buffer: node.buffer })
    if (writes && single) throw misuse('tableWritten', { table: node.buffer })
    // Nothing here proves that an index is inside.
    if (node.op === 'read') return { ...node, op: 'wrapRead' }
    if (node.op === 'write') return { ...node, op: 'wrapWrite' }
    if (node.op.startsWith('delay')) throw misuse('delayOperation', { buffer: node.buffer })
    return node
  }

  private declare(name: string): BufferDeclaration {
    const known = this.buffers.get(name)
    if (known) return known
    const numbered = NUMBERED.exec(name)
    const named = this.declaration.buffers.find(b => b.name === name)
    const limit = numbered?.[1] === 'table' ? this.context.tableCount : this.context.bufferCount
    if (!named && !(numbered && Number(numbered[2]) < limit)) throw misuse('bufferUnknown', { buffer: name })
    const single = named?.isTable ?? numbered?.[1] === 'table'
    const buffer: BufferDeclaration = {
      ...{ name, id: name, shape: 'table', type: 'real', length: 1, content: { kind: 'zero' } },
      ...{ open: true, single },
    }
    this.buffers.set(name, buffer)
    return buffer
  }
}

function persistentVariable(name: string): KeptVariable {
  return { name, id: name, stateKind: 'memory', type: 'real', initial: 0 }
}
