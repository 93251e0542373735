/**
 * What hosts may see of a function between two samples: persistent variables, state of nodes, and how it was made.
 *
 * Comes in: an image and a name. Goes out: references into the context's memory. Apart from function.ts because that
 * is what runs.
 */
import { dumpCore } from '../core/dump.ts'
import { stateObject } from './callbacks.ts'
import type { DSPNodeContext, Reference } from './context.ts'
import type { FunctionImage } from './image.ts'

/** By the index that the context gives for its name, or by name; undefined if the function has none. */
export function persistentVariable(
  context: DSPNodeContext,
  image: FunctionImage,
  variable: number | string,
): Reference | undefined {
  const index = typeof variable === 'number' ? variable : context.persistent.get(variable)
  const { offset, names } = image.persistent
  if (index === undefined || !(index >= 0 && index < names.length)) return undefined
  const { memory } = context
  const at = offset / 8 + index
  return {
    get value() {
      return memory.views.f64[at]!
    },
    set value(value) {
      memory.views.f64[at] = value
    },
  }
}

/** Variables of a node that the function uses, read and written by name. */
export function nodeState(
  context: DSPNodeContext,
  image: FunctionImage,
  id: string,
): Record<string, number> | undefined {
  const call = image.calls.find(c => c.id === id && c.type.stateful)
  if (!call) return undefined
  const kind = call.host === undefined ? 'node' : 'table'
  const cells = [...call.state].map(([name, key]) => {
    return [name, image.cells.find(cell => cell.key === `${kind} ${key}`)!] as const
  })
  return stateObject(context, cells)
}

/** Of the original's form. */
export function debugText(image: FunctionImage, ir: string): string {
  const ast = dumpCore(image.declaration.ast)
  return [
    `---------- AST ----------\n${ast}\n`,
    `------- JIT IR -------\n${ir}\n`,
    '---------- END ----------',
  ].join('')
}
