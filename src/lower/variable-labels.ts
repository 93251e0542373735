/**
 * What the user calls the places where the variables of a Core program are computed.
 *
 * Comes in: what Core is made of. Goes out: by name of a variable the definitions that lead to it, as in reports on
 * state. A module of its own, so that compilation itself carries no labels: Core is made once more for those who ask.
 */
import type { Facts } from './facts.ts'
import { resolve, schedule } from './schedule.ts'
import type { Signal } from './signal.ts'
import { StateNames } from './state-names.ts'
import { Structures } from './structure.ts'
import { CoreBuilder, type CoreContext } from './to-core.ts'

export function variableLabels(
  name: string,
  inputs: number,
  outputs: readonly Signal[],
  facts: Facts,
  context: CoreContext,
): ReadonlyMap<string, string> {
  const structures = new Structures(outputs, facts, resolve)
  const builder = new CoreBuilder(facts, schedule(outputs, facts), context, structures)
  const { kept } = builder.build(name, inputs, outputs)
  const names = new StateNames(context)
  const labels = new Map<string, string>()
  for (const [signal, core] of builder.values) {
    if (core.kind === 'variable' && !labels.has(core.name)) labels.set(core.name, names.labelOf(signal))
  }
  for (const { name: variable, id, origins } of kept) {
    labels.set(variable, origins?.[0]?.label ?? id.replace(/#.*/, ''))
  }
  return labels
}
