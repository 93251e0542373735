/**
 * Checks that a simplified graph can be computed at all.
 *
 * Comes in: the graph and its facts. Goes out: diagnostics, at the place where the signal was made. A stage of
 * its own because after it code generation may trust every delay length, table size and operand.
 */
import { INT_MAX } from '../core/interval.ts'
import { primitive, purePrimitive } from '../core/primitives.ts'
import type { DiagnosticLog, Label } from '../diagnostics.ts'
import type { Fact, Facts } from './facts.ts'
import { reachable } from './graph.ts'
import type { Scope, Signal, SignalTable } from './signal.ts'

/** 2^26 samples are 25 minutes at 44.1 kHz, and 512 MB. */
export const LONGEST_DELAY = 2 ** 26
export const LARGEST_TABLE = 2 ** 26

export function checkSignals(
  roots: readonly Signal[],
  facts: Facts,
  signals: SignalTable,
  log: DiagnosticLog,
): void {
  for (const s of reachable(roots)) {
    if (s.kind === 'op' && !purePrimitive(s.op).domain) continue
    const origin = signals.origins.get(s)
    const check = { facts, log, span: origin?.span, notes: () => scopeNotes(origin?.scope) }
    switch (s.kind) {
      case 'op':
        checkOperands(s, check)
        break
      case 'node':
        checkConstants(s, check)
        break
      case 'delay':
        checkDelay(s, check)
        break
      case 'table':
      case 'writtenTable':
        checkTable(s, check)
        break
      case 'prefix':
        if (facts.get(s.args[0]!)!.rate > 1) log.report('prefixNotInit', check.span, {}, check.notes())
        break
      case 'assertBounds':
        checkPromise(s, check)
        if (s.args.slice(0, 2).some(a => facts.get(a)!.rate > 0))
          log.report('boundsNotConstant', check.span, {}, check.notes())
        break
      default:
    }
  }
}

interface Check {
  readonly facts: Facts
  readonly log: DiagnosticLog
  readonly span: NonNullable<ReturnType<SignalTable['origins']['get']>>['span']
  /** Asked only when there is something to report: scopes may be as deep as the program. */
  readonly notes: () => readonly Label[]
}

/** Lengths of a node's buffers follow from these. */
function checkConstants(s: Extract<Signal, { kind: 'node' }>, { log, span, notes }: Check): void {
  for (const [i, input] of s.type.inputs.entries()) {
    const arg = s.args[i]!
    if (!input.constant || arg.kind === 'int' || arg.kind === 'real') continue
    log.report('constantInput', span, { node: s.type.name, input: input.name }, notes())
  }
}

function scopeNotes(scope: Scope | undefined): Label[] {
  const names: string[] = []
  for (let s = scope; s; s = s.parent) names.unshift(s.name)
  return names.length > 0 ? [{ message: `in ${names.map(n => `\`${n}\``).join(' / ')}` }] : []
}

function checkOperands(s: Extract<Signal, { kind: 'op' }>, { log, span, notes }: Check): void {
  const values = s.args.map(a => (a.kind === 'int' || a.kind === 'real' ? a.value : Number.NaN))
  const problem = purePrimitive(s.op).domain?.(values)
  const isDivision = s.op === 'div' || s.op === 'rem' || s.op === 'fmod' || s.op === 'remainder'
  const known = isDivision ? !Number.isNaN(values[1]) : values.every(v => !Number.isNaN(v))
  if (problem !== undefined && known)
    log.report('literalDomain', span, { operator: primitive(s.op).symbol ?? s.op, problem }, notes())
}

function checkDelay(s: Extract<Signal, { kind: 'delay' }>, { facts, log, span, notes }: Check): void {
  const { interval } = factOf(facts, s.args[1]!)
  if (interval.low < 0) log.report('negativeDelay', span, { low: interval.low, high: interval.high }, notes())
  else if (interval.high >= INT_MAX) log.report('unboundedDelay', span, {}, notes())
  else if (interval.high > LONGEST_DELAY)
    log.report('hugeDelay', span, { samples: interval.high, limit: LONGEST_DELAY }, notes())
}

/** Every value of a slider can be set, so bounds that leave some out are a broken promise, not a hint. */
function checkPromise(
  s: Extract<Signal, { kind: 'assertBounds' }>,
  { facts, log, span, notes }: Check,
): void {
  const x = s.args[2]!
  if (x.kind !== 'widget') return
  const [low, high] = [facts.get(s.args[0]!)!.interval.low, facts.get(s.args[1]!)!.interval.high]
  const { min, max } = x.spec
  if (min < low || max > high) log.report('brokenBounds', span, { low, high, min, max }, notes())
}

function checkTable(
  s: Extract<Signal, { kind: 'table' | 'writtenTable' }>,
  { log, span, notes }: Check,
): void {
  const size = s.args[0]!
  if (size.kind !== 'int') log.report('tableSize', span, { size: undefined }, notes())
  else if (size.value <= 0) log.report('tableSize', span, { size: size.value }, notes())
  else if (size.value > LARGEST_TABLE)
    log.report('hugeTable', span, { size: size.value, limit: LARGEST_TABLE }, notes())
  for (const inner of reachable([s.args[1]!])) {
    if (
      inner.kind === 'input' ||
      inner.kind === 'widget' ||
      (inner.kind === 'foreign' && inner.name === 'count')
    ) {
      const what = inner.kind === 'input' ? 'an input' : inner.kind === 'widget' ? 'a control' : '`count`'
      log.report('tableContent', span, { what }, notes())
      return
    }
  }
}

function factOf(facts: Facts, s: Signal): Fact {
  return facts.get(s)!
}
