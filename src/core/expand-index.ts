/**
 * Buffer operations with any index, as operations with an index that is inside.
 *
 * Comes in: one `wrapRead`, `wrapReadLinear` or `wrapWrite`. Goes out: Core of the basic operations. Apart from
 * expand.ts because this is arithmetic only: i = ⌊index⌋ mod length, Euclidean, so that -1 is the last element.
 * `fmod` is exact, so this holds for every double; NaN and infinities give 0. Within the length, the common case, it
 * costs two comparisons.
 */
import type { BufferOperation, Core } from './ast.ts'
import { assign, iff, opGe, opLt, opNe, prim, stmts, variable } from './build.ts'
import { both } from './expressions.ts'

const int = (value: number): Core => ({ kind: 'literal', value, type: 'int' })

/** `prefix` makes the names of temporary variables unique. */
export function expandIndex(node: BufferOperation, prefix: string): Core {
  const { buffer } = node
  const temporary = (name: string) => variable(`${prefix}${name}`)
  const [index, whole, fraction, at] = ['index', 'whole', 'fraction', 'at'].map(temporary)
  const length: Core = { kind: 'length', buffer }
  const isLinear = node.op === 'wrapReadLinear'
  const rest = temporary('rest')
  const outside = stmts([
    assign(rest, prim.fmod(whole!, prim.float(length))),
    ...(isLinear ? [iff(opNe(rest, rest), assign(fraction!, 0))] : []),
    prim.int(iff(opLt(rest, 0), prim.add(rest, prim.float(length)), rest)),
  ])
  const inside = both(opGe(whole!, 0), opLt(whole!, prim.float(length)))
  const locate = [
    ...(isLinear ? [assign(index!, node.index), assign(whole!, prim.floor(index!))] : []),
    ...(isLinear ? [assign(fraction!, prim.sub(index!, whole!))] : [assign(whole!, prim.floor(node.index))]),
    assign(at!, iff(inside, prim.int(whole!), outside)),
  ]
  const read = (index: Core): Core => ({ kind: 'bufferOp', op: 'read', buffer, index })
  if (node.value) return stmts([...locate, { ...node, op: 'write', index: at! }])
  if (!isLinear) return stmts([...locate, read(at!)])
  const following = prim.add(at!, int(1))
  const second = temporary('following')
  return stmts([
    ...locate,
    assign(second, following),
    // a·(1 - f) + b·f, from the last element to the first.
    prim.add(
      prim.mul(read(at!), prim.sub(1, fraction!)),
      prim.mul(read(prim.select2(prim.lt(second, length), int(0), second)), fraction!),
    ),
  ])
}
