/**
 * Sketches with a border around another one: groups, functions, definitions, and the whole diagram.
 */

import { lead } from './compositions.ts'
import { slotInput } from './leaves.ts'
import {
  type Block,
  type Frame,
  GAP,
  joinPorts,
  noPorts,
  type Placed,
  place,
  type Sketch,
  shift,
  textWidth,
  throughWires,
} from './sketch.ts'

const PAD = 10
const HEADER = 20

/** A labelled border; wires lead through it. */
export function framed(body: Sketch, kind: Frame['kind'], label: string, href?: string): Sketch {
  const width = Math.max(body.width + 2 * PAD, Math.ceil(textWidth(label)) + 2 * PAD)
  const x = (width - body.width) / 2
  const height = HEADER + body.height + PAD
  const [inputs, outputs] = [shift(body.inputs, HEADER), shift(body.outputs, HEADER)]
  const frame: Frame = {
    mark: 'frame',
    kind,
    x: 3,
    y: 3,
    width: width - 6,
    height: height - 6,
    label,
    ...(href ? { href } : {}),
  }
  return {
    width,
    height,
    inputs,
    outputs,
    marks: [frame, ...throughWires(inputs, 0, x), ...throughWires(outputs, x + body.width, width)],
    parts: [place(body, x, HEADER)],
  }
}

/** A function as a block: one more input at the top for each name, which stands for it inside. */
export function functionSketch(body: Sketch, names: readonly string[]): Sketch {
  const heads = names.map(slotInput)
  const width = heads.reduce((most, head) => Math.max(most, head.width), body.width) + 2 * PAD
  const parts: Placed[] = []
  let y = PAD
  for (const head of heads) {
    parts.push(place(head, PAD, y))
    y += head.height + 4
  }
  y += GAP - 4
  parts.push(place(body, (width - body.width) / 2, y))
  const height = y + body.height + PAD
  const inputs = joinPorts(parts.map(part => shift(part.sketch.inputs, part.y)))
  const outputs = shift(body.outputs, y)
  const border = { x: 3, y: 3, width: width - 6, height: height - 6 }
  const frame: Frame = { mark: 'frame', kind: 'function', label: '', ...border }
  const into = parts.flatMap(part => lead(shift(part.sketch.inputs, part.y), inputs, 0, part.x))
  const out = throughWires(outputs, (width + body.width) / 2, width)
  return { width, height, inputs, outputs, marks: [frame, ...into, ...out], parts }
}

const MARGIN = 16
const TITLE = 34

/** The whole diagram: the ports of the world left and right of it. */
export function page(body: Sketch, title: string): Sketch {
  const inner = Math.max(body.width + 40, Math.ceil(textWidth(title) * 1.2))
  const width = inner + 2 * MARGIN
  const x = (width - body.width) / 2
  const [inputs, outputs] = [shift(body.inputs, TITLE), shift(body.outputs, TITLE)]
  const outside = (y: number, i: number, right: boolean): Block => {
    const name = `${right ? 'output' : 'input'} ${i + 1}`
    const ports = right ? { inputs: [y], outputs: [] } : { inputs: [], outputs: [y] }
    const at = { x: right ? width - MARGIN : MARGIN - 8, y: y - 4, width: 8, height: 8 }
    return { mark: 'block', kind: 'outside', label: '', title: name, ...at, ...ports }
  }
  return {
    width,
    height: TITLE + body.height + MARGIN,
    inputs: noPorts,
    outputs: noPorts,
    marks: [
      ...inputs.heights.map((y, i) => outside(y, i, false)),
      ...outputs.heights.map((y, i) => outside(y, i, true)),
      ...throughWires(inputs, MARGIN, x),
      ...throughWires(outputs, x + body.width, width - MARGIN),
    ],
    parts: [place(body, x, TITLE)],
  }
}
