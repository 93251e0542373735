/**
 * Translates one Core tree into kernel instructions.
 *
 * Comes in: a tree and a scope. Goes out: the value of the tree; assignments are left in the scope. A stage of
 * its own because it is the only place that walks Core; it walks with a stack of its own, for trees of any depth.
 */
import type { Core } from '../core/ast.ts'
import { NO_OPERANDS, type NumberType, purePrimitive, typeRuleOf, withOperand } from '../core/primitives.ts'
import { childrenOf } from '../core/traverse.ts'
import { assertNever } from '../source.ts'
import { emitPrimitive } from './emit-primitive.ts'
import type { Instruction, Value } from './kernel.ts'
import { bufferLength, readBuffer, writeBuffer } from './to-kernel-buffer.ts'
import {
  constant,
  convert,
  literal,
  numberType,
  readResident,
  type Scope,
  setAll,
  truth,
  writeResident,
} from './to-kernel-scope.ts'

type If = Core & { kind: 'if' }

/** What to do with a node: `FINISH` comes after its operands; the others stand between the parts of an `if`. */
const ENTER = 0
const FINISH = 1
const FORK = 2
const OTHERWISE = 3
const JOIN = 4

/** A translated branch of an `if`, still open to additions at its end. */
interface Branch {
  readonly instructions: Instruction[]
  readonly value: Value
  readonly assigned: ReadonlyMap<string, Value>
}

interface State {
  readonly scope: Scope
  /** What is still to be done, last first: nodes, and what to do with them. */
  readonly nodes: Core[]
  readonly actions: number[]
  /** Values of finished nodes whose parent is not finished yet. */
  readonly values: Value[]
  readonly conditions: Value[]
  readonly firstBranches: Branch[]
}

export function translate(scope: Scope, root: Core): Value {
  const state: State = {
    ...{ scope, nodes: [], actions: [], values: [] },
    ...{ conditions: [], firstBranches: [] },
  }
  const { nodes, actions, values } = state
  plan(state, ENTER, root)
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const action = actions.pop()!
    if (action === ENTER) enter(state, node)
    else if (action === FINISH) {
      const first = values.length - countChildren(node)
      const args = values.slice(first)
      values.length = first
      values.push(finish(scope, node, args))
    } else between(state, action)
  }
  return values.pop()!
}

function plan({ nodes, actions }: State, action: number, node: Core): void {
  nodes.push(node)
  actions.push(action)
}

function between(state: State, action: number): void {
  const { scope, values, conditions, firstBranches } = state
  if (action === FORK) conditions.push(truth(scope, values.pop()!))
  else if (action === OTHERWISE) firstBranches.push(endBranch(scope, values.pop()!))
  else {
    const second = endBranch(scope, values.pop()!)
    values.push(join(scope, conditions.pop()!, firstBranches.pop()!, second))
    return
  }
  startBranch(scope)
}

const NONE: readonly Value[] = []
const ZERO: Core = { kind: 'literal', value: 0, type: 'int' }

function enter(state: State, node: Core): void {
  switch (node.kind) {
    case 'literal':
    case 'variable':
    case 'bufferDeclare':
    case 'length':
      state.values.push(finish(state.scope, node, NONE))
      return
    case 'if':
      enterIf(state, node)
      return
    case 'assign':
      plan(state, FINISH, node)
      plan(state, ENTER, node.value)
      return
    default: {
      plan(state, FINISH, node)
      const children = childrenOf(node)
      for (let i = children.length - 1; i >= 0; i--) plan(state, ENTER, children[i]!)
    }
  }
}

function countChildren(node: Core): number {
  return node.kind === 'assign' ? 1 : childrenOf(node).length
}

/** Planned last is done first. */
function enterIf(state: State, node: If): void {
  plan(state, JOIN, node)
  plan(state, ENTER, node.whenFalse ?? ZERO)
  plan(state, OTHERWISE, node)
  plan(state, ENTER, node.whenTrue)
  plan(state, FORK, node)
  plan(state, ENTER, node.condition)
}

function startBranch(scope: Scope): void {
  scope.b.open()
  scope.names.fork()
}

function endBranch(scope: Scope, value: Value): Branch {
  return { instructions: scope.b.close(), value, assigned: scope.names.join() }
}

/** The value of an `if` and the names that it assigns become results of the kernel's `if`. */
function join(scope: Scope, condition: Value, first: Branch, second: Branch): Value {
  const names = [...new Set([...first.assigned.keys(), ...second.assigned.keys()])]
  const pairs = names.map(name => {
    const before = scope.names.get(name)
    return [first.assigned.get(name) ?? before, second.assigned.get(name) ?? before] as const
  })
  pairs.push([first.value, second.value])
  const types = pairs.map(pair => pair.map(v => (v ? numberType(v) : 'int')))
  const united = types.map(([a, b]): NumberType => (a === 'real' || b === 'real' ? 'real' : 'int'))
  const region = (branch: Branch, side: 0 | 1) => {
    scope.b.open(branch.instructions)
    const yields = pairs.map((pair, i) => convert(scope, pair[side] ?? constant(scope, 0, 'int'), united[i]!))
    return { instructions: scope.b.close(), yields }
  }
  const results = scope.b.choose(condition, region(first, 0), region(second, 1))
  setAll(scope.names, names, results)
  return results.at(-1)!
}

/** What the import behind a call is called. */
export const hostFunction = (id: string): string => `host:${id}`

function toDouble(scope: Scope, value: Value): Value {
  const real = convert(scope, value, 'real')
  return real.type === 'f32' ? scope.b.op('f64.promote_f32', real) : real
}

function finish(scope: Scope, node: Core, args: readonly Value[]): Value {
  switch (node.kind) {
    case 'literal':
      return literal(scope, node.value, node.type)
    case 'variable': {
      const resident = scope.resident.get(node.name)
      if (resident) return readResident(scope, resident)
      const value = scope.names.get(node.name)
      if (!value) throw new Error(`internal error: ${node.name} is read before it is assigned`)
      return value
    }
    case 'assign': {
      const type = scope.types.get(node.name)
      const value = type ? convert(scope, args[0]!, type) : args[0]!
      const resident = scope.resident.get(node.name)
      if (resident) writeResident(scope, resident, value)
      else scope.names.set(node.name, value)
      return value
    }
    case 'operator': {
      const rule = purePrimitive(node.op).type
      let types = NO_OPERANDS
      for (const arg of args) types = withOperand(types, numberType(arg))
      const { operands } = typeRuleOf(rule, types)
      const converted = args.map((arg, i) => convert(scope, arg, operands[i]!))
      return emitPrimitive(scope.b, node.op, operands[rule === 'select' ? 1 : 0]!, scope.precision, converted)
    }
    case 'bufferOp':
      return node.value ? writeBuffer(scope, node, args[0]!, args[1]!) : readBuffer(scope, node, args[0]!)
    case 'length':
      return bufferLength(scope, node.buffer)
    case 'bufferDeclare':
      return scope.b.i32(0)
    case 'statements':
      return args.at(-1) ?? scope.b.i32(0)
    case 'call':
      // Functions of the host take doubles and leave results in memory, so that no pass takes them for pure.
      scope.b.callVoid(
        hostFunction(node.id),
        args.map(arg => toDouble(scope, arg)),
      )
      return scope.b.i32(0)
    case 'if':
      throw new Error('internal error: an if is finished by its join')
    default:
      return assertNever(node)
  }
}
