/**
 * Memory in which the loops of a frame plan hand values to one another.
 *
 * Comes in: the loops and what they read. Goes out: for each value that is read in another loop than its own an array
 * of one chunk, preceded by as much of its past as is read. Apart from the writing of loops, because who reads what
 * must be known before the first is written.
 */
import type { FrameGraph } from './frame-graph.ts'
import { sizeOf } from './frame-memory.ts'
import type { FramePlan } from './frame-plan.ts'
import type { Value } from './kernel.ts'
import { valuesUsed } from './regions.ts'

export interface Room {
  /** Address of the chunk's first element. */
  readonly offset: number
  /** Elements of the past in front of it. */
  readonly past: number
  readonly space: string
}

interface Need {
  past: number
  readonly first: number
  last: number
}

export interface Rooms {
  readonly of: (value: Value) => Room | undefined
  /** First free byte. */
  readonly end: number
}

const align = (bytes: number) => Math.ceil(bytes / 16) * 16

export function planRooms(graph: FrameGraph, plan: FramePlan, start: number): Rooms {
  const needs = findNeeds(graph, plan)
  const rooms = new Map<Value, Room>()
  const free = new Map<number, number[]>()
  let end = align(start)
  const ending = [...needs].sort(([, a], [, b]) => a.first - b.first)
  const open: { last: number; bytes: number; at: number }[] = []
  for (const [value, { past, first, last }] of ending) {
    for (const [i, room] of [...open.entries()].reverse()) {
      if (room.last >= first) continue
      open.splice(i, 1)
      const list = free.get(room.bytes)
      if (list) list.push(room.at)
      else free.set(room.bytes, [room.at])
    }
    const before = align(past * sizeOf(value))
    // A vector of small elements is read beyond the last.
    const bytes = before + align(plan.chunk * sizeOf(value)) + 16
    const at = free.get(bytes)?.pop() ?? end
    if (at === end) end += bytes
    open.push({ last, bytes, at })
    rooms.set(value, { offset: at + before, past, space: `$room ${at}` })
  }
  return { of: value => rooms.get(value), end }
}

function findNeeds(graph: FrameGraph, plan: FramePlan): Map<Value, Need> {
  const home = new Map<number, number>()
  for (const [at, { nodes }] of plan.loops.entries()) for (const node of nodes) home.set(node, at)
  const needs = new Map<Value, Need>()
  for (const [at, { nodes }] of plan.loops.entries()) {
    for (const node of nodes) {
      const instruction = graph.nodes[node]
      for (const used of instruction ? valuesUsed(instruction) : []) {
        const source = graph.sourceOf(used)
        const first = source && home.get(source.node)!
        if (first === undefined || first === at) continue
        const need = needs.get(source!.value) ?? { past: 0, first, last: at }
        need.past = Math.max(need.past, source!.delay)
        need.last = Math.max(need.last, at)
        needs.set(source!.value, need)
      }
    }
  }
  return needs
}
