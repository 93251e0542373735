/**
 * Application: what a box does when it is given arguments, and how open boxes become closed.
 *
 * Comes in: a function-like box and argument boxes. Goes out: a box. Apart from evaluate.ts because the rules of
 * currying, wire completion and symbolic closing are their own subject, and matching builds on them.
 */

import { primitive } from '../core/primitives.ts'
import type { Span } from '../source.ts'
import { reportProblem } from './arity.ts'
import { type Box, type ClosureBox, isNumber, type MatcherBox, type Site } from './box.ts'
import { constantSignals } from './constants.ts'
import type { Evaluator } from './evaluate.ts'
import { IdMap } from './id-map.ts'
import { matchRules } from './match.ts'
import type { Frame } from './trail.ts'
import { call, hasRoom, nest, type Task } from './trampoline.ts'

/** The application as written, for messages. */
export interface ApplySite {
  readonly span: Span
  readonly function: Span
  /** The function as a name of an environment, `osc` of `os.osc`: how the user calls it. */
  readonly name?: string | undefined
}

export class Applier {
  private readonly evaluator: Evaluator
  private readonly closedBoxes = new IdMap<Box, Box>()
  private readonly constants = new Map<Box, readonly number[] | undefined>()
  private readonly simplified = new IdMap<Box, Box>()

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator
  }

  /** `fn(args)`. The result remembers what function it is a value of. */
  *apply(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    const result = yield* this.applyAll(fn, args, site, frame)
    const { names, callees } = this.evaluator.boxes
    const known = callees.of(fn)[0]
    const name = site.name ?? names.get(fn) ?? known?.name
    if (name !== undefined && !args.includes(result))
      callees.add(result, name, callees.files.get(fn) ?? known?.file)
    return result
  }

  /** Parameters are bound one at a time; what is left over goes to the result. */
  private *applyAll(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    let current = fn
    let rest: readonly Box[] = args
    const name = this.evaluator.boxes.names.get(fn)
    const inner = name === undefined ? frame : { name, span: site.function, parent: frame }
    while (rest.length > 0) {
      switch (current.kind) {
        case 'closure': {
          const count = Math.min(rest.length, current.lambda.parameters.length - current.bound)
          const values = yield* this.simplifyAll(first(rest, count))
          current = yield* this.bind(current, values, inner)
          rest = rest.slice(count)
          break
        }
        case 'matcher': {
          const needed = current.rules.rules[0]!.patterns.length - current.args.length
          const values = yield* this.simplifyAll(first(rest, needed))
          current = yield* this.match(current, values, site, inner)
          rest = rest.slice(needed)
          break
        }
        case 'component':
          current = yield* this.process(current, site.span, frame)
          break
        case 'environment':
          return this.evaluator.log.fail('environmentApplied', site.function, {}, this.evaluator.trail(frame))
        default:
          return yield* this.applyBlock(current, rest, site, frame)
      }
    }
    return current
  }

  private *bind(closure: ClosureBox, values: readonly Box[], frame: Frame | undefined): Task<Box> {
    const { lambda, bound, environment } = closure
    const names = first(bound === 0 ? lambda.parameters : lambda.parameters.slice(bound), values.length)
    const inside = this.evaluator.environments.withValues(environment, names, values)
    if (bound + values.length < lambda.parameters.length) {
      return this.evaluator.boxes.closure(lambda, bound + values.length, inside)
    }
    return yield* this.evaluator.evaluate(lambda.body, inside, frame)
  }

  private *match(
    matcher: MatcherBox,
    values: readonly Box[],
    site: ApplySite,
    frame: Frame | undefined,
  ): Task<Box> {
    const args = [...matcher.args, ...values]
    const { rules, environment } = matcher
    if (args.length < rules.rules[0]!.patterns.length) {
      return this.evaluator.boxes.matcher(rules, args, environment)
    }
    return yield* matchRules(this.evaluator, rules, args, environment, site, frame)
  }

  /** The block that a component stands for. */
  private *process(
    box: Extract<Box, { kind: 'component' }>,
    span: Span,
    frame: Frame | undefined,
  ): Task<Box> {
    const expression = { kind: 'identifier', name: 'process', span } as const
    return yield* this.evaluator.evaluate(expression, box.environment, frame)
  }

  /**
   * A block as a function: the arguments feed its first inputs, missing ones become wires on the right; for the
   * binary operators on the left, so that `/(4)` divides by 4.
   */
  private *applyBlock(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    const block = this.closedAlready(fn) ?? (yield* this.close(fn, site.function, frame))
    const closed: Box[] = []
    for (const argument of args) {
      closed.push(this.closedAlready(argument) ?? (yield* this.close(argument, site.span, frame)))
    }
    const { boxes, log } = this.evaluator
    const outputs = closed.reduce((sum, box) => sum + box.arity!.outputs, 0)
    const missing = block.arity!.inputs - outputs
    if (missing < 0) {
      const counts = { given: outputs, inputs: block.arity!.inputs }
      return log.fail('blockArguments', site.span, counts, this.evaluator.trail(frame))
    }
    const wires = Array.from({ length: missing }, () => boxes.wire)
    const simple = yield* this.simplifyAll(args)
    const wiresLeft = outputs === 1 && block.kind === 'primitive' && primitive(block.name).wiresLeft === true
    const all = wiresLeft ? [...wires, ...simple] : [...simple, ...wires]
    const where = this.evaluator.site(site.span, site.span, site.function, frame)
    return this.evaluator.compose('seq', this.parallel(all, where), block, where)
  }

  /** Right-nested `,`, as lists are. */
  parallel(list: readonly Box[], site: Site): Box {
    let result = list.at(-1) ?? this.evaluator.boxes.empty
    for (let i = list.length - 2; i >= 0; i--)
      result = this.evaluator.boxes.composition('par', list[i]!, result, site)
    return result
  }

  /** The arguments themselves where all are simple, as most are. */
  private *simplifyAll(args: readonly Box[]): Task<readonly Box[]> {
    if (args.every(argument => this.simpleAlready(argument) === argument)) return args
    const values: Box[] = []
    for (const argument of args) values.push(this.simpleAlready(argument) ?? (yield* this.simplify(argument)))
    return values
  }

  private simpleAlready(box: Box): Box | undefined {
    return isNumber(box) || box.kind === 'closure' ? box : this.simplified.get(box)
  }

  /** An argument that always has the same value is passed as that number, so that patterns can match it. */
  *simplify(box: Box): Task<Box> {
    if (isNumber(box) || box.kind === 'closure' || box.kind === 'matcher' || box.kind === 'environment')
      return box
    const known = this.simplified.get(box)
    if (known) return known
    const candidate = box.kind === 'component' || box.open ? undefined : box
    let result: Box = box
    if (candidate?.arity?.inputs === 0 && candidate.arity.outputs === 1 && candidate.slots.length === 0) {
      const signal = yield* call(constantSignals(candidate, this.evaluator))
      if (signal?.length === 1) {
        const only = signal[0]!
        if (only.kind === 'int' || only.kind === 'real')
          result = this.evaluator.boxes.number(only.kind, only.value)
      }
    }
    this.simplified.set(box, result)
    return result
  }

  /** The numbers that a closed block without inputs gives, if it gives constants. */
  constantsOf(box: Box): readonly number[] | undefined {
    if (isNumber(box)) return [box.value]
    if (this.constants.has(box)) return this.constants.get(box)
    let values: readonly number[] | undefined
    if (box.arity?.inputs === 0 && box.slots.length === 0) {
      const signals = this.evaluator.run(constantSignals(box, this.evaluator))
      const numbers = signals?.flatMap(s => (s.kind === 'int' || s.kind === 'real' ? [s.value] : []))
      if (numbers && numbers.length === signals!.length) values = numbers
    }
    this.constants.set(box, values)
    return values
  }

  /** The box itself if there is nothing to close, or undefined. */
  closedAlready(box: Box): Box | undefined {
    return box.open || box.problem ? undefined : box
  }

  /** A box without functions inside: each unbound parameter becomes an input. */
  *close(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    let closed = box
    if (box.open) {
      const computed = this.closeOpen(box, span, frame)
      closed = hasRoom() ? nest(computed) : ((yield computed) as Box)
    }
    if (closed.problem) reportProblem(closed.problem, this.evaluator.log)
    return closed
  }

  private *closeOpen(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    const known = this.closedBoxes.get(box)
    if (known) return known
    const closed = yield* this.closeShape(box, span, frame)
    this.closedBoxes.set(box, closed)
    const { names, spans, callees } = this.evaluator.boxes
    const name = names.get(box)
    if (name !== undefined && !names.has(closed)) names.set(closed, name)
    callees.inherit(box, closed)
    const origin = spans.get(box)
    if (origin && !spans.has(closed)) spans.set(closed, origin)
    return closed
  }

  private *closeShape(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    const { boxes, log } = this.evaluator
    switch (box.kind) {
      case 'composition': {
        const left = this.closedAlready(box.left) ?? (yield* this.close(box.left, span, frame))
        const right = this.closedAlready(box.right) ?? (yield* this.close(box.right, span, frame))
        return boxes.composition(box.op, left, right, boxes.sites.get(box)!)
      }
      case 'group':
        return boxes.group(box.group, box.label, yield* this.close(box.body, span, frame))
      case 'symbolic':
        return boxes.symbolic(box.slot, yield* this.close(box.body, span, frame))
      case 'component': {
        const block = yield* this.process(box, span, frame)
        return yield* this.close(block, span, frame)
      }
      case 'environment':
        return log.fail('environmentAsBlock', boxes.spans.get(box) ?? span, {}, this.evaluator.trail(frame))
      case 'closure':
      case 'matcher': {
        const slot = boxes.freshSlot()
        const body = yield* this.apply(box, [slot], { span, function: span }, frame)
        return boxes.symbolic(slot.slot, yield* this.close(body, span, frame))
      }
      default:
        return box
    }
  }
}

function first<T>(list: readonly T[], count: number): readonly T[] {
  return count === list.length ? list : list.slice(0, count)
}
