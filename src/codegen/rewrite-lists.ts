/**
 * Rebuilds each list of instructions of a function as a whole.
 *
 * Comes in: a region and what becomes of a list. Goes out: the new region. Beside `rewrite.ts`, which goes instruction by
 * instruction: here one may become several.
 */
import type { Instruction, Region } from './kernel.ts'
import { rewriteRegion } from './rewrite.ts'

export type ChangeList = (instructions: readonly Instruction[]) => readonly Instruction[]

/** Inner lists first. */
export function rewriteLists(root: Region, change: ChangeList): Region {
  const inner = (region: Region): Region => ({ ...region, instructions: change(region.instructions) })
  const body = rewriteRegion(root, {
    plain: i => i,
    compound: i => {
      if (i.kind === 'loop') return { ...i, body: inner(i.body) }
      return { ...i, thenRegion: inner(i.thenRegion), elseRegion: inner(i.elseRegion) }
    },
    yields: region => region.yields,
  })
  return inner(body)
}
