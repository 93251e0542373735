/**
 * What all that render to a file share.
 *
 * Comes in: a program and how to render it. Goes out: an instance; the shape of what makes sound.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { type Instance, instantiate, type Samples } from '../../runtime/instance.ts'
import type { WavFormat } from '../../runtime/wav.ts'
import { EXIT } from '../exit-codes.ts'
import { fail } from '../failure.ts'

/** What makes sound: blocks as they are computed, and where each is then. */
export interface Sounding {
  readonly outputs: readonly Samples[]
  readonly blocks: Generator<number, void>
  /** Between two blocks, now and then: both may be others afterwards. `done`: frames so far. */
  turn?(done: number): Promise<void>
}

export interface RenderPlan {
  readonly output: string
  readonly format: WavFormat
  readonly frames: number
  readonly blockSize: number
  readonly defaultLength: boolean
}

export async function startInstance(program: CompiledProgram, plan: RenderPlan): Promise<Instance> {
  try {
    return await instantiate(program, { sampleRate: plan.format.sampleRate, blockSize: plan.blockSize })
  } catch (error) {
    return fail(EXIT.fault, 'cannotStart', { reason: messageOf(error) })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
