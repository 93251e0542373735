/**
 * The cost of a frame, divided among the definitions of a program.
 *
 * Comes in: the frame loop before it was divided, what was decided, labels of values. Goes out: definitions, dearest
 * first, each with its part of the time, in how many lanes it runs, and what keeps it from more. Apart from
 * explain-cost, which knows of passes; this knows of instructions.
 *
 * What has no label, such as the address in a delay line, belongs to what uses it.
 */
import { type NodeReason, type Reason, reasonsOf } from './explain-reasons.ts'
import { laneCost, type Pricing, serialCost } from './frame-lanes.ts'
import { type Division, frameLoop } from './frames.ts'
import type { Instruction, KernelModule, Value } from './kernel.ts'
import { workOf } from './pairs.ts'
import { definitions, valuesUsed } from './regions.ts'

export interface ReasonReport {
  readonly reason: Reason
  /** Of a feedback, the definitions that it goes through. */
  readonly through: readonly string[]
  /** Part of the definition's time that goes frame by frame because of it, 0 … 1. */
  readonly part: number
}

export interface DefinitionCost {
  readonly definition: string
  readonly nanoseconds: number
  readonly instructions: number
  /** Part of its instructions that works on several frames at once, 0 … 1. */
  readonly inLanes: number
  readonly reasons: readonly ReasonReport[]
}

export interface DefinitionCosts {
  readonly definitions: readonly DefinitionCost[]
  /** All, dearest first. */
  readonly all: readonly string[]
  readonly ofLoop: (loop: number) => readonly string[]
}

interface Sum {
  cost: number
  instructions: number
  parallel: number
  readonly reasons: Map<string, { reason: Reason; through: Set<string>; cost: number }>
}

const NOWHERE = 'process'
const MOST_THROUGH = 4

export function definitionCosts(
  module: KernelModule,
  division: Division | undefined,
  divided: boolean,
  nanoseconds: number,
  labelOf: ReadonlyMap<Value, string>,
): DefinitionCosts {
  const nodes = division?.graph.nodes ?? bodyOf(module)
  const labels = labelNodes(nodes, labelOf, division?.graph.sourceOf)
  const reasons = division ? reasonsOf(division) : []
  const work = workOf(module.functions)
  const machine: Pricing = division?.machine ?? {
    ...{ lanes: 2, pairFunction: () => undefined, workOf: name => work.get(name) ?? 1 },
  }
  const sums = new Map<string, Sum>()
  let total = 0
  for (const [node, instruction] of nodes.entries()) {
    if (!instruction) continue
    const isParallel = divided && division !== undefined && !reasons[node]
    const cost = costOf(machine, instruction, isParallel, division)
    total += cost
    add(sums, labels[node] ?? NOWHERE, cost, isParallel, reasons[node], labels)
  }
  const list = [...sums].sort(([, a], [, b]) => b.cost - a.cost)
  const scale = total > 0 ? nanoseconds / total : 0
  return {
    definitions: list.map(([definition, sum]) => report(definition, sum, scale)),
    all: list.map(([definition]) => definition),
    ofLoop: loop => dearest(division?.plan.loops[loop]?.nodes ?? [], labels),
  }
}

function bodyOf(module: KernelModule): readonly Instruction[] {
  const compute = module.functions.find(f => f.name === 'compute')
  const loop = compute && frameLoop(compute)
  return loop ? loop.body.instructions : []
}

function costOf(
  machine: Pricing,
  instruction: Instruction,
  isParallel: boolean,
  division: Division | undefined,
): number {
  if (!isParallel) return serialCost(machine, instruction)
  return laneCost(machine, instruction, division?.graph.access.get(instruction))
}

/** Values that nobody named belong to their first user, and what nobody uses, such as a store, to what it uses. */
function labelNodes(
  nodes: readonly (Instruction | undefined)[],
  labelOf: ReadonlyMap<Value, string>,
  sourceOf: ((value: Value) => { readonly node: number } | undefined) | undefined,
): (string | undefined)[] {
  const labels = nodes.map(
    i =>
      i &&
      definitions(i)
        .map(v => labelOf.get(v))
        .find(Boolean),
  )
  const definedAt = new Map<Value, number>()
  for (const [node, i] of nodes.entries()) if (i) for (const v of definitions(i)) definedAt.set(v, node)
  const before = (value: Value) => sourceOf?.(value)?.node ?? definedAt.get(value)
  const each = (node: number, act: (other: number) => void) => {
    const instruction = nodes[node]
    for (const value of instruction ? valuesUsed(instruction) : []) {
      const other = before(value)
      if (other !== undefined) act(other)
    }
  }
  const stores = (node: number) => nodes[node]?.kind === 'store'
  for (let node = 0; node < nodes.length; node++) {
    if (stores(node)) each(node, other => (labels[node] ??= labels[other]))
  }
  for (let node = nodes.length - 1; node >= 0; node--) {
    if (labels[node]) each(node, other => (labels[other] ??= labels[node]))
  }
  for (let node = 0; node < nodes.length; node++) each(node, other => (labels[node] ??= labels[other]))
  return labels
}

function add(
  sums: Map<string, Sum>,
  label: string,
  cost: number,
  isParallel: boolean,
  why: NodeReason | undefined,
  labels: readonly (string | undefined)[],
): void {
  let sum = sums.get(label)
  if (!sum) sums.set(label, (sum = { cost: 0, instructions: 0, parallel: 0, reasons: new Map() }))
  sum.cost += cost
  sum.instructions++
  if (isParallel) sum.parallel++
  if (!why) return
  const key = JSON.stringify(why.reason)
  let known = sum.reasons.get(key)
  if (!known) sum.reasons.set(key, (known = { reason: why.reason, through: new Set(), cost: 0 }))
  known.cost += cost
  if (why.together.length < 2 || known.through.size > MOST_THROUGH) return
  for (const other of why.together.slice(0, 200)) known.through.add(labels[other] ?? NOWHERE)
}

function report(definition: string, sum: Sum, scale: number): DefinitionCost {
  const { cost, instructions, parallel } = sum
  const reasons = [...sum.reasons.values()]
    .sort((a, b) => b.cost - a.cost)
    .map(({ reason, through, cost: own }) => ({
      ...{ reason, through: [...through].slice(0, MOST_THROUGH), part: cost > 0 ? own / cost : 0 },
    }))
  return { definition, nanoseconds: cost * scale, instructions, inLanes: parallel / instructions, reasons }
}

function dearest(nodes: readonly number[], labels: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const label = labels[node] ?? NOWHERE
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([label]) => label)
}
