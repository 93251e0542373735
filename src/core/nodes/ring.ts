/**
 * Delay lines for nodes: a ring whose length is a power of two, so that a mask keeps places inside.
 *
 * Comes in: a buffer and a position that the node declares. Goes out: expressions that write, read at a distance
 * and advance. A module of its own because six nodes delay, and differ only in what they make of it.
 */
import type { Core } from '../ast.ts'
import {
  assign,
  bufReadInside,
  bufWriteInside,
  integer,
  type Operand,
  opAdd,
  opMul,
  opSub,
  prim,
} from '../build.ts'
import { clamp } from '../expressions.ts'
import type { BufferContext, BufferHandle } from '../node-type.ts'
import type { Steps } from './steps.ts'

type Variable = Core & { readonly kind: 'variable' }

/** Neighbours that interpolation reads past the longest delay. */
const NEIGHBOURS = 4

/** The longest delay in seconds: an input of every node with a delay line. */
export const LONGEST = {
  doc: 'The longest delay; known when the program is compiled.',
  unit: 's',
  range: [0, 60],
  default: 1,
  constant: true,
} as const

/** Length for the longest delay in seconds, the constant input `max`. */
export function ringLength({ sampleRate, constants }: BufferContext): number {
  const samples = Math.max(0, constants.max ?? 0) * sampleRate + NEIGHBOURS
  return 2 ** Math.ceil(Math.log2(samples))
}

/** Declare it as `position: POSITION`. It counts on and wraps as int32; several rings can share it. */
export const POSITION = { doc: 'Samples so far; tells where the next one goes.', type: 'int' } as const

export interface Ring {
  /** What is written is at distance 0 until the ring advances. */
  readonly write: (value: Operand) => Core
  /** What was written so many samples ago, a whole number. */
  readonly at: (distance: Core) => Core
  /** Last of all. */
  readonly advance: () => Core
}

export function ring(buffer: BufferHandle, position: Variable): Ring {
  const mask = prim.sub({ kind: 'length', buffer: buffer.buffer }, integer(1))
  const inside = (place: Core) => prim.and(place, mask)
  return {
    write: value => bufWriteInside(buffer, inside(position), value),
    at: distance => bufReadInside(buffer, inside(prim.sub(position, prim.int(distance)))),
    advance: () => assign(position, prim.add(position, integer(1))),
  }
}

/** A delay in samples from one in seconds, between `least` samples and the longest, `max` seconds. */
export function samplesOf(seconds: Core, max: number, sampleRate: Core, least: number): Core {
  return clamp(opMul(seconds, sampleRate), least, prim.max(least, opMul(max, sampleRate)))
}

/** Between the samples at ⌊d⌋ and ⌊d⌋ + 1: a + (d - ⌊d⌋) (b - a). */
export function readLinear(line: Ring, distance: Variable, { local }: Steps): Core {
  const whole = local('whole', prim.floor(distance))
  const near = local('near', line.at(whole))
  return opAdd(near, opMul(opSub(distance, whole), opSub(line.at(opAdd(whole, 1)), near)))
}
