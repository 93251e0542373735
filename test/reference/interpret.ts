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
import { boundsOf } from './bounds.ts'
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
  const outputs = roots.map(() => new Float64Array(blocks.length))
  for (let frame = 0; frame < blocks.length; frame++) {
    run.advance(frame)
    for (const [i, root] of roots.entries()) outputs[i]![frame] = run.value(root)
  }
  return outputs
}

interface Run {
  readonly advance: (frame: number) => void
  /** The value in the frame that was last advanced to. */
  readonly value: (s: Signal) => number
}

function startRun(roots: readonly Signal[], surroundings: Surroundings, blocks: readonly number[]): Run {
  const all = reachable(roots)
  const types = inferTypes(all)
  /** Values of the frames in which a signal was needed: what is gated has a time of its own, that stops. */
  const history = new Map<Signal, number[]>(all.map(s => [s, []]))
  const done = new Set<Signal>()
  const needed = new Set<Signal>()
  const tables = new Map<Signal, number[]>()
  const { stimulus, sampleRate, addresses } = surroundings
  let frame = 0

  const value = (s: Signal): number => {
    const past = history.get(s)!
    if (done.has(s)) return past.at(-1)!
    const made = compute(s, past.length)
    past.push(made)
    done.add(s)
    return made
  }
  const as = (type: NumberType, s: Signal, x: number) =>
    type === 'int' && types.get(s) === 'real' ? toInt(x) : x
  const converted = (s: Signal, type: NumberType) => as(type, s, value(s))
  /** What a signal was `n` ≥ 1 of its own frames ago. */
  const earlier = (s: Signal, n: number): number => {
    const past = history.get(s)!
    return past[past.length - (done.has(s) ? 1 : 0) - n] ?? 0
  }

  /** A table's cells, filled with the first samples of its content. */
  const cells = (s: Signal): number[] => {
    const known = tables.get(s)
    if (known) return known
    const length = value(s.args[0]!)
    const content = startRun([s.args[1]!], surroundings, Array(length).fill(0))
    const made = Array.from({ length }, (_, i) => {
      content.advance(i)
      return content.value(s.args[1]!)
    })
    tables.set(s, made)
    return made
  }
  const cellIndex = (table: Signal, index: Signal) =>
    Math.max(0, Math.min(cells(table).length - 1, converted(index, 'int')))

  const widget = (s: Extract<Signal, { kind: 'widget' }>) => {
    const address = addresses.get(s)
    if (address === undefined) return s.spec.init
    return stimulus.control({ ...s.spec, address }, blocks[frame]!) ?? s.spec.init
  }

  /** `own` counts the frames in which the signal was needed before. */
  const compute = (s: Signal, own: number): number => {
    const [a, b, c, d] = s.args as [Signal, Signal, Signal, Signal]
    switch (s.kind) {
      case 'int':
      case 'real':
        return s.value
      case 'input':
        return stimulus.input(s.index, frame)
      case 'widget':
        return widget(s)
      case 'op':
        return s.op === 'select2' ? select(s) : operate(s.op, s.args)
      case 'delay': {
        const length = converted(b, 'int')
        return length === 0 ? value(a) : earlier(a, length)
      }
      case 'prefix':
        return own === 0 ? converted(a, types.get(s)!) : as(types.get(s)!, b, earlier(b, 1))
      case 'waveform':
        return s.values[own % s.values.length]!
      case 'table':
        return 0
      case 'writtenTable':
        cells(s)[cellIndex(s, c)] = converted(d, types.get(s)!)
        return 0
      case 'tableRead':
        value(a)
        return cells(a)[cellIndex(a, b)]!
      case 'bargraph':
      case 'attach':
        return value(a)
      case 'gate':
        return needed.has(a) ? value(a) : (history.get(a)!.at(-1) ?? 0)
      case 'lowest':
        return boundsOf(a)[0]
      case 'highest':
        return boundsOf(a)[1]
      case 'assertBounds':
        return value(c)
      case 'foreign':
        return s.name === 'sampleRate' ? sampleRate : stimulus.blocks[blocks[frame]!]!
      case 'feedback':
        return converted(bodyOf(s), types.get(s)!)
      default:
        throw new Error(`no meaning for ${s.kind}`)
    }
  }

  const select = ({ args }: Signal) => (converted(args[0]!, 'int') === 0 ? value(args[1]!) : value(args[2]!))

  const operate = (name: string, args: readonly Signal[]): number => {
    const operator = OPERATORS[name]!
    const isInt = operandType(name, args, types) === 'int'
    const values = args.map(s =>
      operator.operands === 'none' ? value(s) : converted(s, isInt ? 'int' : 'real'),
    )
    const result = operator.compute(values[0]!, values[1]!, isInt)
    const isWhole = operator.result === 'int' || (operator.result === 'common' && isInt)
    return isWhole ? result | 0 : result
  }

  /** Everything that the outputs depend on in this frame: behind a gate only while it is open. */
  const need = () => {
    const pending = [...roots]
    for (let s = pending.pop(); s; s = pending.pop()) {
      if (needed.has(s)) continue
      needed.add(s)
      if (s.kind !== 'gate') pending.push(...dependencies(s))
      else pending.push(s.args[1]!, ...(value(s.args[1]!) === 0 ? [] : [s.args[0]!]))
    }
  }

  return {
    value,
    advance: to => {
      frame = to
      done.clear()
      needed.clear()
      need()
      for (const s of needed) value(s)
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
    case 'lowest':
    case 'highest':
      return 'real'
    case 'assertBounds':
      return types.get(s.args[2]!)!
    case 'feedback':
      return common(dependencies(s), types)
    default:
      return types.get(s.args[0]!)!
  }
}
