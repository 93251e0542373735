/**
 * The meaning of a signal graph, as directly as it can be said.
 *
 * Comes in: signals, before or after simplification, and a stimulus. Goes out: their samples. Every value of
 * every signal is kept, so that a delay is a look into the past; nothing is optimised and no fact of the compiler
 * is used, number types included. Slow and short: it is what the compiled program must agree with.
 */
import type { NumberType } from '../../src/core/primitives.ts'
import { bodyOf, dependencies, reachable } from '../../src/lower/graph.ts'
import type { Signal } from '../../src/lower/signal.ts'
import type { Stimulus } from '../support/machine.ts'
import { OPERATORS, toInt } from './operators.ts'

export interface Surroundings {
  readonly sampleRate: number
  readonly stimulus: Stimulus
  /** Addresses of controls; one without an address has no influence. */
  readonly addresses: ReadonlyMap<Signal, string>
}

/** All samples of each root. */
export function interpret(roots: readonly Signal[], surroundings: Surroundings): Float64Array[] {
  const blocks = surroundings.stimulus.blocks.flatMap((size, block) =>
    Array.from({ length: size }, () => block),
  )
  const run = startRun(roots, surroundings, blocks)
  for (let frame = 0; frame < blocks.length; frame++) run.advance(frame)
  return roots.map(root => Float64Array.from(blocks, (_, frame) => run.value(root, frame)))
}

interface Run {
  readonly value: (s: Signal, frame: number) => number
  readonly advance: (frame: number) => void
}

function startRun(roots: readonly Signal[], surroundings: Surroundings, blocks: readonly number[]): Run {
  const all = reachable(roots)
  const types = inferTypes(all)
  const history = new Map<Signal, number[]>(all.map(s => [s, []]))
  const tables = new Map<Signal, number[]>()
  const { stimulus, sampleRate, addresses } = surroundings

  const value = (s: Signal, frame: number): number => {
    const past = history.get(s)!
    return (past[frame] ??= compute(s, frame))
  }
  const converted = (s: Signal, type: NumberType, frame: number) =>
    type === 'int' && types.get(s) === 'real' ? toInt(value(s, frame)) : value(s, frame)

  /** A table's cells, filled with the first samples of its content. */
  const cells = (s: Signal): number[] => {
    const known = tables.get(s)
    if (known) return known
    const length = value(s.args[0]!, 0)
    const content = startRun([s.args[1]!], surroundings, Array(length).fill(0))
    const made = Array.from({ length }, (_, i) => content.value(s.args[1]!, i))
    tables.set(s, made)
    return made
  }
  const cellIndex = (table: Signal, index: Signal, frame: number) =>
    Math.max(0, Math.min(cells(table).length - 1, converted(index, 'int', frame)))

  const widget = (s: Extract<Signal, { kind: 'widget' }>, frame: number) => {
    const address = addresses.get(s)
    if (address === undefined) return s.spec.init
    return stimulus.control({ ...s.spec, address }, blocks[frame]!) ?? s.spec.init
  }

  const compute = (s: Signal, frame: number): number => {
    const [a, b, c, d] = s.args as [Signal, Signal, Signal, Signal]
    switch (s.kind) {
      case 'int':
      case 'real':
        return s.value
      case 'input':
        return stimulus.input(s.index, frame)
      case 'widget':
        return widget(s, frame)
      case 'op':
        return s.op === 'select2' ? select(s, frame) : operate(s.op, s.args, frame)
      case 'delay': {
        const then = frame - converted(b, 'int', frame)
        return then < 0 ? 0 : value(a, then)
      }
      case 'prefix':
        return frame === 0 ? converted(a, types.get(s)!, 0) : converted(b, types.get(s)!, frame - 1)
      case 'waveform':
        return s.values[frame % s.values.length]!
      case 'table':
        return 0
      case 'writtenTable':
        cells(s)[cellIndex(s, c, frame)] = converted(d, types.get(s)!, frame)
        return 0
      case 'tableRead':
        value(a, frame)
        return cells(a)[cellIndex(a, b, frame)]!
      case 'bargraph':
      case 'attach':
        return value(a, frame)
      case 'foreign':
        return s.name === 'sampleRate' ? sampleRate : stimulus.blocks[blocks[frame]!]!
      case 'feedback':
        return converted(bodyOf(s), types.get(s)!, frame)
      default:
        throw new Error(`no meaning for ${s.kind}`)
    }
  }

  const select = ({ args }: Signal, frame: number) =>
    converted(args[0]!, 'int', frame) === 0 ? value(args[1]!, frame) : value(args[2]!, frame)

  const operate = (name: string, args: readonly Signal[], frame: number): number => {
    const operator = OPERATORS[name]!
    const isInt = operandType(name, args, types) === 'int'
    const values = args.map(s =>
      operator.operands === 'none' ? value(s, frame) : converted(s, isInt ? 'int' : 'real', frame),
    )
    const result = operator.compute(values[0]!, values[1]!, isInt)
    const isWhole = operator.result === 'int' || (operator.result === 'common' && isInt)
    return isWhole ? result | 0 : result
  }

  return {
    value,
    advance: frame => {
      for (const s of all) value(s, frame)
    },
  }
}

type Types = ReadonlyMap<Signal, NumberType>

const common = (signals: readonly Signal[], types: Types): NumberType =>
  signals.some(s => types.get(s) === 'real') ? 'real' : 'int'

function operandType(name: string, args: readonly Signal[], types: Types): NumberType {
  const { operands } = OPERATORS[name]!
  return operands === 'int' || operands === 'real' ? operands : common(args, types)
}

/** All are int until something shows that they are real: the least fix-point, found by going round. */
function inferTypes(all: readonly Signal[]): Types {
  const types = new Map<Signal, NumberType>(all.map(s => [s, 'int']))
  for (let changed = true; changed; ) {
    changed = false
    for (const s of all) {
      if (types.get(s) === 'real' || typeOf(s, types) === 'int') continue
      types.set(s, 'real')
      changed = true
    }
  }
  return types
}

function typeOf(s: Signal, types: Types): NumberType {
  switch (s.kind) {
    case 'int':
    case 'real':
      return s.kind
    case 'input':
    case 'widget':
    case 'bargraph':
      return 'real'
    case 'op': {
      if (s.op === 'select2') return common(s.args.slice(1), types)
      const { result } = OPERATORS[s.op]!
      return result === 'common' ? operandType(s.op, s.args, types) : result
    }
    case 'prefix':
      return common(s.args, types)
    case 'waveform':
      return s.type
    // The content alone decides the type of a table.
    case 'table':
    case 'writtenTable':
      return types.get(s.args[1]!)!
    case 'foreign':
      return 'int'
    case 'feedback':
      return common(dependencies(s), types)
    default:
      return types.get(s.args[0]!)!
  }
}
