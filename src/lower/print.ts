/**
 * Boxes and signals as text, for `--emit=boxes` and `--emit=signals`.
 *
 * Comes in: a box, or a graph with its facts. Goes out: text for people; one signal a line, arguments first.
 */

import type { Box } from './box.ts'
import { describeBox } from './describe-box.ts'
import { type Facts, RATES } from './facts.ts'
import { bodyOf, reachable } from './graph.ts'
import type { Signal } from './signal.ts'

export function printBox(box: Box): string {
  return `${describeBox(box, Number.POSITIVE_INFINITY)}\n`
}

export function printSignals(roots: readonly Signal[], facts: Facts): string {
  const lines = reachable(roots).map(s => {
    const fact = facts.get(s)
    const about = fact
      ? `  // ${fact.type}, ${RATES[fact.rate]}, [${fact.interval.low}, ${fact.interval.high}]`
      : ''
    return `s${s.id} = ${describeSignal(s)}${about}`
  })
  const outputs = roots.map((root, i) => `output ${i} = s${root.id}`)
  return `${[...lines, ...outputs].join('\n')}\n`
}

function describeSignal(s: Signal): string {
  const args = s.args.map(a => `s${a.id}`).join(', ')
  switch (s.kind) {
    case 'int':
      return String(s.value)
    case 'real':
      return Number.isInteger(s.value) ? `${s.value}.0` : String(s.value)
    case 'input':
      return `input ${s.index}`
    case 'widget':
      return `${s.spec.kind}("${s.spec.label}", ${s.spec.init}, ${s.spec.min}, ${s.spec.max}, ${s.spec.step})`
    case 'bargraph':
      return `${s.spec.kind}("${s.spec.label}", ${args})`
    case 'op':
      return `${s.op}(${args})`
    case 'waveform':
      return `waveform{${s.values.slice(0, 8).join(', ')}${s.values.length > 8 ? ', …' : ''}}`
    case 'foreign':
      return s.name
    case 'node':
      return `node("${s.type.name}"${args === '' ? '' : `, ${args}`})`
    case 'nodeOutput':
      return `output ${s.index} of ${args}`
    case 'feedback':
      return `feedback s${bodyOf(s).id}`
    default:
      return `${s.kind}(${args})`
  }
}
