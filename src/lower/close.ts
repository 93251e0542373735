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
import type { Memo } from './journal.ts'
import type { Frame } from './trail.ts'
import { enter, hasRoom, leave, nest, type Task } from './trampoline.ts'

export class Closer {
  private readonly evaluator: Evaluator
  readonly closedBoxes: IdMap<Box, Memo>

  /** `former`: of the version before. */
  constructor(evaluator: Evaluator, former?: IdMap<Box, Memo>) {
    this.evaluator = evaluator
    this.closedBoxes = former ?? new IdMap()
  }

  /** The box without functions inside, if that is known already. */
  closedAlready(box: Box): Box | undefined {
    const closed = this.find(box)
    return closed?.problem ? undefined : closed
  }

  private find(box: Box): Box | undefined {
    if (!box.open) return box
    const known = this.closedBoxes.get(box)
    return known && this.evaluator.journal.recall(known)
  }

  /** A box without functions inside: each unbound parameter becomes an input. */
  *close(box: Box, span: Span, frame: Frame | undefined): Task<Box> {
    let closed = this.find(box)
    if (!closed) {
      const memo = this.evaluator.journal.begin()
      const computed = this.closeShape(box, span, frame)
      closed = hasRoom() ? nest(computed) : ((yield computed) as Box)
      this.setClosed(box, closed, memo)
    }
    if (closed.problem) reportProblem(closed.problem, this.evaluator.log)
    return closed
  }

  /** The same where the stack has room and there is no problem. */
  closeDirectly(box: Box, span: Span, frame: Frame | undefined): Box | undefined {
    const known = this.closedAlready(box)
    if (known || !box.open || this.closedBoxes.has(box) || !hasRoom()) return known
    enter()
    const memo = this.evaluator.journal.begin()
    let closed: Box | undefined
    if (box.kind === 'composition') {
      const left = this.closeDirectly(box.left, span, frame)
      const right = left && this.closeDirectly(box.right, span, frame)
      const { boxes } = this.evaluator
      closed = right && boxes.composition(box.op, left, right, boxes.sites.get(box)!)
    }
    closed ??= nest(this.closeShape(box, span, frame))
    this.setClosed(box, closed, memo)
    leave()
    return closed.problem ? undefined : closed
  }

  private setClosed(box: Box, closed: Box, memo: Memo): void {
    const { journal } = this.evaluator
    journal.note({ kind: 'closed', box, closed })
    journal.end(memo, closed)
    this.closedBoxes.set(box, memo)
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
