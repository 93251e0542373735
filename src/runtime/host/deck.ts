/**
 * A program that runs, with what the host knows about it.
 *
 * Comes in: a program and its compiled module. Goes out: an instance, which of its outputs are heard, and its
 * controls. Two of them run side by side during a cross-fade, each with its own memory.
 */
import type { CompiledProgram, Control } from '../../core/program.ts'
import { findControl, fitValue, isBargraph } from '../controls.ts'
import { type Instance, type InstanceOptions, instantiateModule } from '../instance.ts'
import type { SnapshotId } from '../player-types.ts'

export interface Deck {
  readonly program: CompiledProgram
  readonly module: WebAssembly.Module
  readonly instance: Instance
  /** The first so many outputs are heard. */
  readonly heard: number
  /** Addresses of the controls that somebody moved. */
  readonly moved: Set<string>
  /** What it replaced, while that sounded well. */
  readonly before: SnapshotId | undefined
}

export interface DeckOptions extends InstanceOptions {
  readonly audibleOutputs?: number | undefined
  readonly before?: SnapshotId | undefined
}

export function startDeck(program: CompiledProgram, module: WebAssembly.Module, options: DeckOptions): Deck {
  return {
    program,
    module,
    instance: instantiateModule(program, options, module),
    heard: Math.min(program.outputs, options.audibleOutputs ?? program.outputs),
    moved: new Set(),
    before: options.before,
  }
}

/** Soundfiles are controls of a kind that has no value. */
const hasValue = (control: Control) => control.kind !== 'soundfile'

/** All values by address. */
export function valuesOf({ program, instance }: Deck): Record<string, number> {
  const view = new DataView(instance.memory.buffer)
  const values: Record<string, number> = {}
  for (const control of program.controls) {
    if (hasValue(control)) values[control.address] = readControl(view, program, control)
  }
  return values
}

function readControl(view: DataView, program: CompiledProgram, { offset }: Control): number {
  return program.precision === 'double' ? view.getFloat64(offset, true) : view.getFloat32(offset, true)
}

/** Returns the value that it took. Throws RuntimeError for an unknown address, a bargraph and NaN. */
export function moveControl(deck: Deck, address: string, value: number): number {
  const fitted = fitValue(findControl(deck.program.controls, address), value)
  deck.instance.set(address, fitted)
  deck.moved.add(address)
  return fitted
}

/**
 * Controls that somebody moved keep their value where the new program has them, inside its range. The others take
 * the new start value: who edits it wants to hear it.
 */
export function keepControls(deck: Deck, former: Readonly<Record<string, number>>, moved: Iterable<string>) {
  const kept = new Set(moved)
  for (const control of deck.program.controls) {
    if (isBargraph(control) || !hasValue(control)) continue
    const value = former[control.address]
    const keeps = kept.has(control.address) && value !== undefined
    deck.instance.set(control.address, keeps ? value : control.init)
    if (keeps) deck.moved.add(control.address)
  }
}
