/**
 * Checks that a Core program keeps the promises that code generation relies on.
 *
 * Comes in: a program, from the language or built by hand. Goes out: faults as text, none when it is sound.
 * A stage of its own because language and builder API meet here: below, nothing checks again.
 */
import { assertNever } from '../source.ts'
import type { BufferDeclaration, Core, CoreProgram } from './ast.ts'
import { purePrimitive } from './primitives.ts'
import { buffersOf, childrenOf } from './traverse.ts'

type SectionName = 'init' | 'control' | 'sample'

/** What a section may do with a name. Locals appear as they are assigned. */
interface Names {
  readonly readable: Set<string>
  readonly assignable: ReadonlySet<string>
  /** Names that a section may not assign at all. */
  readonly fixed: ReadonlySet<string>
  /** Ids of the calls of host functions. */
  readonly calls: ReadonlySet<string>
}

export function verifyCore(program: CoreProgram): string[] {
  const faults: string[] = []
  const programs = [program]
  for (let current = programs.pop(); current; current = programs.pop()) {
    const isGenerator = current !== program
    const where = isGenerator ? `${program.name}/${current.name}: ` : ''
    for (const fault of verifyOne(current, isGenerator)) faults.push(where + fault)
    for (const { content } of current.buffers) {
      if (content.kind === 'generator') programs.push(content.program)
    }
  }
  return faults
}

function verifyOne(program: CoreProgram, isGenerator: boolean): string[] {
  const buffers = new Map(buffersOf(program).map(b => [b.name, b]))
  const faults = [
    ...verifyNames(program),
    ...verifyIds(program),
    ...[...buffers.values()].flatMap(verifyBuffer),
  ]
  if (isGenerator) {
    if (program.inputs.length > 0) faults.push('a generator cannot have inputs')
    if (program.controls.length > 0) faults.push('a generator cannot have controls')
    if (program.outputs.length !== 1) faults.push('a generator has one output')
  }
  const kept = program.kept.map(v => v.name)
  const meters = program.controls.filter(c => c.direction === 'out').map(c => c.name)
  const sliders = program.controls.filter(c => c.direction === 'in').map(c => c.name)
  const fixed = new Set([...program.inputs, ...sliders, '$srate', '$frames'])
  const readable = new Set([...kept, '$srate'])
  const assignable = new Set<string>([...kept, ...meters, ...program.outputs])
  const calls = new Set(program.callbacks?.map(c => c.id))
  const check = (section: SectionName) => {
    faults.push(...verifySection(program[section], section, { readable, assignable, fixed, calls }, buffers))
  }
  check('init')
  for (const name of ['$frames', ...sliders, ...meters]) readable.add(name)
  check('control')
  for (const name of program.inputs) readable.add(name)
  check('sample')
  return faults
}

function verifyNames(program: CoreProgram): string[] {
  const faults: string[] = []
  const owners = new Map<string, string>()
  const claim = (name: string, owner: string) => {
    const other = owners.get(name)
    if (other) faults.push(`${owner} ${name}: the name is also that of an ${other}`)
    owners.set(name, owner)
  }
  for (const name of program.inputs) claim(name, 'input')
  for (const name of program.outputs) claim(name, 'output')
  for (const { name } of program.controls) claim(name, 'element of the interface')
  for (const { name } of program.kept) claim(name, 'element of the state')
  const buffers = program.buffers.map(b => b.name)
  if (new Set(buffers).size < buffers.length) faults.push('two buffers have the same name')
  return faults
}

function verifyIds(program: CoreProgram): string[] {
  const ids = [
    ...program.controls.map(c => `${c.direction} ${c.id}`),
    ...program.kept.map(v => `${v.stateKind} ${v.id}`),
    ...program.buffers.map(b => `${b.shape} ${b.id}`),
  ]
  const seen = new Set<string>()
  const twice = ids.filter(id => seen.has(id) || !seen.add(id))
  return twice.map(id => `state id not unique: ${id}`)
}

function verifyBuffer(buffer: BufferDeclaration): string[] {
  const { name, length, content, shape } = buffer
  const faults: string[] = []
  if (!Number.isInteger(length) || length < 1) faults.push(`buffer ${name}: length ${length}`)
  if (content.kind === 'values' && content.values.length !== length) {
    faults.push(`buffer ${name}: ${content.values.length} values for ${length} elements`)
  }
  if (shape === 'delay' && content.kind !== 'zero') faults.push(`delay line ${name}: must start with zeros`)
  return faults
}

/** `leave` comes after the value of an assignment, `otherwise` and `join` around the second branch of an `if`. */
type Step = 'enter' | 'leave' | 'fork' | 'otherwise' | 'join'

/** What is still to be done, last first: nodes, and what to do with them. */
interface Steps {
  readonly nodes: Core[]
  readonly kinds: Step[]
}

function verifySection(
  root: Core,
  section: SectionName,
  names: Names,
  buffers: ReadonlyMap<string, BufferDeclaration>,
): string[] {
  const faults: string[] = []
  walk(root, names.readable, node => {
    for (const fault of verifyNode(node, section, names, buffers)) faults.push(fault)
  })
  return faults
}

/** Names that some way through a tree reads before it assigns them, in order; `known` are readable from the start. */
export function readsBeforeAssignment(root: Core, known: Iterable<string>): string[] {
  const early = new Set<string>()
  const readable = new Set(known)
  walk(root, readable, node => {
    if (node.kind === 'variable' && !readable.has(node.name)) early.add(node.name)
  })
  return [...early]
}

/** Visits each node before its operands; names become readable as they are assigned for sure. */
function walk(root: Core, readable: Set<string>, visit: (node: Core) => void): void {
  const scope = new Scope(readable)
  const steps: Steps = { nodes: [root], kinds: ['enter'] }
  for (let node = steps.nodes.pop(); node; node = steps.nodes.pop()) {
    const kind = steps.kinds.pop()!
    if (kind === 'enter') {
      visit(node)
      enter(node, steps)
    } else if (kind === 'leave') {
      if (node.kind === 'assign') scope.assign(node.name)
    } else {
      scope[kind]()
    }
  }
}

/** Which names are assigned for sure: after an `if`, those that both branches assign. */
class Scope {
  private readonly readable: Set<string>
  private readonly branches: { first: Set<string>; current: Set<string> }[] = []

  constructor(readable: Set<string>) {
    this.readable = readable
  }

  assign(name: string): void {
    if (this.readable.has(name)) return
    this.readable.add(name)
    this.branches.at(-1)?.current.add(name)
  }

  fork(): void {
    const first = new Set<string>()
    this.branches.push({ first, current: first })
  }

  otherwise(): void {
    const branch = this.branches.at(-1)!
    for (const name of branch.first) this.readable.delete(name)
    branch.current = new Set()
  }

  join(): void {
    const { first, current } = this.branches.pop()!
    for (const name of current) this.readable.delete(name)
    for (const name of first) if (current.has(name)) this.assign(name)
  }
}

function plan({ nodes, kinds }: Steps, kind: Step, node: Core): void {
  nodes.push(node)
  kinds.push(kind)
}

function enter(node: Core, steps: Steps): void {
  if (node.kind === 'if') {
    plan(steps, 'join', node)
    if (node.whenFalse) plan(steps, 'enter', node.whenFalse)
    plan(steps, 'otherwise', node)
    plan(steps, 'enter', node.whenTrue)
    plan(steps, 'fork', node)
    plan(steps, 'enter', node.condition)
    return
  }
  if (node.kind === 'assign') {
    plan(steps, 'leave', node)
    plan(steps, 'enter', node.value)
    return
  }
  const children = childrenOf(node)
  for (let i = children.length - 1; i >= 0; i--) plan(steps, 'enter', children[i]!)
}

const SOUND: readonly string[] = []

/** What can be said of a node without its operands. */
function verifyNode(
  node: Core,
  section: SectionName,
  names: Names,
  buffers: ReadonlyMap<string, BufferDeclaration>,
): readonly string[] {
  switch (node.kind) {
    case 'literal':
    case 'statements':
    case 'if':
      return SOUND
    case 'variable':
      return names.readable.has(node.name) ? SOUND : [`${node.name}: read before it is assigned (${section})`]
    case 'assign':
      return names.fixed.has(node.name) ? [`${node.name}: cannot be assigned (${section})`] : SOUND
    case 'operator': {
      const { inputs } = purePrimitive(node.op)
      return node.args.length === inputs ? SOUND : [`${node.op}: ${node.args.length} operands, not ${inputs}`]
    }
    case 'call':
      return names.calls.has(node.id) ? SOUND : [`${node.node}: the call has not been expanded`]
    case 'bufferDeclare':
    case 'length':
    case 'bufferOp':
      return verifyBufferUse(node, section, buffers.get(node.buffer))
    default:
      return assertNever(node)
  }
}

function verifyBufferUse(
  node: Core & { kind: 'bufferDeclare' | 'length' | 'bufferOp' },
  section: SectionName,
  buffer: BufferDeclaration | undefined,
): string[] {
  if (!buffer) return [`buffer ${node.buffer}: not declared`]
  if (node.kind === 'length') return []
  if (node.kind === 'bufferDeclare') {
    return node.length === buffer.length ? [] : [`buffer ${node.buffer}: declared with two lengths`]
  }
  const faults: string[] = []
  const isDelay = node.op === 'delayRead' || node.op === 'delayWrite'
  if (isDelay !== (buffer.shape === 'delay')) faults.push(`${node.op} of the ${buffer.shape} ${node.buffer}`)
  if (isDelay && section !== 'sample') faults.push(`${node.op} of ${node.buffer} outside the sample section`)
  if (node.op.startsWith('wrap')) faults.push(`${node.op} of ${node.buffer}: has not been expanded`)
  const writes = node.op === 'write' || node.op === 'delayWrite' || node.op === 'wrapWrite'
  if (writes !== (node.value !== undefined))
    faults.push(`${node.op} of ${node.buffer}: value missing or too many`)
  return faults
}
