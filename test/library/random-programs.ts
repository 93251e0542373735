/** Random expressions of the preset form, and the random numbers for them. */
import type { Core } from '../../src/core/ast.ts'
import * as build from '../../src/core/build.ts'
import { NAMED_CONSTANTS } from '../../src/core/constants.ts'

/** Marsaglia's xorshift32. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = (seed * 2654435761) | 1
  }

  next(): number {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x
    return (x >>> 0) / 2 ** 32
  }

  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}

const NUMBERS = [0, -0, 0.5, 1, -1, 0.25, 2, 3.7, -12.5, 440, 17.9, 0.1, 1 / 3]
const RARE = [1e300, 1e-300, 5e-324, 2 ** 40, 2 ** 64, Infinity, NaN]
const READABLE = [
  ...['in1', 'in2', 'alpha', 'beta', 'delta', 'gamma', 'x', 'y', 'z', 'never', '&sig1', '&sig2'],
  ...['*p', '*q', '*r', '$srate', '$israte', '$reset', '%1', '%2', '%5', ...NAMED_CONSTANTS.keys()],
]
const ASSIGNABLE = ['x', 'y', 'z', 'in1', 'gamma', '&sig1', '&sig2', '*p', '*q', '*r']
const OPERATORS = [
  ...[build.opAdd, build.opSub, build.opMul, build.opDiv],
  ...[build.opEq, build.opNe, build.opLt, build.opLe, build.opGt, build.opGe],
]
const STATEFUL = ['accum', 'phase', 's&h', 's&h~']
const STATELESS = ['/%', 'atomw']

export interface Shape {
  readonly depth: number
  /** How many ids with state there are; each has one type of node for ever. */
  readonly ids: number
  readonly declares?: boolean
}

export function randomProgram(random: Random, shape: Shape): Core {
  const free = Array.from({ length: shape.ids }, (_, i) => i)
  const take = () => free.splice(random.below(free.length), 1)[0]
  const grow = (depth: number): Core => {
    if (depth <= 0) return leaf(random)
    const inner = () => grow(depth - 1 - random.below(2))
    switch (random.below(10)) {
      case 0:
        return build.assign(random.pick(ASSIGNABLE), inner())
      case 1:
        return build.stmts(Array.from({ length: random.below(4) }, inner))
      case 2:
        return build.iff(inner(), inner(), random.below(2) === 0 ? undefined : inner())
      case 3:
        return buffer(random, inner, shape)
      case 4: {
        const id = take()
        return id === undefined ? inner() : build.call(STATEFUL[id % 4]!, id, [inner(), inner()])
      }
      case 5:
        if (random.below(2) === 0) return build.call(random.pick(STATELESS), 0, [inner(), inner()])
        return build.call(random.pick(['atomr', 'atomr~']), 0, [inner()])
      default:
        return random.pick(OPERATORS)(inner(), inner())
    }
  }
  const results = ['&sig1', '&sig2'].map(name => build.assign(name, grow(shape.depth)))
  return build.stmts([grow(shape.depth), ...results, grow(shape.depth)])
}

function leaf(random: Random): Core {
  if (random.below(3) > 0) return build.variable(random.pick(READABLE))
  if (random.below(12) === 0) return build.literal(random.pick(RARE))
  return build.literal(random.below(2) === 0 ? random.next() * 2 - 1 : random.pick(NUMBERS))
}

function buffer(random: Random, inner: () => Core, { declares = false }: Shape): Core {
  const index = random.below(3)
  switch (random.below(declares ? 8 : 7)) {
    case 0:
    case 1:
      return build.bufWrite(index, inner(), inner())
    case 2:
      return build.bufRead(index, inner())
    case 3:
      return build.bufReadLin(index, inner())
    case 4:
      return build.tableRead(index, inner())
    case 5:
      return build.tableReadLin(index, inner())
    case 6:
      return random.below(2) === 0 ? build.bufLen(index) : build.tableLen(index)
    default:
      return build.bufDeclare(index, 1 + random.below(40))
  }
}
