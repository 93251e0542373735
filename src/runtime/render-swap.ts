/**
 * The sound across a swap, faster than real time.
 *
 * Comes in: a running program, its successor and the frame at which to swap. Goes out: blocks in channels of its
 * own, as many as the wider of the two programs has. Hears the same as the audio host plays: the fade runs both
 * programs, each on its own state.
 */
import { mixCrossfade } from './crossfade.ts'
import type { Instance, Samples } from './instance.ts'
import type { Fill } from './render.ts'
import type { Running, Successor } from './swap.ts'

export interface SwapRender {
  readonly outputs: readonly Samples[]
  /** Yields the frames of each block; they are in `outputs` until the next step. */
  readonly blocks: Generator<number, void>
}

export function renderSwap(
  old: Running,
  successor: Successor,
  at: number,
  frames: number,
  fill?: Fill,
): SwapRender {
  const { blockSize } = old.instance
  const channels = Math.max(old.instance.outputs.length, successor.instance.outputs.length)
  const outputs = Array.from({ length: channels }, () => new Float64Array(blockSize))
  return { outputs, blocks: runBlocks(old.instance, successor, { at, frames, outputs, fill }) }
}

interface Plan {
  readonly at: number
  readonly frames: number
  readonly outputs: readonly Float64Array[]
  readonly fill: Fill | undefined
}

function* runBlocks(old: Instance, successor: Successor, plan: Plan): Generator<number, void> {
  const { at, frames, outputs, fill } = plan
  const { instance, fade } = successor
  for (let done = 0; done < frames; ) {
    if (done === at) successor.takeOver()
    const position = done - at
    const isFading = position >= 0 && position < (fade?.frames ?? 0)
    const count = Math.min(old.blockSize, (position < 0 ? at : frames) - done)
    const heard = position < 0 ? old : instance
    feed(heard, isFading ? old : undefined, count, fill)
    heard.compute(count)
    if (isFading) old.compute(count)
    outputs.forEach((output, i) => {
      const channel = heard.outputs[i]
      if (channel) output.set(channel.subarray(0, count))
      else output.fill(0, 0, count)
      if (isFading && fade) mixCrossfade(fade, position, old.outputs[i], output, count)
    })
    done += count
    yield count
  }
}

/** The same input for both programs; a channel that the heard one lacks is silent. */
function feed(heard: Instance, other: Instance | undefined, count: number, fill: Fill | undefined): void {
  fill?.(heard.inputs, count)
  other?.inputs.forEach((channel, i) => {
    const source = heard.inputs[i]
    if (source) channel.set(source.subarray(0, count))
    else channel.fill(0, 0, count)
  })
}
