/**
 * Where things stand in diagrams of random boxes: the drawing, read as wires between points, must say the same as the
 * block algebra.
 */

import { expect, test } from 'vitest'
import { type Figure, layOut } from '../../src/diagram/layout.ts'
import type { Block, Frame, Point, Wire } from '../../src/diagram/sketch.ts'
import type { Box } from '../../src/lower/box.ts'
import fc from '../support/property.ts'
import { boxes, connectionsOf, reach } from './boxes.ts'

function figureOf(box: Box): Figure {
  const folds = new Map([[box, { name: 'process', file: 'process.svg', inline: false }]])
  const figures = layOut(box, folds, true)
  expect(figures).toHaveLength(1)
  return figures[0]!
}

const marksOf = <K extends Figure['marks'][number]['mark']>(figure: Figure, kind: K) =>
  figure.marks.filter(mark => mark.mark === kind) as Extract<Figure['marks'][number], { mark: K }>[]

const pointKey = ({ x, y }: Point) => `${x.toFixed(3)} ${y.toFixed(3)}`

interface Port {
  readonly name: string
  readonly at: string
}

/** Names of ports as the algebra counts them: the diagram's own, then the blocks from left to right. */
function portsOf(figure: Figure): { sources: Port[]; sinks: Port[] } {
  const sources: Port[] = []
  const sinks: Port[] = []
  let number = 0
  for (const block of marksOf(figure, 'block')) {
    const [left, right] = [block.x, block.x + block.width]
    const inputs = block.inputs.map(y => pointKey({ x: block.mirrored ? right : left, y }))
    const outputs = block.outputs.map(y => pointKey({ x: block.mirrored ? left : right, y }))
    if (block.kind === 'outside') {
      for (const at of outputs) sources.push({ name: `in.${sources.length}`, at })
      for (const at of inputs) sinks.push({ name: `out.${sinks.length}`, at })
    } else {
      sources.push(...outputs.map((at, i) => ({ name: `${number}.out.${i}`, at })))
      sinks.push(...inputs.map((at, i) => ({ name: `${number}.in.${i}`, at })))
      number++
    }
  }
  return { sources, sinks }
}

/** What the drawing says: from each source along wires that share end points to the sinks. */
function drawnConnections(figure: Figure): string[] {
  const { sources, sinks } = portsOf(figure)
  const next = new Map<string, string[]>()
  const link = (from: string, to: string) => next.set(from, [...(next.get(from) ?? []), to])
  for (const wire of marksOf(figure, 'wire')) link(pointKey(wire.from), pointKey(wire.to))
  for (const { name, at } of sources) link(name, at)
  for (const { name, at } of sinks) link(at, name)
  return reach(
    sources.map(s => s.name),
    at => next.get(at) ?? [],
    at => /^out\.|\.in\./.test(at),
  )
}

test('a drawing connects what the block algebra connects', () => {
  fc.assert(
    fc.property(boxes, box => {
      expect(drawnConnections(figureOf(box))).toEqual(connectionsOf(box))
    }),
    { numRuns: 1000 },
  )
})

test('wires begin and end at ports or other wires', () => {
  fc.assert(
    fc.property(boxes, box => {
      const figure = figureOf(box)
      const { sources, sinks } = portsOf(figure)
      const wires = marksOf(figure, 'wire')
      const begins = new Set([...sources.map(p => p.at), ...wires.map(w => pointKey(w.to))])
      const ends = new Set([...sinks.map(p => p.at), ...wires.map(w => pointKey(w.from))])
      expect(wires.filter(w => !begins.has(pointKey(w.from)) || !ends.has(pointKey(w.to)))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('the diagram has as many ports as the box', () => {
  fc.assert(
    fc.property(boxes, box => {
      const outside = marksOf(figureOf(box), 'block').filter(block => block.kind === 'outside')
      expect(outside.filter(b => b.outputs.length === 1)).toHaveLength(box.arity!.inputs)
      expect(outside.filter(b => b.inputs.length === 1)).toHaveLength(box.arity!.outputs)
    }),
    { numRuns: 300 },
  )
})

const inside = (a: Block | Frame, b: Frame | { x: number; y: number; width: number; height: number }) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height
const apart = (a: Block | Frame, b: Block | Frame) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

test('nothing overlaps, and borders hold things wholly or not at all', () => {
  fc.assert(
    fc.property(boxes, box => {
      const figure = figureOf(box)
      const blocks = marksOf(figure, 'block')
      const frames = marksOf(figure, 'frame')
      const page = { x: 0, y: 0, width: figure.width, height: figure.height }
      blocks.forEach((a, i) => {
        expect(inside(a, page)).toBe(true)
        for (const b of blocks.slice(i + 1)) expect(apart(a, b)).toBe(true)
        for (const frame of frames) expect(apart(a, frame) || inside(a, frame)).toBe(true)
      })
      frames.forEach((a, i) => {
        for (const b of frames.slice(i + 1)) expect(apart(a, b) || inside(a, b) || inside(b, a)).toBe(true)
      })
    }),
    { numRuns: 500 },
  )
})

test('feedback goes around blocks, not through them', () => {
  const crosses = (wire: Wire, block: Block) => {
    const points = [wire.from, ...wire.via, wire.to]
    return points.slice(1).some((b, i) => {
      const a = points[i]!
      const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)]
      const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)]
      const wide = left < block.x + block.width && right > block.x
      return wide && top < block.y + block.height && bottom > block.y
    })
  }
  fc.assert(
    fc.property(boxes, box => {
      const figure = figureOf(box)
      const blocks = marksOf(figure, 'block').filter(block => block.kind !== 'cut')
      const around = marksOf(figure, 'wire').filter(wire => wire.via.length > 0)
      expect(around.filter(wire => blocks.some(block => crosses(wire, block)))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('every feedback has its sample of delay', () => {
  fc.assert(
    fc.property(boxes, box => {
      let loops = 0
      const stack: Box[] = [box]
      for (let next = stack.pop(); next; next = stack.pop()) {
        if (next.kind === 'composition') {
          if (next.op === 'rec') loops += next.right.arity!.inputs
          stack.push(next.left, next.right)
        } else if (next.kind === 'group' || next.kind === 'symbolic') stack.push(next.body)
      }
      expect(marksOf(figureOf(box), 'delay')).toHaveLength(loops)
    }),
    { numRuns: 300 },
  )
})
