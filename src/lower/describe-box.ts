/**
 * A box in a few words, for messages and `--emit=boxes`.
 *
 * Comes in: a box, open or closed. Goes out: text in the language's own notation, cut off where it gets long;
 * iterative, since boxes can be deep.
 */
import { primitive } from '../core/primitives.ts'
import { assertNever } from '../source.ts'
import type { Box } from './box.ts'

const SYMBOLS = { seq: ' : ', par: ', ', split: ' <: ', merge: ' :> ', rec: ' ~ ' } as const

/** At most about `limit` characters. */
export function describeBox(box: Box, limit = 60): string {
  const pending: (Box | string)[] = [box]
  let text = ''
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (text.length > limit) return `${text.slice(0, limit)}…`
    if (typeof next === 'string') text += next
    else {
      const parts = describeParts(next)
      for (let i = parts.length - 1; i >= 0; i--) pending.push(parts[i]!)
    }
  }
  return text
}

function describeParts(box: Box): readonly (Box | string)[] {
  switch (box.kind) {
    case 'int':
      return [String(box.value)]
    case 'real':
      return [Number.isInteger(box.value) ? `${box.value}.0` : String(box.value)]
    case 'wire':
      return ['_']
    case 'cut':
      return ['!']
    case 'empty':
      return ['(nothing)']
    case 'primitive':
      return [primitive(box.name).symbol ?? box.name]
    case 'widget':
      return [`${box.spec.kind}("${box.spec.label}")`]
    case 'group':
      return [`${box.group}("${box.label}", `, box.body, ')']
    case 'composition':
      return ['(', box.left, SYMBOLS[box.op], box.right, ')']
    case 'route':
      return [`route(${box.inputs}, ${box.outputs}${box.connections.map(c => `, ${c}`).join('')})`]
    case 'waveform':
      return [`waveform{${box.values.length} values}`]
    case 'foreign':
      return [`${box.nature}(${box.name})`]
    case 'foreignFunction':
      return [`ffunction(${box.op})`]
    case 'soundfile':
      return [`soundfile("${box.label}", ${box.channels})`]
    case 'node':
      return [`node("${box.type.name}")`]
    case 'slot':
      return [`$${box.slot}`]
    case 'symbolic':
      return [`\\($${box.slot}).(`, box.body, ')']
    case 'closure':
      return [`\\(${box.lambda.parameters.slice(box.bound).join(', ')}).(…)`]
    case 'matcher':
      return ['case {…}']
    case 'environment':
      return ['environment {…}']
    case 'component':
      return ['component(…)']
    case 'patternVariable':
      return [box.name]
    default:
      return assertNever(box)
  }
}
