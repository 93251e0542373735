/**
 * Modulation: `["label": circuit, … -> e]` puts circuits behind the widgets of e.
 *
 * Comes in: the targets and the expression. Goes out: e with every widget that a target names replaced: by the circuit
 * if it has no input, by `widget : circuit` if it has one, by `widget, new input : circuit` if it has two; without a
 * circuit the widget is multiplied by a new input. All widgets of one target share its new input; new inputs come
 * first, in the order of the targets. `[a, b -> e]` is `[a -> [b -> e]]`.
 *
 * A target names groups and widgets: all of its parts must be on the widget's path, in this order. Parts are names,
 * without the metadata and the `h:` of labels.
 */
import type { Expression, ModulationTarget } from '../parser/ast.ts'
import type { Box, Site } from './box.ts'
import type { Environment } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import { followPath, parseLabel } from './labels.ts'
import type { Frame } from './trail.ts'
import { call, type Task } from './trampoline.ts'
import { evaluateLabel } from './widgets.ts'

type Modulation = Extract<Expression, { kind: 'modulation' }>
type Widget = Extract<Box, { kind: 'widget' }>

interface Target {
  readonly syntax: ModulationTarget
  readonly path: readonly string[]
  readonly circuit: Box
  readonly slot: Extract<Box, { kind: 'slot' }> | undefined
  matched: boolean
}

export function* evaluateModulation(
  evaluator: Evaluator,
  e: Modulation,
  env: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const site = evaluator.site(e.span, e.span, e.span, frame)
  const targets: Target[] = []
  for (const syntax of e.targets) targets.push(yield* makeTarget(evaluator, syntax, env, frame))
  let result = yield* evaluator.closed(e.body, env, frame)
  for (const target of targets.reverse()) {
    result = yield* new Modulator(evaluator, target, site).rewrite(result, [])
    const { label, span } = target.syntax
    if (!target.matched) evaluator.log.report('modulationUnmatched', span, { label })
    if (target.slot) result = evaluator.boxes.symbolic(target.slot.slot, result)
  }
  return result
}

function* makeTarget(
  evaluator: Evaluator,
  syntax: ModulationTarget,
  env: Environment,
  frame: Frame | undefined,
): Task<Target> {
  const { boxes, log } = evaluator
  const circuit = syntax.circuit
    ? yield* evaluator.closed(syntax.circuit, env, frame)
    : boxes.primitive('mul')
  const { inputs, outputs } = circuit.arity!
  if (inputs > 2 || outputs !== 1)
    log.fail('modulationCircuit', syntax.span, { inputs, outputs }, evaluator.trail(frame))
  const label = yield* evaluateLabel(evaluator, syntax, env, frame)
  const path = label.split('/').filter(name => name !== '')
  return { syntax, path, circuit, slot: inputs === 2 ? boxes.freshSlot() : undefined, matched: false }
}

class Modulator {
  private readonly evaluator: Evaluator
  private readonly target: Target
  private readonly site: Site
  private readonly done = new Map<string, Box>()

  constructor(evaluator: Evaluator, target: Target, site: Site) {
    this.evaluator = evaluator
    this.target = target
    this.site = site
  }

  /** `groups` are the labels around the box, outermost first. */
  *rewrite(box: Box, groups: readonly string[]): Task<Box> {
    if (!box.hasUi) return box
    const key = `${box.id} ${groups.join('/')}`
    const known = this.done.get(key)
    if (known) return known
    const made = yield* call(this.compute(box, groups))
    this.done.set(key, made)
    const { names, callees } = this.evaluator.boxes
    const name = names.get(box)
    if (name !== undefined && !names.has(made)) names.set(made, name)
    callees.inherit(box, made)
    return made
  }

  private *compute(box: Box, groups: readonly string[]): Task<Box> {
    const { boxes } = this.evaluator
    switch (box.kind) {
      case 'composition': {
        const left = yield* this.rewrite(box.left, groups)
        const right = yield* this.rewrite(box.right, groups)
        return boxes.composition(box.op, left, right, this.site)
      }
      case 'group':
        return boxes.group(
          box.group,
          box.label,
          yield* this.rewrite(box.body, [...groups, parseLabel(box.label).text]),
        )
      case 'symbolic':
        return boxes.symbolic(box.slot, yield* this.rewrite(box.body, groups))
      case 'widget':
        return this.widget(box, groups)
      default:
        return box
    }
  }

  private widget(box: Widget, around: readonly string[]): Box {
    const { groups, rest } = followPath([], box.spec.label)
    const path = [...around, ...groups.map(g => parseLabel(g.raw).text), parseLabel(rest).text]
    if (!isWithin(this.target.path, path)) return box
    this.target.matched = true
    const { boxes } = this.evaluator
    const { circuit, slot } = this.target
    if (circuit.arity!.inputs === 0) return circuit
    const feed = slot ? boxes.composition('par', box, slot, this.site) : box
    return boxes.composition('seq', feed, circuit, this.site)
  }
}

/** Whether all names are on the path, in their order, with others between them or not. */
function isWithin(names: readonly string[], path: readonly string[]): boolean {
  let next = 0
  for (const part of path) if (part === names[next]) next++
  return next === names.length
}
