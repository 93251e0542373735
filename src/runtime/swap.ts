/**
 * Puts a program in the place of one that runs.
 *
 * Comes in: the running program and its instance, and the new program. Goes out: the new instance with the plan
 * that takes state and controls over, and the cross-fade. In two steps, because preparing takes time and taking
 * over must not: `prepareSwap` away from the sound, `takeOver` between two blocks.
 */
import type { CompiledProgram } from '../core/program.ts'
import { type Crossfade, planCrossfade } from './crossfade.ts'
import { type Instance, type InstanceOptions, instantiateModule } from './instance.ts'
import { commonControls, isMoved } from './kept-controls.ts'
import { applyMigration, planMigration } from './migrate.ts'
import type { Migration } from './migration-types.ts'

export interface Running {
  readonly program: CompiledProgram
  readonly instance: Instance
}

export interface Successor extends Running {
  readonly migration: Migration
  /** Undefined: no fade, the new program is heard at once. */
  readonly fade: Crossfade | undefined
  /**
   * Copies state and control values from what runs. Call once, between two blocks; the instance it came from may
   * go on for the fade, on its own state. Does not allocate but for views.
   */
  takeOver(): void
}

export interface PrepareOptions extends Partial<InstanceOptions> {
  readonly fadeSeconds?: number
  /** Takes over nothing, the values of controls neither. */
  readonly reset?: boolean
}

/** `module` is the compiled `program.wasm`. */
export function prepareSwap(
  running: Running,
  program: CompiledProgram,
  module: WebAssembly.Module,
  options: PrepareOptions = {},
): Successor {
  const { sampleRate = running.instance.sampleRate, blockSize = running.instance.blockSize } = options
  const instance = instantiateModule(program, { sampleRate, blockSize }, { module })
  const migration = planMigration(running.program.layout, program.layout, {
    formerSampleRate: running.instance.sampleRate,
    sampleRate,
    ...(options.reset && { reset: true }),
  })
  const common = options.reset ? [] : commonControls(running.program, program)
  const takeOver = () => {
    applyMigration(migration, running.instance.memory.buffer, instance.memory.buffer)
    for (const kept of common) {
      const value = running.instance.get(kept.former.address)
      if (isMoved(kept, value)) instance.set(kept.control.address, value)
    }
  }
  const fade = planCrossfade(migration.report, sampleRate, options.fadeSeconds)
  return { program, instance, migration, fade, takeOver }
}
