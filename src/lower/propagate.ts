/**
 * Propagation: signals are pushed through the block diagram until only signals are left.
 *
 * Comes in: a closed box and the signals at its inputs. Goes out: the signals at its outputs. A stage of its
 * own because after it wires, compositions and groups are gone. Memoised on the box, its inputs, the slots it
 * uses and the groups around it, so shared sub-diagrams are walked once.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { CompositionOperator } from '../parser/ast.ts'
import { assertNever } from '../source.ts'
import type { Box, BoxTable } from './box.ts'
import type { Budget } from './budget.ts'
import { leafSignals, markOrigin } from './leaf-signals.ts'
import { mix } from './mixing.ts'
import { pairKey } from './pair-key.ts'
import type { Scope, Signal, SignalTable } from './signal.ts'
import type { SoundTable } from './soundfiles.ts'
import { type Surroundings, slotValue } from './surroundings.ts'
import { enter, hasRoom, leave, nest, type Task } from './trampoline.ts'
import { Wires } from './wires.ts'

/** Lists longer than this are not worth a memo key: they belong to one place. */
const LONGEST_KEY = 512

/** Above the id of every signal, below what `pairKey` takes. */
const NO_INPUT = 2 ** 25

/** Passing on this many wires takes as long as an evaluation. */
const WIRES_A_STEP = 64

/** What stays the same during one compilation. */
export interface Propagation {
  readonly boxes: BoxTable
  readonly signals: SignalTable
  readonly log: DiagnosticLog
  readonly sounds: SoundTable
  readonly budget: Budget
  readonly memo: Map<string | number, readonly Signal[]>
  /** Only asks what a block gives; where its signals come from is decided when it is used. */
  readonly isTrial: boolean
}

export function propagate(
  propagation: Propagation,
  box: Box,
  inputs: readonly Signal[],
  scope: Scope | undefined,
): Task<readonly Signal[]> {
  const nothing = { slots: undefined, path: undefined, span: undefined }
  return new Propagator(propagation).propagate(box, new Wires(inputs), { ...nothing, scope })
}

type Composition = Extract<Box, { kind: 'composition' }>

class Propagator {
  private readonly p: Propagation
  /** The key that `ready` did not find: `fresh` goes on with it at once. */
  private missed: string | number | undefined

  constructor(propagation: Propagation) {
    this.p = propagation
  }

  /** What a box gives where that is known, or the stack has room; else undefined. A task for each would cost more. */
  private ready(box: Box, inputs: Wires, around: Surroundings): readonly Signal[] | undefined {
    const simple = leafSignals(this.p, box, inputs, around)
    if (simple) return simple
    const key = inputs.length <= LONGEST_KEY ? this.key(box, inputs, around) : undefined
    const known = key === undefined ? undefined : this.p.memo.get(key)
    if (known) return known
    if (hasRoom()) return this.onStack(box, inputs, around, key)
    this.missed = key
    return undefined
  }

  /** As `fresh`. */
  private onStack(
    box: Box,
    inputs: Wires,
    around: Surroundings,
    key: string | number | undefined,
  ): readonly Signal[] {
    enter()
    this.p.budget.spend(1 + inputs.length / WIRES_A_STEP)
    const inside = this.surroundings(box, around)
    const outputs = this.directly(box, inputs, inside) ?? nest(this.compute(box, inputs, inside))
    if (key !== undefined) this.p.memo.set(key, outputs)
    leave()
    return outputs
  }

  /** What a box gives where the stack has room for its parts; else a task begins again with what is known then. */
  private directly(box: Box, inputs: Wires, around: Surroundings): readonly Signal[] | undefined {
    if (box.kind !== 'composition' || box.op === 'rec') return undefined
    if (box.op === 'par') return this.sideBySide(box, inputs, around)
    const outputs = this.ready(box.left, inputs, around)
    return outputs && this.ready(box.right, new Wires(this.connect(box.op, outputs, box.right)), around)
  }

  private sideBySide(box: Box, inputs: Wires, around: Surroundings): readonly Signal[] | undefined {
    const outputs: Signal[] = []
    let used = 0
    for (let rest: Box | undefined = box; rest; ) {
      const isList: boolean = rest.kind === 'composition' && rest.op === 'par'
      const part: Box = isList ? (rest as Composition).left : rest
      const next = isList ? used + part.arity!.inputs : inputs.length
      const found = this.ready(part, inputs.part(used, next), around)
      if (!found) return undefined
      for (const s of found) outputs.push(s)
      used = next
      rest = isList ? (rest as Composition).right : undefined
    }
    return outputs
  }

  *propagate(box: Box, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    return this.ready(box, inputs, around) ?? (yield* this.fresh(box, inputs, around))
  }

  private *fresh(box: Box, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    const key = this.missed
    this.p.budget.spend(1 + inputs.length / WIRES_A_STEP)
    const computed = this.compute(box, inputs, this.surroundings(box, around))
    const outputs = hasRoom() ? nest(computed) : ((yield computed) as readonly Signal[])
    if (key !== undefined) this.p.memo.set(key, outputs)
    return outputs
  }

  /** Numbers are cheaper than texts. */
  private key(box: Box, inputs: Wires, around: Surroundings): string | number {
    if (inputs.length <= 1 && !box.hasUi && box.slots.length === 0)
      return pairKey(box.id, inputs.length === 0 ? NO_INPUT : inputs.at(0)!.id)
    let key = `${box.id}`
    if (box.hasUi) key += `/${around.path?.id ?? 0}`
    for (let i = 0; i < inputs.length; i++) key += ` ${inputs.at(i)!.id}`
    for (const slot of box.slots) key += `,${slotValue(slot, around.slots).id}`
    return key
  }

  private surroundings(box: Box, around: Surroundings): Surroundings {
    // Where something is made matters to nobody who only asks for a value.
    if (this.p.isTrial) return around
    const { names, callees, spans } = this.p.boxes
    const name = names.get(box)
    const span = box.kind === 'composition' ? spans.get(box) : undefined
    let { scope } = around
    if (name !== undefined && name !== scope?.name)
      scope = { name, file: callees.files.get(box), parent: scope }
    for (const callee of callees.of(box))
      if (callee.name !== scope?.name) scope = { ...callee, parent: scope }
    if (scope === around.scope && !span) return around
    return { slots: around.slots, path: around.path, scope, span: span ?? around.span }
  }

  private compute(box: Box, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    switch (box.kind) {
      case 'composition':
        return this.composition(box, inputs, around)
      case 'group': {
        const { slots, scope, span } = around
        const path = this.p.signals.path(box.group, box.label, around.path)
        return this.propagate(box.body, inputs, { slots, path, scope, span })
      }
      case 'symbolic': {
        const { path, scope, span } = around
        const slots = { slot: box.slot, signal: inputs.at(0)!, parent: around.slots }
        return this.propagate(box.body, inputs.part(1), { slots, path, scope, span })
      }
      default:
        throw new Error(`internal error: a ${box.kind} box is not closed`)
    }
  }

  private composition(box: Composition, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    switch (box.op) {
      case 'par':
        return this.parallel(box, inputs, around)
      case 'seq':
      case 'split':
      case 'merge':
        return this.oneAfterTheOther(box, inputs, around)
      case 'rec':
        return this.recursion(box, inputs, around)
      default:
        return assertNever(box.op)
    }
  }

  private *oneAfterTheOther(
    { left, right, op }: Composition,
    inputs: Wires,
    around: Surroundings,
  ): Task<readonly Signal[]> {
    const outputs = this.ready(left, inputs, around) ?? (yield* this.fresh(left, inputs, around))
    const wires = new Wires(this.connect(op, outputs, right))
    return this.ready(right, wires, around) ?? (yield* this.fresh(right, wires, around))
  }

  private connect(op: CompositionOperator, outputs: readonly Signal[], right: Box): readonly Signal[] {
    const count = right.arity!.inputs
    if (op === 'merge') return mix(this.p.signals, outputs, count)
    if (op === 'split') return Array.from({ length: count }, (_, i) => outputs[i % outputs.length]!)
    return outputs
  }

  /** A list is a right-nested chain of `,`; it is walked in a loop, since lists can be long. */
  private *parallel(box: Box, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    const outputs: Signal[] = []
    let used = 0
    let rest: Box = box
    while (rest.kind === 'composition' && rest.op === 'par') {
      const next = used + rest.left.arity!.inputs
      const part = inputs.part(used, next)
      const found = this.ready(rest.left, part, around) ?? (yield* this.fresh(rest.left, part, around))
      for (const s of found) outputs.push(s)
      used = next
      rest = rest.right
    }
    const last = inputs.part(used)
    const found = this.ready(rest, last, around) ?? (yield* this.fresh(rest, last, around))
    for (const s of found) outputs.push(s)
    return outputs
  }

  /**
   * `A ~ B`: the first outputs of A, one sample late, feed B; what B makes feeds the first inputs of A. The level
   * is one above every level that comes in from outside, so equal loops are written alike wherever they stand.
   */
  private *recursion(box: Composition, inputs: Wires, around: Surroundings): Task<readonly Signal[]> {
    const { signals } = this.p
    const { left, right } = box
    const outside = [...inputs.toArray(), ...box.slots.map(slot => slotValue(slot, around.slots))]
    const level = outside.reduce((max, s) => Math.max(max, (s.free.at(-1) ?? -1) + 1), 0)
    const late = Array.from({ length: right.arity!.inputs }, (_, i) =>
      signals.delay(signals.reference(level, i), signals.int(1)),
    )
    const back = yield* this.propagate(right, new Wires(late), around)
    const bodies = yield* this.propagate(left, new Wires([...back, ...inputs.toArray()]), around)
    const group = signals.recursion(level, bodies)
    markOrigin(this.p, group, box, around)
    const names = this.p.boxes.callees.outputs.get(box)
    if (names && !this.p.isTrial) signals.outputs.set(group, names)
    return bodies.map((body, i) => (body.free.includes(level) ? signals.projection(i, group) : body))
  }
}
