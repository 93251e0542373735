/**
 * How to play, from flags: the same for `--play` and the REPL.
 */
import { DEFAULT_LATENCY } from '../runtime/player.ts'
import type { PlayerOptions } from '../runtime/player-types.ts'
import { DEFAULT_BLOCK_SIZE } from '../runtime/render.ts'
import type { MainFlags } from './options.ts'
import { framesOf } from './values.ts'

type PlayFlags = Pick<MainFlags, 'backend' | 'device' | 'latency' | 'in' | 'record' | 'duration' | 'block'>

export function playerOptions(flags: PlayFlags, sampleRate: number): PlayerOptions {
  const { backend = 'auto', device, latency = DEFAULT_LATENCY, in: input, record, duration, block } = flags
  return {
    backend,
    sampleRate,
    blockSize: block ?? DEFAULT_BLOCK_SIZE,
    latency,
    ...(device === undefined ? {} : { device }),
    ...(input === undefined ? {} : { inputFile: input }),
    ...(record === undefined ? {} : { recordFile: record }),
    ...(duration === undefined ? {} : { frames: framesOf(duration, sampleRate) }),
  }
}
