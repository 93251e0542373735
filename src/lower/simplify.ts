/**
 * Simplification: explicit casts, folded bounds, laws applied, delays merged.
 *
 * Comes in: a graph and its facts. Goes out: another graph with the same outputs in which every operand has the
 * type its operator wants, so that later stages need no conversions of their own. One pass, arguments first;
 * loops are rebuilt as new groups.
 */
import {
  NO_OPERANDS,
  type NumberType,
  type PureName,
  purePrimitive,
  typeRuleOf,
  withOperand,
} from '../core/primitives.ts'
import type { Fact, Facts } from './facts.ts'
import { bodyOf, reachable } from './graph.ts'
import { IdMap } from './id-map.ts'
import { Products } from './products.ts'
import { simplifyOperator } from './rules.ts'
import { REGISTER_DELAY } from './schedule.ts'
import type { FeedbackGroup, Signal, SignalTable } from './signal.ts'

export function simplify(roots: readonly Signal[], facts: Facts, signals: SignalTable): Signal[] {
  const pass = new Simplifier(facts, signals)
  const order = reachable(roots)
  pass.isGated = order.some(s => s.kind === 'gate')
  for (const s of order) pass.rebuild(s)
  pass.tieKnots(order)
  return roots.map(root => pass.result(root))
}

class Simplifier {
  private readonly facts: Facts
  private readonly signals: SignalTable
  private readonly done = new IdMap<Signal, Signal>()
  private readonly groups = new Map<FeedbackGroup, FeedbackGroup>()
  private readonly fast = new IdMap<Signal, boolean>()
  private readonly products: Products
  /** Loops made here: what a delay inside a loop delays is not there yet. */
  private readonly knots: { readonly group: FeedbackGroup; readonly body: Signal }[] = []
  /** Behind a gate a sample rests and a delay line goes on. */
  isGated = false

  constructor(facts: Facts, signals: SignalTable) {
    this.facts = facts
    this.signals = signals
    this.products = new Products(signals, s => this.isFast(s))
  }

  /** A signal that is not yet known is a product of known ones, made by `products` itself. */
  private isFast(s: Signal): boolean {
    const known = this.fast.get(s)
    if (known !== undefined) return known
    return s.args.some(a => this.isFast(a))
  }

  result(s: Signal): Signal {
    return this.done.get(s)!
  }

  rebuild(s: Signal): void {
    if (this.done.get(s)) return
    const made = this.make(s)
    this.done.set(s, made)
    this.fast.set(made, this.fact(s).rate === 3)
    const origin = this.signals.origins.get(s)
    if (origin) this.signals.setOrigin(made, origin)
  }

  /** Gives each new group its bodies, of the type that the loop as a whole settled on. */
  tieKnots(order: readonly Signal[]): void {
    for (const s of order) {
      if (s.kind !== 'feedback') continue
      const group = this.groups.get(s.group)!
      group.bodies[s.index] = this.cast(bodyOf(s), this.fact(s).type)
    }
    for (const { group, body } of this.knots) group.bodies[0] = this.result(body)
  }

  private fact(s: Signal): Fact {
    return this.facts.get(s)!
  }

  private make(s: Signal): Signal {
    const { signals } = this
    const arg = (i: number) => this.result(s.args[i]!)
    const type = this.fact(s).type
    switch (s.kind) {
      case 'op':
        return this.operator(s)
      case 'feedback':
        return this.signals.feedback(this.group(s.group), s.index)
      case 'delay':
        return this.mergedDelay(s) ?? this.delay(arg(0), this.cast(s.args[1]!, 'int'))
      case 'prefix':
        return signals.node('prefix', [this.cast(s.args[0]!, type), this.cast(s.args[1]!, type)])
      case 'table':
        return signals.node('table', [arg(0), arg(1)])
      case 'writtenTable': {
        const index = this.cast(s.args[2]!, 'int')
        return signals.node('writtenTable', [
          arg(0),
          this.cast(s.args[1]!, type),
          index,
          this.cast(s.args[3]!, type),
        ])
      }
      case 'tableRead':
        return signals.node('tableRead', [arg(0), this.cast(s.args[1]!, 'int')])
      case 'bargraph':
        return signals.bargraph(s.spec, s.path, this.cast(s.args[0]!, 'real'))
      case 'lowest':
        return signals.real(this.fact(s).interval.low)
      case 'highest':
        return signals.real(this.fact(s).interval.high)
      case 'attach':
      case 'gate':
      case 'assertBounds':
        return signals.withArguments(
          s,
          s.args.map(a => this.result(a)),
        )
      default:
        return s
    }
  }

  private group(old: FeedbackGroup): FeedbackGroup {
    let group = this.groups.get(old)
    if (!group) this.groups.set(old, (group = this.signals.newGroup(old.bodies.length)))
    return group
  }

  private operator(s: Extract<Signal, { kind: 'op' }>): Signal {
    const first = this.fact(s.args[0]!).type
    // A cast to the type a signal already has is no operator at all.
    if ((s.op === 'int' && first === 'int') || (s.op === 'float' && first === 'real')) {
      return this.result(s.args[0]!)
    }
    let types = NO_OPERANDS
    for (const a of s.args) types = withOperand(types, this.fact(a).type)
    const { operands } = typeRuleOf(purePrimitive(s.op).type, types)
    const args: Signal[] = []
    for (let i = 0; i < s.args.length; i++) args.push(this.cast(s.args[i]!, operands[i]!))
    if (s.op === 'rem' && operands[0] === 'real') return simplifyOperator('fmod', args, this.signals)
    if (s.op === 'sub' && args[0] === args[1])
      return operands[0] === 'int' ? this.signals.int(0) : this.signals.real(0)
    return this.product(s.op, operands[0]!, args) ?? simplifyOperator(s.op, args, this.signals)
  }

  private product(op: PureName, type: NumberType, args: readonly Signal[]): Signal | undefined {
    if (type !== 'real' || (op !== 'mul' && op !== 'div')) return undefined
    return this.products.combine(op, args[0]!, args[1]!)
  }

  private cast(s: Signal, type: NumberType): Signal {
    const made = this.result(s)
    const given = this.fact(s).type
    if (given === type) return made
    if (made.kind === 'int' && type === 'real') return this.signals.real(made.value)
    return simplifyOperator(type === 'int' ? 'int' : 'float', [made], this.signals)
  }

  /**
   * (x @ n) @ m = x @ (n + m) where n never changes, through feedbacks too: the output of a delay line that is fed
   * back is read there again, and no state of its own.
   */
  private mergedDelay(s: Signal): Signal | undefined {
    const [late, more] = s.args as [Signal, Signal]
    if (more.kind !== 'int' || more.value < 1 || this.isGated) return undefined
    let line = late
    while (line.kind === 'feedback') line = bodyOf(line)
    if (line.kind !== 'delay') return undefined
    const [x, length] = line.args as [Signal, Signal]
    const { rate, interval, type } = this.fact(length)
    if (rate > 1 || type !== 'int' || interval.low < 0 || interval.high <= REGISTER_DELAY) return undefined
    if (this.fact(x).type !== this.fact(late).type) return undefined
    for (const part of reachable([length])) this.rebuild(part)
    const sum = simplifyOperator('add', [this.result(length), more], this.signals)
    return this.delay(this.done.get(x) ?? this.knot(x), sum)
  }

  private knot(body: Signal): Signal {
    const group = this.signals.newGroup(1)
    this.knots.push({ group, body })
    return this.signals.feedback(group, 0)
  }

  /** (x @ n) @ m = x @ (n + m) for whole literals; a delayed zero is zero. */
  private delay(x: Signal, length: Signal): Signal {
    const { signals } = this
    if ((x.kind === 'int' || x.kind === 'real') && x.value === 0) return x
    const inner = x.kind === 'delay' ? x.args[1]! : undefined
    if (inner?.kind === 'int' && length.kind === 'int' && inner.value >= 0 && length.value >= 0) {
      return signals.delay(x.args[0]!, signals.int(inner.value + length.value))
    }
    return signals.delay(x, length)
  }
}
