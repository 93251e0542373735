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
  const inner = (region: Region): Region => {
    const instructions = change(region.instructions)
    return instructions === region.instructions ? region : { ...region, instructions }
  }
  const body = rewriteRegion(root, {
    compound: i => {
      if (i.kind === 'loop') {
        const changed = inner(i.body)
        return changed === i.body ? i : { ...i, body: changed }
      }
      const [thenRegion, elseRegion] = [inner(i.thenRegion), inner(i.elseRegion)]
      return thenRegion === i.thenRegion && elseRegion === i.elseRegion ? i : { ...i, thenRegion, elseRegion }
    },
  })
  return inner(body)
}
