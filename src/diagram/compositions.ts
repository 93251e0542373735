/**
 * Sketches of the five compositions from those of their sides: the block algebra as geometry.
 */
import type { CompositionOperator } from '../parser/ast.ts'
import { assertNever } from '../source.ts'
import {
  GAP,
  isBundle,
  joinPorts,
  type Mark,
  type Placed,
  type Point,
  type Ports,
  place,
  type Sketch,
  shift,
  throughWires,
  wire,
} from './sketch.ts'

/** An output of the left side and the input of the right that it feeds. */
type Pair = readonly [number, number]

export function compose(op: Exclude<CompositionOperator, 'par'>, left: Sketch, right: Sketch): Sketch {
  const { outputs } = left
  const { inputs } = right
  switch (op) {
    case 'seq':
      return inSequence(left, right, pairUp(outputs, inputs, outputs.count))
    case 'split':
      return inSequence(left, right, pairUp(outputs, inputs, inputs.count))
    case 'merge':
      return inSequence(left, right, pairUp(outputs, inputs, outputs.count))
    case 'rec':
      return loop(left, right)
    default:
      return assertNever(op)
  }
}

/** `count` signals, which go around on the side that has fewer ports. */
function pairUp(outputs: Ports, inputs: Ports, count: number): Pair[] {
  if (!isBundle(outputs) && !isBundle(inputs))
    return Array.from({ length: count }, (_, i): Pair => [i % outputs.count, i % inputs.count])
  if (isBundle(outputs)) return inputs.heights.map((_, i): Pair => [0, i])
  return outputs.heights.map((_, i): Pair => [i, 0])
}

/** Where many wires become one. */
const BUNDLING = 36

/** One above the other; wires lead from the edges to the narrower ones. */
export function parallel(items: readonly Sketch[]): Sketch {
  const joined = (side: 'inputs' | 'outputs') => joinPorts(parts.map(p => shift(p.sketch[side], p.y)))
  const parts: Placed[] = []
  let height = 0
  for (const item of items) {
    if (height > 0 && item.height > 0) height += GAP
    parts.push(place(item, 0, height))
    height += item.height
  }
  const [inputs, outputs] = [joined('inputs'), joined('outputs')]
  const [before, after] = [isBundle(inputs) ? BUNDLING : 0, isBundle(outputs) ? BUNDLING : 0]
  const inner = items.reduce((most, item) => Math.max(most, item.width), 0)
  const width = before + inner + after
  const centred = parts.map(p => ({ ...p, x: before + (inner - p.sketch.width) / 2 }))
  const marks = centred.flatMap(({ sketch, x, y }) => [
    ...lead(shift(sketch.inputs, y), inputs, 0, x),
    ...lead(shift(sketch.outputs, y), outputs, width, x + sketch.width),
  ])
  return { width, height, inputs, outputs, marks, parts: centred }
}

/** Wires between an edge and what stands there; all to the same port when the edge has one for many. */
export function lead(ports: Ports, edge: Ports, edgeX: number, x: number): Mark[] {
  const inward = edgeX <= x
  return ports.heights.flatMap((y, i) => {
    const outer = { x: edgeX, y: isBundle(edge) ? edge.heights[0]! : y }
    const inner = { x, y }
    if (outer.x === inner.x && outer.y === inner.y) return []
    const bundle = isBundle(ports) && i === 0
    return [inward ? wire(outer, inner, bundle) : wire(inner, outer, bundle)]
  })
}

/** Side by side, at heights that keep wires level on average. */
function inSequence(left: Sketch, right: Sketch, pairs: readonly Pair[]): Sketch {
  const [outs, ins] = [left.outputs.heights, right.inputs.heights]
  const rise = pairs.reduce((sum, [o, i]) => sum + outs[o]! - ins[i]!, 0)
  const level = pairs.length > 0 ? rise / pairs.length : (left.height - right.height) / 2
  const [y1, y2] = [Math.max(0, -level), Math.max(0, level)]
  const ends = pairs.map(([o, i]) => [outs[o]! + y1, ins[i]! + y2] as const)
  const steepest = ends.reduce((most, [a, b]) => Math.max(most, Math.abs(a - b)), 0)
  const from = left.width
  const to = from + Math.round(Math.min(140, 18 + steepest * 0.45))
  const bundle = isBundle(left.outputs) && isBundle(right.inputs)
  return {
    width: to + right.width,
    height: Math.max(y1 + left.height, y2 + right.height),
    inputs: shift(left.inputs, y1),
    outputs: shift(right.outputs, y2),
    marks: [
      ...ends.map(([a, b]) => wire({ x: from, y: a }, { x: to, y: b }, bundle)),
      ...branches(
        from,
        ends.map(([a]) => a),
      ),
      ...branches(
        to,
        ends.map(([, b]) => b),
      ),
    ],
    parts: [place(left, 0, y1), place(right, to, y2)],
  }
}

/** A spot at each height where several wires end. */
function branches(x: number, heights: readonly number[]): Mark[] {
  const counts = new Map<number, number>()
  for (const y of heights) counts.set(y, (counts.get(y) ?? 0) + 1)
  const several = [...counts].filter(([, count]) => count > 1)
  return several.map(([y]) => ({ mark: 'branch', at: { x, y } }))
}

/** Between the vertical pieces of feedback. */
const TRACK = 12
const LOOP_GAP = 24

/** The right side runs backwards above the left one: what it takes comes from there, what it gives goes there. */
function loop(body: Sketch, back: Sketch): Sketch {
  const margin = (count: number) => (count > 0 ? (count + 1) * TRACK : 0)
  const [out, into] = [feedback(body.outputs, back.inputs), feedback(back.outputs, body.inputs)]
  const [before, after] = [margin(into.length), margin(out.length)]
  const inner = Math.max(body.width, back.width)
  const width = before + inner + after
  const y1 = back.height + LOOP_GAP
  const [x1, x2] = [before + (inner - body.width) / 2, before + (inner - back.width) / 2]
  const [inputs, outputs] = [shift(body.inputs, y1), shift(body.outputs, y1)]
  const rest = without(inputs, back.outputs.count)
  const taken = out.flatMap(([o, i], k) => {
    const from = { x: x1 + body.width, y: outputs.heights[o]! }
    const to = { x: x2 + back.width, y: back.inputs.heights[i]! }
    const x = before + inner + TRACK * (k + 1)
    const delay: Mark = { mark: 'delay', at: { x, y: y1 - LOOP_GAP / 2 } }
    return [
      around(from, to, x, isBundle(body.outputs)),
      { mark: 'branch', at: { x, y: from.y } } as Mark,
      delay,
    ]
  })
  const given = into.map(([o, i], k) => {
    const from = { x: x2, y: back.outputs.heights[o]! }
    const to = { x: x1, y: inputs.heights[i]! }
    return around(from, to, before - TRACK * (k + 1), isBundle(back.outputs))
  })
  return {
    width,
    height: y1 + body.height,
    inputs: rest,
    outputs,
    marks: [
      ...throughWires(rest, 0, x1),
      ...throughWires(outputs, x1 + body.width, width),
      ...taken,
      ...given,
    ],
    parts: [place(body, x1, y1), place(back, x2, 0, true)],
  }
}

/** Outputs to the inputs that they feed back into; the sides may have more. */
function feedback(outputs: Ports, inputs: Ports): Pair[] {
  return pairUp(outputs, inputs, Math.min(outputs.count, inputs.count))
}

/** The inputs that no feedback takes. */
function without(ports: Ports, count: number): Ports {
  const left = ports.count - count
  const heights = isBundle(ports) ? ports.heights.slice(0, left) : ports.heights.slice(count)
  return { count: left, heights }
}

/** A feedback wire around a side, on its own track. */
function around(from: Point, to: Point, x: number, bundle: boolean): Mark {
  return wire(from, to, bundle, [
    { x, y: from.y },
    { x, y: to.y },
  ])
}
