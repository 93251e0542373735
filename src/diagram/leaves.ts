/**
 * Sketches of boxes without parts: primitives, numbers, controls, tables, routes, and links to other diagrams.
 */
import { primitive } from '../core/primitives.ts'
import type { Arity } from '../lower/arity.ts'
import type { Box } from '../lower/box.ts'
import { describeBox } from '../lower/describe-box.ts'
import { parseLabel } from '../lower/labels.ts'
import {
  type Block,
  type BlockKind,
  noPorts,
  PORT,
  type Point,
  type Sketch,
  spread,
  textWidth,
  throughWires,
} from './sketch.ts'

const LONGEST_LABEL = 28

export interface Leaf {
  readonly kind: BlockKind
  readonly label: string
  readonly title: string
  readonly arity: Arity
  readonly href?: string
  readonly curves?: readonly (readonly Point[])[]
  readonly least?: number
}

export function shorten(label: string): string {
  const characters = [...label]
  return characters.length > LONGEST_LABEL ? `${characters.slice(0, LONGEST_LABEL - 1).join('')}…` : label
}

export function leafSketch({ least = 0, arity, ...leaf }: Leaf): Sketch {
  const label = shorten(leaf.label)
  const height = leafHeight(arity, leaf.kind === 'number' ? PORT + 4 : 22)
  const width = Math.max(least, Math.ceil(textWidth(label)) + (leaf.kind === 'number' ? 8 : 18))
  const inputs = spread(arity.inputs, height)
  const outputs = spread(arity.outputs, height)
  const ports = { inputs: inputs.heights, outputs: outputs.heights }
  const block: Block = { mark: 'block', ...leaf, label, x: 0, y: 0, width, height, ...ports }
  return { width, height, inputs, outputs, marks: [block], parts: [] }
}

function leafHeight({ inputs, outputs }: Arity, least: number): number {
  const drawn = Math.max(spread(inputs, 0).heights.length, spread(outputs, 0).heights.length)
  return Math.max(least, drawn * PORT + 6)
}

const wireSketch: Sketch = (() => {
  const heights = spread(1, PORT)
  const width = 16
  return {
    width,
    height: PORT,
    inputs: heights,
    outputs: heights,
    marks: throughWires(heights, 0, width),
    parts: [],
  }
})()

const emptySketch: Sketch = { width: 0, height: 0, inputs: noPorts, outputs: noPorts, marks: [], parts: [] }

const cutSketch: Sketch = (() => {
  const inputs = spread(1, PORT)
  const place = { x: 0, y: 2, width: 8, height: PORT - 4 }
  const ports = { inputs: inputs.heights, outputs: [] }
  const block: Block = { mark: 'block', kind: 'cut', label: '', title: 'discarded', ...place, ...ports }
  return { width: 8, height: PORT, inputs, outputs: noPorts, marks: [block], parts: [] }
})()

/** How a box without parts looks. `slotName` gives the inputs of functions their names. */
export function sketchLeaf(box: Box, slotName: (slot: number) => string): Sketch {
  const arity = box.arity ?? { inputs: 0, outputs: 0 }
  const title = describeBox(box)
  switch (box.kind) {
    case 'wire':
      return wireSketch
    case 'cut':
      return cutSketch
    case 'empty':
      return emptySketch
    case 'int':
    case 'real':
      return leafSketch({ kind: 'number', label: title, title, arity })
    case 'primitive':
      return leafSketch({
        kind: 'primitive',
        label: primitive(box.name).symbol ?? box.name,
        title: `${box.name}: ${counts(arity)}`,
        arity,
      })
    case 'widget': {
      const { kind, label, init, min, max, step } = box.spec
      const range = kind === 'button' || kind === 'checkbox' ? '' : `, ${min} to ${max}`
      const start = arity.inputs === 0 && range !== '' ? `, starts at ${init}, step ${step}` : ''
      const name = parseLabel(label).text || kind
      return leafSketch({ kind: 'control', label: name, title: `${kind} "${name}"${range}${start}`, arity })
    }
    case 'waveform':
      return leafSketch({ kind: 'data', label: '', title, arity, curves: [plot(box.values)], least: 72 })
    case 'route':
      return leafSketch({ kind: 'route', label: '', title, arity, curves: connect(box), least: 56 })
    case 'slot':
      return leafSketch({ kind: 'slot', label: slotName(box.slot), title: 'input of a function', arity })
    default:
      return leafSketch({ kind: 'data', label: title, title: `${title}: ${counts(arity)}`, arity })
  }
}

/** The beginning of a function's input. */
export function slotInput(name: string): Sketch {
  return leafSketch({
    kind: 'slot',
    label: name,
    title: 'input of a function',
    arity: { inputs: 1, outputs: 0 },
  })
}

export function counts({ inputs, outputs }: Arity): string {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`
  return `${count(inputs, 'input')}, ${count(outputs, 'output')}`
}

const MOST_POINTS = 64

/** The values from left to right, each line at most so many points. */
function plot(values: readonly number[]): Point[] {
  const step = Math.max(1, Math.ceil(values.length / MOST_POINTS))
  const shown = values.filter((_, i) => i % step === 0).map(v => (Number.isFinite(v) ? v : 0))
  const low = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = shown.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const height = (v: number) => (high === low ? 0.5 : 0.85 - (0.7 * (v - low)) / (high - low))
  return shown.map((v, i) => ({ x: 0.1 + (0.8 * i) / Math.max(1, shown.length - 1), y: height(v) }))
}

const MOST_CONNECTIONS = 500

/** Lines from inputs to outputs; pairs that name a port which is not there connect nothing. */
function connect({ inputs, outputs, connections }: Extract<Box, { kind: 'route' }>): Point[][] {
  const height = leafHeight({ inputs, outputs }, 22)
  const [left, right] = [spread(inputs, height), spread(outputs, height)]
  const lines: Point[][] = []
  for (let i = 0; i + 1 < connections.length && lines.length < MOST_CONNECTIONS; i += 2) {
    const [from, to] = [connections[i]!, connections[i + 1]!]
    if (from < 1 || from > inputs || to < 1 || to > outputs) continue
    lines.push([
      { x: 0, y: (left.heights[from - 1] ?? left.heights[0]!) / height },
      { x: 1, y: (right.heights[to - 1] ?? right.heights[0]!) / height },
    ])
  }
  return lines
}
