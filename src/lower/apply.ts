/**
 * Application: what a box does when it is given arguments.
 *
 * Comes in: a function-like box and argument boxes. Goes out: a box. Apart from evaluate.ts because the rules of
 * currying and wire completion are their own subject, and matching builds on them.
 */

import { primitive } from '../core/primitives.ts'
import type { Expression } from '../parser/ast.ts'
import type { Span } from '../source.ts'
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
  readonly constants: Map<Box, readonly number[] | undefined>
  readonly simplified: IdMap<Box, Box>

  /** `former`: of the version before. */
  constructor(evaluator: Evaluator, former?: Pick<Applier, 'constants' | 'simplified'>) {
    this.evaluator = evaluator
    this.constants = former?.constants ?? new Map()
    this.simplified = former?.simplified ?? new IdMap()
  }

  /** `fn(args)`. */
  *apply(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    return this.remember(fn, args, site, yield* this.applyAll(fn, args, site, frame))
  }

  /** The same of a function and all its arguments, or of a block, where the stack has room. */
  applyDirectly(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Box | undefined {
    let result: Box | undefined
    if (args.length === 0) return undefined
    if (fn.kind === 'closure') result = this.bindDirectly(fn, args, site, frame)
    else if (fn.kind !== 'matcher' && fn.kind !== 'component' && fn.kind !== 'environment')
      result = this.feedDirectly(fn, args, site, frame)
    return result && this.remember(fn, args, site, result)
  }

  /** The result remembers what function it is a value of. */
  private remember(fn: Box, args: readonly Box[], site: ApplySite, result: Box): Box {
    if (!args.includes(result))
      this.evaluator.journal.note({ kind: 'callee', box: result, of: fn, name: site.name })
    return result
  }

  private bindDirectly(
    fn: ClosureBox,
    args: readonly Box[],
    site: ApplySite,
    frame: Frame | undefined,
  ): Box | undefined {
    const { lambda, bound, environment } = fn
    if (bound !== 0 || args.length !== lambda.parameters.length) return undefined
    const values = this.simplifyDirectly(args)
    if (!values) return undefined
    const inside = this.evaluator.environments.withValues(environment, lambda.parameters, values)
    return this.evaluator.ready(lambda.body, inside, this.inner(fn, site, frame))
  }

  private feedDirectly(
    fn: Box,
    args: readonly Box[],
    site: ApplySite,
    frame: Frame | undefined,
  ): Box | undefined {
    const block = this.evaluator.closer.closeDirectly(fn, site.function, frame)
    if (!block) return undefined
    const closed: Box[] = []
    for (const argument of args) {
      const box = this.evaluator.closer.closeDirectly(argument, site.span, frame)
      if (!box) return undefined
      closed.push(box)
    }
    const simple = this.simplifyDirectly(args)
    return simple && this.feed(block, closed, simple, site, frame)
  }

  private simplifyDirectly(args: readonly Box[]): readonly Box[] | undefined {
    const values: Box[] = []
    for (const argument of args) {
      const value = this.simpleAlready(argument) ?? (hasRoom() ? nest(this.simplify(argument)) : undefined)
      if (!value) return undefined
      values.push(value)
    }
    return values
  }

  /** Inside a function that has a name. */
  private inner(fn: Box, site: ApplySite, frame: Frame | undefined): Frame | undefined {
    const name = this.evaluator.boxes.names.get(fn)
    return name === undefined ? frame : { name, span: site.function, parent: frame }
  }

  /** Parameters are bound one at a time; what is left over goes to the result. */
  private *applyAll(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    let current = fn
    let rest: readonly Box[] = args
    const inner = this.inner(fn, site, frame)
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
    const { body } = lambda
    return this.evaluator.ready(body, inside, frame) ?? (yield* this.evaluator.evaluate(body, inside, frame))
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
  *process(box: Extract<Box, { kind: 'component' }>, span: Span, frame: Frame | undefined): Task<Box> {
    const expression = { kind: 'identifier', name: 'process', span } as const
    return yield* this.evaluator.evaluate(expression, box.environment, frame)
  }

  private *applyBlock(fn: Box, args: readonly Box[], site: ApplySite, frame: Frame | undefined): Task<Box> {
    const { closer } = this.evaluator
    const block =
      closer.closeDirectly(fn, site.function, frame) ?? (yield* closer.close(fn, site.function, frame))
    const closed: Box[] = []
    for (const argument of args) {
      closed.push(
        closer.closeDirectly(argument, site.span, frame) ?? (yield* closer.close(argument, site.span, frame)),
      )
    }
    return this.feed(block, closed, yield* this.simplifyAll(args), site, frame)
  }

  /**
   * A block as a function: the arguments feed its first inputs, missing ones become wires on the right; for the
   * binary operators on the left, so that `/(4)` divides by 4.
   */
  private feed(
    block: Box,
    closed: readonly Box[],
    simple: readonly Box[],
    site: ApplySite,
    frame: Frame | undefined,
  ): Box {
    const { boxes, log } = this.evaluator
    const outputs = closed.reduce((sum, box) => sum + box.arity!.outputs, 0)
    const missing = block.arity!.inputs - outputs
    if (missing < 0) {
      const counts = { given: outputs, inputs: block.arity!.inputs }
      return log.fail('blockArguments', site.span, counts, this.evaluator.trail(frame))
    }
    const wires = Array.from({ length: missing }, () => boxes.wire)
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
    if (isNumber(box) || box.open) return box
    const known = this.simplified.get(box)
    if (known || canBeConstant(box)) return known
    this.simplified.set(box, box)
    return box
  }

  /** An argument that always has the same value is passed as that number, so that patterns can match it. */
  *simplify(box: Box): Task<Box> {
    const known = this.simpleAlready(box)
    if (known) return known
    const signals = yield* call(constantSignals(box, this.evaluator))
    const only = signals?.length === 1 ? signals[0]! : undefined
    const isLiteral = only?.kind === 'int' || only?.kind === 'real'
    const result = isLiteral ? this.evaluator.boxes.number(only.kind, only.value) : box
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
}

function first<T>(list: readonly T[], count: number): readonly T[] {
  return count === list.length ? list : list.slice(0, count)
}

/** Without inputs, parameters and controls, and with one output. */
function canBeConstant({ arity, slots, hasUi }: Box): boolean {
  return arity?.inputs === 0 && arity.outputs === 1 && slots.length === 0 && !hasUi
}

export function applySite(e: Extract<Expression, { kind: 'apply' }>): ApplySite {
  const name = e.function.kind === 'access' ? e.function.name : undefined
  return { span: e.span, function: e.function.span, name }
}
