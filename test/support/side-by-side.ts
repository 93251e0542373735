/** Programs beside themselves, so that there is something alike to compute in lanes. */
import type { Core, CoreProgram } from '../../src/core/ast.ts'
import { all } from './core.ts'

/** The program beside itself: all its names twice, its inputs once. */
export function twice(parts: CoreProgram, suffix = ' too'): CoreProgram {
  const local = ['u', 'v', 'w', 'u too', 'v too', 'w too']
  const own = new Set([...parts.kept.map(k => k.name), ...parts.outputs, ...local])
  const lines = new Set(parts.buffers.filter(b => b.content.kind === 'zero').map(b => b.name))
  const other = (name: string) => (own.has(name) || lines.has(name) ? `${name}${suffix}` : name)
  const copy = (node: Core): Core => {
    switch (node.kind) {
      case 'variable':
        return { ...node, name: other(node.name) }
      case 'assign':
        return { ...node, name: other(node.name), value: copy(node.value) }
      case 'operator':
        return { ...node, args: node.args.map(copy) }
      case 'if': {
        const { condition, whenTrue, whenFalse } = node
        const branches = { condition: copy(condition), whenTrue: copy(whenTrue) }
        return { kind: 'if', ...branches, ...(whenFalse ? { whenFalse: copy(whenFalse) } : {}) }
      }
      case 'bufferOp': {
        const value = node.value ? { value: copy(node.value) } : {}
        return { ...node, buffer: other(node.buffer), index: copy(node.index), ...value }
      }
      case 'statements':
        return { ...node, list: node.list.map(copy) }
      default:
        return node
    }
  }
  const again = (name: string) => ({ name: other(name), id: `${name}${suffix}` })
  return {
    ...parts,
    outputs: [...parts.outputs, ...parts.outputs.map(other)],
    kept: [...parts.kept, ...parts.kept.map(k => ({ ...k, ...again(k.name) }))],
    buffers: [
      ...parts.buffers,
      ...parts.buffers.filter(b => lines.has(b.name)).map(b => ({ ...b, ...again(b.name) })),
    ],
    init: all(parts.init, copy(parts.init)),
    sample: all(parts.sample, copy(parts.sample)),
  }
}

export const fourTimes = (parts: CoreProgram) => twice(twice(parts), ' again')
