/**
 * The memory of `atomr`, `atomr~` and `atomw`: numbers in single precision that programs and hosts share.
 *
 * Index rule: ⌊index⌋ modulo the count of atoms; below 0 and NaN it is 0, from 2^64 up the last.
 */
import type { Core } from '../ast.ts'
import { bufLen, type Operand, opGe, opLt, opSub, prim } from '../build.ts'
import { choose } from '../expressions.ts'
import type { BufferHandle } from '../node-type.ts'

export const ATOM_MEMORY = { atoms: { length: 32, single: true } } as const

/** As int. `whole` is a variable with the index rounded down. */
export function atomIndex(whole: Operand, atoms: BufferHandle): Core {
  const count = bufLen(atoms)
  const inside = choose(opLt(whole, count), whole, prim.fmod(whole, count))
  return prim.int(choose(opGe(whole, 2 ** 64), opSub(count, 1), choose(opGe(whole, 0), inside, 0)))
}
