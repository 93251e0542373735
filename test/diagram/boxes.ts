/** Random closed boxes, and how their blocks are connected according to the block algebra alone. */

import { type Box, BoxTable, type Site } from '../../src/lower/box.ts'
import type { CompositionOperator } from '../../src/parser/ast.ts'
import { SourceFile, span } from '../../src/source.ts'
import fc from '../support/property.ts'

const at = span(new SourceFile('generated', ''), 0, 0)
const site: Site = { span: at, left: at, right: at, frame: undefined }

type Shape =
  | { readonly leaf: number }
  | { readonly op: CompositionOperator; readonly left: Shape; readonly right: Shape; readonly choice: number }
  | { readonly around: 'group' | 'function'; readonly inner: Shape }

const shapes = fc.letrec<{ shape: Shape }>(tie => ({
  shape: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    { weight: 2, arbitrary: fc.record({ leaf: fc.nat({ max: 9 }) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constantFrom<CompositionOperator>('seq', 'par', 'split', 'merge', 'rec'),
        left: tie('shape'),
        right: tie('shape'),
        choice: fc.nat({ max: 5 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        around: fc.constantFrom('group' as const, 'function' as const),
        inner: tie('shape'),
      }),
    },
  ),
}))

export const boxes: fc.Arbitrary<Box> = shapes.shape.map(shape => {
  const table = new BoxTable(what => {
    throw new Error(what)
  })
  return build(table, shape)
})

function build(table: BoxTable, shape: Shape): Box {
  if ('leaf' in shape) return leafOf(table, shape.leaf)
  if ('around' in shape) {
    const inner = build(table, shape.inner)
    if (shape.around === 'group') return table.group('hgroup', 'a group', inner)
    const slot = table.freshSlot()
    return table.symbolic(slot.slot, table.composition('par', slot, inner, site))
  }
  return compose(table, shape.op, build(table, shape.left), build(table, shape.right), shape.choice)
}

function leafOf(table: BoxTable, n: number): Box {
  const leaves = [
    table.wire,
    table.wire,
    table.cut,
    table.int(7),
    table.primitive('add'),
    table.primitive('sin'),
    table.waveform([1, 2, 3], 'int'),
    table.route(2, 3, [1, 1, 2, 3]),
    table.widget({ kind: 'hslider', label: 'a', init: 0, min: 0, max: 1, step: 1 }),
    table.empty,
  ]
  return leaves[n]!
}

/** A route in between makes the sides fit. */
function compose(table: BoxTable, op: CompositionOperator, left: Box, right: Box, choice: number): Box {
  const { outputs, inputs } = { outputs: left.arity!.outputs, inputs: right.arity!.inputs }
  const bridge = (from: number, to: number) => (from === to ? undefined : table.route(from, to, []))
  const behind = (box: Box, route: Box | undefined) =>
    route ? table.composition('seq', box, route, site) : box
  switch (op) {
    case 'par':
      return table.composition('par', left, right, site)
    case 'seq':
      return table.composition('seq', behind(left, bridge(outputs, inputs)), right, site)
    case 'split':
    case 'merge': {
      if (outputs === 0 || inputs === 0) return table.composition('par', left, right, site)
      const few = 1 + (choice % 3)
      const [v, x] = op === 'split' ? [1, few] : [few, 1]
      const end = table.route(x, inputs, [])
      return table.composition(
        op,
        behind(left, bridge(outputs, v)),
        table.composition('seq', end, right, site),
        site,
      )
    }
    case 'rec': {
      const back = table.route(
        Math.min(outputs, choice % 3),
        Math.min(left.arity!.inputs, (choice >> 1) % 3),
        [],
      )
      return table.composition('rec', left, back, site)
    }
  }
}

/** `block number.port` of outputs with the inputs they reach; `in.0` and `out.0` are the diagram's own. */
export function connectionsOf(box: Box): string[] {
  const edges = new Map<string, string[]>()
  const link = (from: string, to: string) => {
    edges.set(from, [...(edges.get(from) ?? []), to])
  }
  let blocks = 0
  let wires = 0

  function walk(box: Box): { ins: string[]; outs: string[] } {
    const arity = box.arity!
    const ports = (count: number, name: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => name(i))
    if (box.kind === 'wire') {
      const name = `wire ${wires++}`
      return { ins: [name], outs: [name] }
    }
    if (box.kind === 'empty') return { ins: [], outs: [] }
    if (box.kind === 'group') return walk(box.body)
    if (box.kind === 'symbolic') {
      const head = `${blocks++}.in.0`
      const body = walk(box.body)
      return { ins: [head, ...body.ins], outs: body.outs }
    }
    if (box.kind !== 'composition') {
      const n = blocks++
      return {
        ins: ports(arity.inputs, i => `${n}.in.${i}`),
        outs: ports(arity.outputs, i => `${n}.out.${i}`),
      }
    }
    const left = walk(box.left)
    const right = walk(box.right)
    switch (box.op) {
      case 'par':
        return { ins: [...left.ins, ...right.ins], outs: [...left.outs, ...right.outs] }
      case 'rec':
        for (const [i, to] of right.ins.entries()) link(left.outs[i]!, to)
        for (const [i, from] of right.outs.entries()) link(from, left.ins[i]!)
        return { ins: left.ins.slice(right.outs.length), outs: left.outs }
      default: {
        const [v, x] = [left.outs.length, right.ins.length]
        for (let i = 0; i < Math.max(v, x); i++) link(left.outs[i % v]!, right.ins[i % x]!)
        return { ins: left.ins, outs: right.outs }
      }
    }
  }

  const all = walk(box)
  for (const [i, to] of all.ins.entries()) link(`in.${i}`, to)
  for (const [i, from] of all.outs.entries()) link(from, `out.${i}`)
  const isSource = (port: string) => /^in\.|\.out\./.test(port)
  const isSink = (port: string) => /^out\.|\.in\./.test(port)
  return reach([...edges.keys()].filter(isSource), port => edges.get(port) ?? [], isSink)
}

/** Pairs of sources and the sinks they lead to, each path once, sorted. */
export function reach(
  sources: readonly string[],
  next: (at: string) => readonly string[],
  isSink: (at: string) => boolean,
): string[] {
  const pairs = new Set<string>()
  for (const source of sources) {
    const seen = new Set<string>()
    const stack = [...next(source)]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (isSink(at)) pairs.add(`${source} -> ${at}`)
      else if (!seen.has(at)) {
        seen.add(at)
        stack.push(...next(at))
      }
    }
  }
  return [...pairs].sort()
}
