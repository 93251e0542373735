/**
 * The loop over the frames of a block.
 *
 * Comes in: a program's sample section and how its outputs leave. Goes out: one loop with the state that the
 * section changes carried from frame to frame, so that it stays in registers. A module of its own because a
 * program that sounds and one that fills a table run the same loop.
 */
import type { CoreProgram } from '../core/ast.ts'
import { namesIn } from '../core/traverse.ts'
import type { Value } from './kernel.ts'
import { translate } from './to-kernel-expression.ts'
import { type Scope, setAll } from './to-kernel-scope.ts'

export interface Frames {
  /** How many, as i32; at least 1. */
  readonly count: Value
  /** The loop counts bytes, 2 ^ shift a frame, so that the counter addresses channels without a multiplication. */
  readonly shift: 2 | 3
  /** Frames before this block, for delay lines; undefined when there are none. */
  readonly position: Value | undefined
  /** Runs before and after the sample section, with the byte offset of the frame. */
  readonly begin: (offset: Value) => void
  readonly end: (offset: Value) => void
}

/** Leaves the state after the last frame in the scope. */
export function translateLoop(scope: Scope, program: CoreProgram, frames: Frames): void {
  const { b, names } = scope
  const { assigned } = namesIn([program.sample])
  const carried = [...scope.types.keys()].filter(name => assigned.has(name) && !scope.resident.has(name))
  const end = b.op('i32.shl', frames.count, b.i32(frames.shift))
  const start = startPositions(scope, frames.position)
  const initial = [scope.zero, ...carried.map(name => names.get(name)!)]
  const results = b.loop(initial, ([offset, ...values]) => {
    names.fork()
    setAll(names, carried, values)
    if (start) scope.positions = advance(scope, start, offset!, frames.shift)
    frames.begin(offset!)
    translate(scope, program.sample)
    frames.end(offset!)
    const last = carried.map(name => names.get(name)!)
    names.join()
    const following = b.op('i32.add', offset!, b.i32(2 ** frames.shift))
    return { next: [following, ...last], condition: b.op('i32.lt_u', following, end) }
  })
  scope.positions = undefined
  setAll(names, carried, results.slice(1))
}

type Positions = NonNullable<Scope['positions']>

function startPositions({ b }: Scope, position: Value | undefined): Positions | undefined {
  if (!position) return undefined
  return { 2: b.op('i32.shl', position, b.i32(2)), 3: b.op('i32.shl', position, b.i32(3)) }
}

/** Positions of a frame follow from its byte offset, which saves counters of their own. */
function advance({ b }: Scope, start: Positions, offset: Value, shift: 2 | 3): Positions {
  const one = b.i32(1)
  const small = shift === 2 ? offset : b.op('i32.shr_u', offset, one)
  const large = shift === 3 ? offset : b.op('i32.shl', offset, one)
  return { 2: b.op('i32.add', start[2], small), 3: b.op('i32.add', start[3], large) }
}
