/**
 * What a Core program declares: kept variables, buffers, controls, each with its stable id.
 *
 * Comes in: signals that remember, store or meet the user. Goes out: names to use in code, and the lists that the
 * program carries. Apart from to-core.ts because naming state is the promise on which hot swapping rests.
 */
import type { BufferContent, BufferDeclaration, CoreControl, KeptVariable, StateKind } from '../core/ast.ts'
import type { NumberType } from '../core/primitives.ts'
import type { Signal, SignalTable } from './signal.ts'
import { StateNames } from './state-names.ts'

export class Declarations {
  readonly kept: KeptVariable[] = []
  readonly buffers: BufferDeclaration[] = []
  readonly controls: CoreControl[] = []
  private readonly names: StateNames

  constructor(signals: SignalTable) {
    this.names = new StateNames(signals)
  }

  /** A variable that keeps its value; `what` tells several of one signal apart. */
  keep(s: Signal, what: string, stateKind: StateKind, type: NumberType): string {
    const id = this.names.unique(s, what)
    const name = `*${id}`
    this.kept.push({ name, id, stateKind, type, initial: 0 })
    return name
  }

  delayLine(s: Signal, type: NumberType, longest: number): string {
    const id = this.names.unique(s, 'delay')
    const name = `delay ${id}`
    this.buffers.push({ name, id, shape: 'delay', type, length: longest + 1, content: { kind: 'zero' } })
    return name
  }

  table(s: Signal, what: string, type: NumberType, length: number, content: BufferContent): string {
    const id = this.names.unique(s, what)
    const name = `table ${id}`
    this.buffers.push({ name, id, shape: 'table', type, length, content })
    return name
  }

  control(id: string, direction: 'in' | 'out', initial: number): string {
    const name = `@${id}`
    this.controls.push({ name, direction, initial, id })
    return name
  }
}
