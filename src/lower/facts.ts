/**
 * Facts: number type, rate and interval of every signal.
 *
 * Comes in: a graph of signals. Goes out: facts beside it, looked up by signal. A stage of its own, run before
 * and after simplification, because casts, delay lengths, table clamps and hoisting are all decided from facts
 * and nothing else. Loops are solved component by component, dependencies first.
 */

import type { Interval } from '../core/interval.ts'
import * as I from '../core/interval.ts'
import { NO_OPERANDS, type NumberType, purePrimitive, typeRuleOf, withOperand } from '../core/primitives.ts'
import { bodyOf, components } from './graph.ts'
import { IdMap } from './id-map.ts'
import { solveLoop } from './loop-facts.ts'
import type { Signal } from './signal.ts'

/** When a signal can change: never, at start, between blocks, every sample. */
export const RATES = ['constant', 'init', 'control', 'sample'] as const
export type Rate = 0 | 1 | 2 | 3

export interface Fact {
  readonly type: NumberType
  readonly rate: Rate
  readonly interval: Interval
  /** False where the interval rests on a promise: an input, or `assertbounds`. */
  readonly proven: boolean
}

export interface Facts {
  get(s: Signal): Fact | undefined
}

/** `known`: facts of another graph of the same signals. What a signal depends on never changes, so they hold here. */
export function inferFacts(roots: readonly Signal[], known?: Facts): Facts {
  const parts = components(roots)
  const facts = tableFor(parts)
  for (const component of parts) {
    const first = component[0]!
    const isLoop = component.length > 1 || isOwnBody(first)
    if (isLoop) solveLoop(component, facts, computeFact)
    else facts.set(first, known?.get(first) ?? computeFact(first, facts))
  }
  return facts
}

const isOwnBody = (s: Signal) => s.kind === 'feedback' && bodyOf(s) === s

const unite = (a: NumberType, b: NumberType): NumberType => (a === 'real' || b === 'real' ? 'real' : 'int')

/** What is settable, too. */
export interface FactTable extends Facts {
  set(s: Signal, fact: Fact): void
}

/** A few of many signals, such as those that fill one table of a thousand, are not worth a list by ids. */
function tableFor(parts: readonly (readonly Signal[])[]): FactTable {
  const highest = parts.reduce((id, part) => Math.max(id, part.at(-1)!.id), 0)
  return highest > SPARSE * parts.length ? new Map<Signal, Fact>() : new IdMap<Signal, Fact>()
}

const SPARSE = 20

function computeFact(s: Signal, facts: Facts): Fact {
  if (s.kind === 'op') return operatorFact(s, facts)
  if (s.kind === 'int' || s.kind === 'real')
    return { type: s.kind, rate: 0, interval: I.point(s.value), proven: true }
  const x = s.args.map(a => factOf(a, facts))
  const proven = x.every(f => f.proven)
  const fact = (type: NumberType, rate: Rate, range: Interval): Fact => ({
    type,
    rate,
    interval: range,
    proven,
  })
  switch (s.kind) {
    case 'input':
      return { type: 'real', rate: 3, interval: I.interval(-1, 1), proven: false }
    case 'widget':
      return fact('real', 2, I.interval(s.spec.min, s.spec.max))
    case 'bargraph':
      return fact('real', x[0]!.rate, x[0]!.interval)
    case 'delay':
      return fact(x[0]!.type, 3, I.union(x[0]!.interval, I.point(0)))
    case 'prefix':
      return fact(unite(x[0]!.type, x[1]!.type), 3, I.union(x[0]!.interval, x[1]!.interval))
    case 'waveform':
      return fact(s.type, 3, rangeOf(s.values))
    case 'table':
      return fact(x[1]!.type, 1, x[1]!.interval)
    case 'writtenTable':
      // The content alone decides the type; what is written is converted.
      return fact(
        x[1]!.type,
        3,
        I.union(x[1]!.interval, convertedRange(x[3]!.interval, x[3]!.type, x[1]!.type)),
      )
    case 'tableRead':
      return fact(
        x[0]!.type,
        s.args[0]!.kind === 'table' ? (Math.max(2, x[1]!.rate) as Rate) : 3,
        x[0]!.interval,
      )
    case 'gate':
      return fact(x[0]!.type, x[0]!.rate, I.union(x[0]!.interval, I.point(0)))
    case 'attach':
      return fact(x[0]!.type, x[0]!.rate, x[0]!.interval)
    case 'foreign':
      return fact('int', s.name === 'sampleRate' ? 1 : 2, I.interval(0, I.INT_MAX))
    case 'node':
    case 'nodeOutput':
      return { type: 'real', rate: 3, interval: I.EVERYTHING, proven: false }
    case 'lowest':
      return fact('real', 0, I.point(x[0]!.interval.low))
    case 'highest':
      return fact('real', 0, I.point(x[0]!.interval.high))
    case 'assertBounds': {
      const promised = I.interval(x[0]!.interval.low, x[1]!.interval.high)
      return {
        type: x[2]!.type,
        rate: x[2]!.rate,
        interval: I.intersect(x[2]!.interval, promised),
        proven: false,
      }
    }
    case 'feedback':
      return factOf(bodyOf(s), facts)
    case 'recursion':
    case 'projection':
    case 'reference':
      throw new Error('internal error: facts of a recursion whose knot is not tied')
  }
}

function rangeOf(values: readonly number[]): Interval {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
  return I.interval(low, high)
}

const UNKNOWN: Fact = { type: 'int', rate: 3, interval: I.point(0), proven: true }

/** Arguments of a loop that are not computed yet count as zero; the next round knows better. */
function factOf(s: Signal, facts: Facts): Fact {
  return facts.get(s) ?? UNKNOWN
}

/** Most signals are operators, and each is looked at several times: no lists in between. */
function operatorFact(s: Extract<Signal, { kind: 'op' }>, facts: Facts): Fact {
  const ranges: Interval[] = []
  let types = NO_OPERANDS
  let rate: Rate = 0
  let proven = true
  for (const a of s.args) {
    const fact = factOf(a, facts)
    types = withOperand(types, fact.type)
    ranges.push(fact.interval)
    if (fact.rate > rate) rate = fact.rate
    if (!fact.proven) proven = false
  }
  const rule = typeRuleOf(purePrimitive(s.op).type, types)
  for (let i = 0; i < ranges.length; i++)
    if (rule.operands[i] === 'int')
      ranges[i] = convertedRange(ranges[i]!, factOf(s.args[i]!, facts).type, 'int')
  if (proven && s.op === 'int') proven = !roundsAcross(ranges[0]!)
  const operandType = rule.operands[ranges.length - 1] ?? 'real'
  return { type: rule.result, rate, interval: rangeOfOperator(s, ranges, operandType), proven }
}

/** What is multiplied by itself is a square, and not negative. */
function rangeOfOperator(
  { op, args }: Extract<Signal, { kind: 'op' }>,
  ranges: readonly Interval[],
  type: NumberType,
): Interval {
  const isSquare = op === 'mul' && args[0] === args[1]
  return purePrimitive(op).interval(
    isSquare ? [I.absolute(ranges[0]!), I.absolute(ranges[1]!)] : ranges,
    type,
  )
}

/** Whether a bound just below a whole number may reach it when the program computes in single precision. */
function roundsAcross(range: Interval): boolean {
  const cast = (r: Interval) => purePrimitive('int').interval([r], 'real')
  return !I.contains(cast(range), cast(I.loosenToSingle(range)))
}

function convertedRange(range: Interval, from: NumberType, to: NumberType): Interval {
  return to === 'real' || from === 'int' ? range : purePrimitive('int').interval([range], 'real')
}
