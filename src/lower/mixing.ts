/**
 * Wires that meet: signals added up where several lead to one place.
 *
 * Comes in: signals, and where they go. Goes out: sums, in a fixed order. Apart from propagation because it is plain
 * arithmetic on lists.
 */
import type { Box } from './box.ts'
import type { Signal, SignalTable } from './signal.ts'
import type { Wires } from './wires.ts'

/** Input j is the sum of outputs j, j + n, j + 2n, … in that order. */
export function mix(signals: SignalTable, outputs: readonly Signal[], n: number): Signal[] {
  const sums = outputs.slice(0, n)
  for (let i = n; i < outputs.length; i++) sums[i % n] = signals.op('add', [sums[i % n]!, outputs[i]!])
  return sums
}

/** What no wire leads to is 0. */
export function routeWires(
  signals: SignalTable,
  box: Extract<Box, { kind: 'route' }>,
  inputs: Wires,
): Signal[] {
  const outputs: (Signal | undefined)[] = Array.from({ length: box.outputs })
  for (let i = 0; i + 1 < box.connections.length; i += 2) {
    const from = inputs.at(box.connections[i]! - 1)
    const to = box.connections[i + 1]! - 1
    if (!from || to < 0 || to >= box.outputs) continue
    const sum = outputs[to]
    outputs[to] = sum ? signals.op('add', [sum, from]) : from
  }
  return outputs.map(s => s ?? signals.int(0))
}
