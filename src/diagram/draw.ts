/**
 * Block diagrams of a program, as `--emit=svg` writes them.
 *
 * Comes in: the program as a box, and the names of definitions. Goes out: SVG files that lead from one to another,
 * the program's own first. Three steps: what gets a diagram of its own, where everything stands, how it is written.
 */
import type { Box, BoxNames } from '../lower/box.ts'
import { foldBoxes } from './fold.ts'
import { type Figure, layOut } from './layout.ts'
import { type Parent, writeSvg } from './svg.ts'

export interface Diagram {
  /** Name of the file, without a folder. */
  readonly file: string
  readonly svg: string
}

export function drawDiagrams(root: Box, entry: string, names: BoxNames): Diagram[] {
  const figures = layOut(root, foldBoxes(root, entry, names), true)
  const parents = findParents(figures)
  return figures.map(figure => ({
    file: figure.fold.file,
    svg: writeSvg(figure, parents.get(figure.fold.file)),
  }))
}

/** The program's own diagram by itself, which leads nowhere. */
export function drawTop(root: Box, entry: string, names: BoxNames): string {
  return writeSvg(layOut(root, foldBoxes(root, entry, names), false)[0]!, undefined)
}

/** For each diagram the first one that leads to it. */
function findParents(figures: readonly Figure[]): Map<string, Parent> {
  const parents = new Map<string, Parent>()
  for (const { fold, marks } of figures) {
    for (const mark of marks) {
      const href = mark.mark === 'block' || mark.mark === 'frame' ? mark.href : undefined
      if (href !== undefined && !parents.has(href)) parents.set(href, fold)
    }
  }
  parents.delete(figures[0]!.fold.file)
  return parents
}
