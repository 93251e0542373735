/**
 * Sketches: drawings of boxes with their ports on the edges, in coordinates of their own. Types and measures.
 *
 * A sketch is drawn for signals that run from left to right: inputs on its left edge, outputs on its right, from top
 * to bottom. Where it stands, and whether it is mirrored, is decided by the sketch around it.
 */

/** Pixels between neighbouring ports, and around things. */
export const PORT = 14
export const GAP = 10

export interface Point {
  readonly x: number
  readonly y: number
}

export type BlockKind =
  | 'primitive'
  | 'number'
  | 'control'
  | 'data'
  | 'route'
  | 'cut'
  | 'slot'
  | 'link'
  /** What the diagram takes from and gives to the world. */
  | 'outside'

/** A thing with ports on the left and right edges of its rectangle. */
export interface Block {
  readonly mark: 'block'
  readonly kind: BlockKind
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly label: string
  /** In words, for those who point at it or cannot see it. */
  readonly title: string
  /** Heights of the ports, from the top of the sketch. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Inputs are on the right edge, outputs on the left. */
  readonly mirrored?: boolean
  /** The diagram behind it. */
  readonly href?: string
  /** What is drawn inside: of waveforms their curve, of routes their connections, from 0 to 1. */
  readonly curves?: readonly (readonly Point[])[]
}

/** A line that a signal takes; through `via` in straight pieces, else as one smooth curve. */
export interface Wire {
  readonly mark: 'wire'
  readonly from: Point
  readonly to: Point
  readonly via: readonly Point[]
  /** Stands for many signals side by side. */
  readonly bundle?: boolean
}

/** A labelled border around a part of the drawing. */
export interface Frame {
  readonly mark: 'frame'
  readonly kind: 'group' | 'definition' | 'function'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly label: string
  readonly href?: string
}

/** Where signals branch or add up, or wait for a sample. */
export interface Spot {
  readonly mark: 'branch' | 'delay'
  readonly at: Point
}

export type Mark = Block | Wire | Frame | Spot

/** Where signals enter or leave. Very many of them are drawn as one: then there is one height for all. */
export interface Ports {
  readonly count: number
  readonly heights: readonly number[]
}

export interface Placed {
  readonly sketch: Sketch
  readonly x: number
  readonly y: number
  readonly mirrored: boolean
}

export interface Sketch {
  readonly width: number
  readonly height: number
  readonly inputs: Ports
  readonly outputs: Ports
  readonly marks: readonly Mark[]
  readonly parts: readonly Placed[]
}

export function wire(from: Point, to: Point, bundle = false, via: readonly Point[] = []): Wire {
  return { mark: 'wire', from, to, via, ...(bundle ? { bundle } : {}) }
}

export function place(sketch: Sketch, x: number, y: number, mirrored = false): Placed {
  return { sketch, x, y, mirrored }
}

/** More ports than this are drawn as one. */
const MANY = 100

export const noPorts: Ports = { count: 0, heights: [] }

/** Ports around the middle of `height`. */
export function spread(count: number, height: number): Ports {
  const drawn = Math.min(count, count > MANY ? 1 : count)
  const heights = Array.from({ length: drawn }, (_, i) => height / 2 + (i - (drawn - 1) / 2) * PORT)
  return { count, heights }
}

export function isBundle({ count, heights }: Ports): boolean {
  return count !== heights.length
}

export function shift({ count, heights }: Ports, by: number): Ports {
  return { count, heights: heights.map(y => y + by) }
}

/** Straight wires from one edge to another at the same heights. */
export function throughWires(ports: Ports, from: number, to: number): Wire[] {
  const bundle = isBundle(ports)
  return from === to ? [] : ports.heights.map(y => wire({ x: from, y }, { x: to, y }, bundle))
}

/** The ports of several things on one edge; very many become one, halfway, where all of them meet. */
export function joinPorts(list: readonly Ports[]): Ports {
  const count = list.reduce((sum, ports) => sum + ports.count, 0)
  const heights = list.flatMap(ports => ports.heights)
  if (count <= MANY && !list.some(isBundle)) return { count, heights }
  return { count, heights: [(heights[0]! + heights.at(-1)!) / 2] }
}

/** Of monospaced text at 12 pixels. */
export function textWidth(text: string): number {
  return [...text].length * 7.25
}
