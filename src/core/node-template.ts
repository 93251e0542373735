/**
 * The process of a node as Core with names of its own, made once a node type and set of constants.
 *
 * Comes in: a node type and the values of its constant inputs. Goes out: the expression, whose value is the first
 * output, and faults of the declaration as errors. A stage of its own because a program may call a node ten thousand
 * times, and running its process once is enough: each call only renames.
 *
 * Names in a template: `in:x` inputs, `state:x` state, `%1` … further outputs, all others locals, which start at 0.
 * Buffers: `own:x`, `shared:x`.
 */
import type { Core } from './ast.ts'
import { assign, type Operand, stmts, variable } from './build.ts'
import { NAMED_CONSTANTS } from './constants.ts'
import { misuse } from './misuse.ts'
import type { NodeType, ProcessResult, ProcessScope } from './node-type.ts'
import { rewriteCore } from './rewrite.ts'
import { nodesOf } from './traverse.ts'
import { readsBeforeAssignment } from './verify.ts'

export const RESULT = 'result'

export function makeTemplate(type: NodeType, constants: Readonly<Record<string, number>>): Core {
  if (type.process.kind !== 'expression') throw new Error(`internal error: ${type.name} is a callback`)
  const { run, outputs } = listed(type.process.build(scopeOf(type, constants)))
  if (outputs.length !== type.outputs.length) {
    const fault = `its process yields ${outputs.length} outputs, not the ${type.outputs.length} that it declares`
    throw misuse('nodeInvalid', { node: type.name, fault })
  }
  // Further outputs first go to locals: a process may read what nodes that it calls left in %1.
  const results = outputs.map((output, i) => assign(i === 0 ? RESULT : `out:${i}`, output))
  const further = outputs.slice(1).map((_, i) => assign(`%${i + 1}`, variable(`out:${i + 1}`)))
  const value = outputs.length > 0 ? [variable(RESULT)] : [0]
  const body = rewriteCore(stmts([...run, ...results, ...further, ...value]), named)
  checkNames(type, body)
  const known = new Set(['$srate', '$israte', '$reset'])
  for (const input of type.inputs) known.add(`in:${input.name}`)
  for (const state of type.state) known.add(`state:${state.name}`)
  const zeros = readsBeforeAssignment(body, known).filter(name => !name.startsWith('%'))
  return zeros.length === 0 ? body : stmts([...zeros.map(name => assign(name, 0)), body])
}

function listed(result: ProcessResult): { run: readonly Operand[]; outputs: readonly Operand[] } {
  if (typeof result === 'number' || 'kind' in result) return { run: [], outputs: [result] }
  return { run: result.run ?? [], outputs: result.outputs }
}

/** Records of any names; what a node does not declare is refused when it is asked for. */
function record<T>(
  type: NodeType,
  what: string,
  entries: readonly (readonly [string, T])[],
): Record<string, T> {
  const known = new Map(entries)
  return new Proxy(Object.fromEntries(entries), {
    get(target, key) {
      if (typeof key === 'string' && !known.has(key)) {
        throw misuse('nodeInvalid', { node: type.name, fault: `its process asks for the ${what} \`${key}\`` })
      }
      return Reflect.get(target, key)
    },
  })
}

function scopeOf(type: NodeType, constants: Readonly<Record<string, number>>): ProcessScope {
  const handle = (space: string, name: string) => [name, { buffer: `${space}:${name}` }] as const
  return {
    inputs: record(
      type,
      'input',
      type.inputs.map(({ name }) => [name, variable(`in:${name}`)] as const),
    ),
    state: record(
      type,
      'state',
      type.state.map(({ name }) => [name, variable(`state:${name}`)] as const),
    ),
    buffers: record(
      type,
      'buffer',
      type.buffers.map(({ name }) => handle('own', name)),
    ),
    shared: record(
      type,
      'shared buffer',
      type.shared.map(({ name }) => handle('shared', name)),
    ),
    constants,
    sampleRate: variable('$srate'),
    samplePeriod: variable('$israte'),
  }
}

function named(node: Core): Core {
  const value = node.kind === 'variable' ? NAMED_CONSTANTS.get(node.name) : undefined
  return value === undefined ? node : { kind: 'literal', value, type: 'real' }
}

/** What stands before it has a meaning that a node, which is no program, does not have. */
const FOREIGN = /^[*&]|^\$(?!srate$|israte$|reset$)|^%(?![1-5]$)/

function checkNames(type: NodeType, body: Core): void {
  const refuse = (fault: string) => {
    throw misuse('nodeInvalid', { node: type.name, fault })
  }
  for (const node of nodesOf(body)) {
    if (node.kind === 'variable' && FOREIGN.test(node.name)) refuse(`its process reads \`${node.name}\``)
    if (node.kind === 'assign' && (/^[$*&]|^in:/.test(node.name) || NAMED_CONSTANTS.has(node.name))) {
      refuse(`its process assigns \`${node.name}\``)
    }
    if (node.kind === 'bufferDeclare') refuse('its process declares a buffer; use `buffers`')
    if ('buffer' in node && !/^(own|shared):/.test(node.buffer)) {
      refuse(`its process uses the buffer \`${node.buffer}\`, which is not its own`)
    }
  }
}
