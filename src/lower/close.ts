/**
 * Closing: boxes with functions inside become boxes with inputs.
 *
 * Comes in: a box. Goes out: the same without functions and environments, or a diagnostic. Apart from apply.ts, which it
 * asks what a function of unbound parameters is, because blocks are closed wherever their wires are counted.
 */
import type { Span } from '../source.ts'
import { reportProblem } from './arity.ts'
import type { Box } from './box.ts'
import type { Evaluator } from './evaluate.ts'
import { IdMap } from './id-map.ts'
import type { Frame } from './trail.ts'
import { enter, hasRoom, leave, nest, type Task } from './trampoline.ts'

export class Closer {
  private readonly evaluator: Evaluator
  private readonly closedBoxes = new IdMap<Box, Box>()

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator
  }

  /** The box without functions inside, if that is known already. */
  closedAlready(box: Box): Box | undefined {
    const closed = box.open ? this.closedBoxes.get(box) : box
    return closed?.problem ? undefined : closed
  }

  /** A box without functions inside: each unbound parameter becomes an input. */
  *close(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    let closed = box.open ? this.closedBoxes.get(box) : box
    if (!closed) {
      const computed = this.closeShape(box, span, frame)
      closed = hasRoom() ? nest(computed) : ((yield computed) as Box)
      this.setClosed(box, closed)
    }
    if (closed.problem) reportProblem(closed.problem, this.evaluator.log)
    return closed
  }

  /** The same where the stack has room and there is no problem. */
  closeDirectly(box: Box, span: Span, frame: Frame | undefined): Box | undefined {
    const known = this.closedAlready(box)
    if (known || !box.open || this.closedBoxes.get(box) || !hasRoom()) return known
    enter()
    let closed: Box | undefined
    if (box.kind === 'composition') {
      const left = this.closeDirectly(box.left, span, frame)
      const right = left && this.closeDirectly(box.right, span, frame)
      const { boxes } = this.evaluator
      closed = right && boxes.composition(box.op, left, right, boxes.sites.get(box)!)
    }
    closed ??= nest(this.closeShape(box, span, frame))
    this.setClosed(box, closed)
    leave()
    return this.closedAlready(box)
  }

  private setClosed(box: Box, closed: Box): void {
    this.closedBoxes.set(box, closed)
    const { names, spans, callees } = this.evaluator.boxes
    const name = names.get(box)
    if (name !== undefined && !names.has(closed)) names.set(closed, name)
    callees.inherit(box, closed)
    const origin = spans.get(box)
    if (origin && !spans.has(closed)) spans.set(closed, origin)
  }

  private *closeShape(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    const { boxes, log } = this.evaluator
    switch (box.kind) {
      case 'composition': {
        const left = this.closeDirectly(box.left, span, frame) ?? (yield* this.close(box.left, span, frame))
        const right =
          this.closeDirectly(box.right, span, frame) ?? (yield* this.close(box.right, span, frame))
        return boxes.composition(box.op, left, right, boxes.sites.get(box)!)
      }
      case 'group':
        return boxes.group(box.group, box.label, yield* this.close(box.body, span, frame))
      case 'symbolic':
        return boxes.symbolic(box.slot, yield* this.close(box.body, span, frame))
      case 'component': {
        const block = yield* this.evaluator.applier.process(box, span, frame)
        return yield* this.close(block, span, frame)
      }
      case 'environment':
        return log.fail('environmentAsBlock', boxes.spans.get(box) ?? span, {}, this.evaluator.trail(frame))
      case 'closure':
      case 'matcher': {
        const slot = boxes.freshSlot()
        const body = yield* this.evaluator.applier.apply(box, [slot], { span, function: span }, frame)
        return boxes.symbolic(slot.slot, yield* this.close(body, span, frame))
      }
      default:
        return box
    }
  }
}
