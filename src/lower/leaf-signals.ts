/**
 * Signals of boxes without boxes inside: numbers, wires, primitives, controls, nodes.
 *
 * Comes in: such a box and the signals at its inputs. Goes out: those at its outputs. Apart from propagation, which
 * composes.
 */
import { isPure } from '../core/primitives.ts'
import type { Box } from './box.ts'
import { routeWires } from './mixing.ts'
import { nodeSignals } from './nodes.ts'
import type { Propagation } from './propagate.ts'
import type { Signal } from './signal.ts'
import { readSound, soundUrls } from './soundfiles.ts'
import { structuralSignal } from './structural.ts'
import { type Surroundings, slotValue } from './surroundings.ts'
import type { Wires } from './wires.ts'

/** Boxes that need no further calls. */
export function leafSignals(
  p: Propagation,
  box: Box,
  inputs: Wires,
  around: Surroundings,
): readonly Signal[] | undefined {
  const { signals } = p
  switch (box.kind) {
    case 'int':
    case 'real':
      return [signals.number(box.kind, box.value)]
    case 'wire':
      return inputs.toArray()
    case 'cut':
    case 'empty':
      return []
    case 'slot':
      return [slotValue(box.slot, around.slots)]
    case 'waveform': {
      const wave = signals.waveform(box.values, box.type)
      markOrigin(p, wave, box, around)
      return [signals.int(box.values.length), wave]
    }
    case 'foreign':
      return [signals.foreign(box.nature === 'fconstant' ? 'sampleRate' : 'count')]
    case 'soundfile':
      return soundfile(p, box, inputs, around)
    case 'node':
      return node(p, box, inputs, around)
    case 'foreignFunction':
      return [foreignFunction(p, box, inputs.toArray())]
    case 'widget':
      return [widget(p, box, inputs, around)]
    case 'route':
      return routeWires(p.signals, box, inputs)
    case 'primitive': {
      const result = isPure(box.name)
        ? signals.op(box.name, inputs.toArray())
        : structuralSignal(signals, box.name, inputs.toArray(), p.isTrial ? undefined : around)
      markOrigin(p, result, box, around)
      return [result]
    }
    default:
      return undefined
  }
}

export function markOrigin(p: Propagation, signal: Signal, box: Box, around: Surroundings): void {
  if (p.isTrial || p.signals.origins.has(signal)) return
  const own = box.kind === 'primitive' ? undefined : p.boxes.spans.get(box)
  p.signals.setOrigin(signal, { scope: around.scope, span: own ?? around.span })
}

function widget(
  p: Propagation,
  box: Extract<Box, { kind: 'widget' }>,
  inputs: Wires,
  around: Surroundings,
): Signal {
  const { signals } = p
  const { spec } = box
  const isMeter = spec.kind === 'hbargraph' || spec.kind === 'vbargraph'
  const signal = isMeter
    ? signals.bargraph(spec, around.path, inputs.at(0)!)
    : signals.widget(spec, around.path)
  markOrigin(p, signal, box, around)
  return signal
}

function node(
  p: Propagation,
  box: Extract<Box, { kind: 'node' }>,
  inputs: Wires,
  around: Surroundings,
): Signal[] {
  const outputs = nodeSignals(p.signals, box.type, inputs.toArray())
  if (outputs[0]) markOrigin(p, outputs[0], box, around)
  return outputs
}

/** The widget keeps the file in the user interface; it has no value of its own. */
function soundfile(
  p: Propagation,
  box: Extract<Box, { kind: 'soundfile' }>,
  inputs: Wires,
  around: Surroundings,
): Signal[] {
  const { signals, sounds } = p
  const span = p.boxes.spans.get(box) ?? around.span
  const names = soundUrls(box.label)
  const parts = names.map(name => sounds.part(name, span))
  const spec = { kind: 'soundfile', label: box.label, init: 0, min: 0, max: 0, step: 0 } as const
  const widget = signals.widget(spec, around.path)
  markOrigin(p, widget, box, around)
  const outputs = readSound(signals, parts, names, box.channels, [inputs.at(0)!, inputs.at(1)!])
  return outputs.map(s => signals.node('attach', [s, widget]))
}

/** C converts arguments and result to the types of the declaration. */
function foreignFunction(
  p: Propagation,
  { op, signature }: Extract<Box, { kind: 'foreignFunction' }>,
  x: Signal[],
): Signal {
  const { signals } = p
  const as = (type: 'int' | 'float' | 'any', s: Signal) => (type === 'any' ? s : signals.op(type, [s]))
  const args = x.map((s, i) => as(signature.arguments[i]!, s))
  return as(signature.result, signals.op(op, args))
}
