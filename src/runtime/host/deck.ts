/**
 * A program that runs, with what the host knows about it.
 *
 * Comes in: a program and its compiled module. Goes out: an instance, which of its outputs are heard, and its
 * controls. Two of them run side by side during a cross-fade, each with its own memory.
 */
import type { CompiledProgram, Control } from '../../core/program.ts'
import { findControl, fitValue } from '../controls.ts'
import type { HostModule } from '../host-module.ts'
import { type Instance, type InstanceOptions, instantiateModule } from '../instance.ts'
import { commonControls, isMoved } from '../kept-controls.ts'
import type { MemoryImage } from '../memory-image.ts'
import type { SnapshotId, SwapOptions } from '../player-types.ts'
import type { MemoryPool } from './memory-pool.ts'

export interface Deck {
  readonly program: CompiledProgram
  readonly module: HostModule
  readonly instance: Instance
  /** The first so many outputs are heard. */
  readonly heard: number
  /** What it replaced, while that sounded well. */
  readonly before: SnapshotId | undefined
  /** Its number among those that were heard; 0 before it is. */
  readonly serial: number
}

export interface DeckOptions extends InstanceOptions {
  readonly audibleOutputs?: number | undefined
  readonly before?: SnapshotId | undefined
}

/** `image` is memory as `init` leaves it, from another instance; sparing a second `init`. */
export function startDeck(
  program: CompiledProgram,
  compiled: HostModule,
  options: DeckOptions,
  memories: MemoryPool,
  image?: MemoryImage,
): Deck {
  const { pages } = compiled
  const memory = pages === undefined ? undefined : memories.take(pages)
  return {
    program,
    module: compiled,
    instance: instantiateModule(program, options, compiled, image, memory),
    heard: Math.min(program.outputs, options.audibleOutputs ?? program.outputs),
    before: options.before,
    serial: 0,
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

/** Returns the value that it took. Throws RuntimeError for an unknown address, a bargraph, and what is no number. */
export function moveControl(deck: Deck, address: string, value: number): number {
  const fitted = fitValue(findControl(deck.program.controls, address), value)
  deck.instance.set(address, fitted)
  return fitted
}

/** Controls that somebody moved keep their values by address, inside the new range. */
export function keepControls(
  { program, instance }: Deck,
  former: readonly Control[],
  values: Readonly<Record<string, number>>,
): void {
  for (const kept of commonControls({ controls: former }, program)) {
    const value = values[kept.former.address]
    if (value !== undefined && isMoved(kept, value)) instance.set(kept.control.address, value)
  }
}

/** Those that the program has. */
export function moveControls(deck: Deck, settings: NonNullable<SwapOptions['settings']>): void {
  const known = new Set(deck.program.controls.map(control => control.address))
  for (const { address, value } of settings) if (known.has(address)) moveControl(deck, address, value)
}
