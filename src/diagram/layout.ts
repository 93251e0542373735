/**
 * Boxes to figures: every box gets a sketch, and each diagram's sketch becomes marks at absolute places.
 *
 * Comes in: a program as a box, and what is folded. Goes out: for each diagram the marks to draw. Works on lists and
 * stacks, since boxes are deep.
 */
import type { Box } from '../lower/box.ts'
import { compose, parallel } from './compositions.ts'
import { framed, functionSketch, page } from './containers.ts'
import { bottomUp, type Fold, type Folds, partsOf } from './fold.ts'
import { counts, leafSketch, sketchLeaf } from './leaves.ts'
import type { Block, Mark, Placed, Point, Sketch } from './sketch.ts'

/** One diagram; its marks have no sketches inside and absolute places. */
export interface Figure {
  readonly fold: Fold
  readonly box: Box
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
}

/** The diagram of each folded box, the program's own first. `linked` says whether they can lead to each other. */
export function layOut(root: Box, folds: Folds, linked: boolean): Figure[] {
  const slots = slotNames(root)
  /** As drawn in its own diagram, and as drawn where it is used. */
  const bodies = new Map<Box, Sketch>()
  const uses = new Map<Box, Sketch>()
  for (const box of bottomUp(root, b => piecesOf(b, folds))) {
    const body = sketchBody(box, folds, uses, slots)
    bodies.set(box, body)
    uses.set(box, sketchUse(box, body, folds.get(box), linked))
  }
  const drawn = [...folds].filter(([box]) => box !== root && bodies.has(box))
  return [[root, folds.get(root)!] as const, ...drawn].map(([box, fold]) => {
    const sketch = page(bodies.get(box)!, fold.name)
    return { fold, box, width: sketch.width, height: sketch.height, marks: flatten(sketch) }
  })
}

/** The parts of a box that get sketches: of parallel boxes and of functions in a row not those in between. */
export function piecesOf(box: Box, folds: Folds): readonly Box[] {
  if (box.kind === 'symbolic') return [parametersOf(box, folds).body]
  if (box.kind !== 'composition' || box.op !== 'par') return partsOf(box)
  const pieces: Box[] = []
  const stack: Box[] = [box.right, box.left]
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === 'composition' && next.op === 'par' && !folds.has(next))
      stack.push(next.right, next.left)
    else pieces.push(next)
  }
  return pieces
}

function parametersOf(box: Extract<Box, { kind: 'symbolic' }>, folds: Folds): { slots: number[]; body: Box } {
  const slots = [box.slot]
  let body = box.body
  for (; body.kind === 'symbolic' && !folds.has(body); body = body.body) slots.push(body.slot)
  return { slots, body }
}

type SlotName = (slot: number) => string

function slotNames(root: Box): SlotName {
  const numbers = new Map<number, number>()
  for (const box of bottomUp(root, partsOf).reverse())
    if (box.kind === 'symbolic' && !numbers.has(box.slot)) numbers.set(box.slot, numbers.size + 1)
  return slot => `x${numbers.get(slot) ?? 0}`
}

function sketchBody(box: Box, folds: Folds, uses: ReadonlyMap<Box, Sketch>, slots: SlotName): Sketch {
  const used = (part: Box) => uses.get(part)!
  switch (box.kind) {
    case 'composition':
      return box.op === 'par'
        ? parallel(piecesOf(box, folds).map(used))
        : compose(box.op, used(box.left), used(box.right))
    case 'group':
      return framed(used(box.body), 'group', `${box.group} ${box.label}`)
    case 'symbolic': {
      const { slots: bound, body } = parametersOf(box, folds)
      return functionSketch(used(body), bound.map(slots))
    }
    default:
      return sketchLeaf(box, slots)
  }
}

function sketchUse(box: Box, body: Sketch, fold: Fold | undefined, linked: boolean): Sketch {
  if (!fold) return body
  const href = linked ? { href: fold.file } : {}
  if (fold.inline) return framed(body, 'definition', fold.name, href.href)
  const arity = box.arity ?? { inputs: 0, outputs: 0 }
  return leafSketch({
    kind: 'link',
    label: fold.name,
    title: `${fold.name}: ${counts(arity)}`,
    arity,
    ...href,
  })
}

/** Marks of all sketches inside, outer ones first. */
function flatten(sketch: Sketch): Mark[] {
  const marks: Mark[] = []
  const stack: Placed[] = [{ sketch, x: 0, y: 0, mirrored: false }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { sketch, mirrored } = next
    for (const mark of sketch.marks) marks.push(moveMark(mark, next))
    for (const part of sketch.parts.toReversed()) {
      const x = mirrored ? next.x + sketch.width - part.x - part.sketch.width : next.x + part.x
      stack.push({ ...part, x, y: next.y + part.y, mirrored: mirrored !== part.mirrored })
    }
  }
  return marks
}

function moveMark(mark: Mark, placed: Placed): Mark {
  const move = (p: Point): Point => movePoint(p, placed)
  switch (mark.mark) {
    case 'wire':
      return { ...mark, from: move(mark.from), to: move(mark.to), via: mark.via.map(move) }
    case 'branch':
    case 'delay':
      return { ...mark, at: move(mark.at) }
    case 'frame':
      return { ...mark, ...moveCorner(mark, placed) }
    case 'block':
      return moveBlock(mark, placed)
  }
}

function movePoint({ x, y }: Point, { sketch, mirrored, x: left, y: top }: Placed): Point {
  return { x: left + (mirrored ? sketch.width - x : x), y: top + y }
}

/** The upper left corner stays one when mirrored. */
function moveCorner(mark: Point & { readonly width: number }, placed: Placed): Point {
  return movePoint({ x: placed.mirrored ? mark.x + mark.width : mark.x, y: mark.y }, placed)
}

/** A mirrored block has its inputs on the right. */
function moveBlock(block: Block, placed: Placed): Block {
  const moved = {
    ...block,
    ...moveCorner(block, placed),
    inputs: block.inputs.map(y => y + placed.y),
    outputs: block.outputs.map(y => y + placed.y),
  }
  if (!placed.mirrored) return moved
  const curves =
    block.kind === 'route' ? block.curves?.map(c => c.map(p => ({ x: 1 - p.x, y: p.y }))) : block.curves
  return { ...moved, mirrored: true, ...(curves ? { curves } : {}) }
}
