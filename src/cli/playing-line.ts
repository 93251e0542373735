/**
 * The line that says how playing goes: time, load, underruns, levels. Only on a terminal.
 */
import type { Player, PlayerStatus } from '../runtime/player-types.ts'

export interface PlayingLine {
  /** Takes the line away until there is something new to say. */
  clear(): void
}

const STEPS = '▁▂▃▄▅▆▇█'
const DECIBELS_PER_STEP = 6
const MOST_METERS = 8

export function showPlaying(player: Player, stream: NodeJS.WriteStream): PlayingLine {
  if (!stream.isTTY) return { clear: () => {} }
  let shown = false
  player.on('status', status => {
    shown = true
    const line = playingLine(status, player.sampleRate, player.backend)
    stream.write(`\r\x1b[K${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}`)
  })
  return {
    clear: () => {
      if (shown) stream.write('\r\x1b[K')
      shown = false
    },
  }
}

export function playingLine(status: PlayerStatus, sampleRate: number, backend: string): string {
  const { frame, load, underruns, peaks } = status
  const meters = peaks.slice(0, MOST_METERS).map(meter).join('')
  const clipping = peaks.some(peak => peak > 1) ? ' clips' : ''
  return [
    `${timeOf(frame / sampleRate)}  ${meters}${clipping}`,
    `load ${(load * 100).toFixed(1)} %`,
    underruns === 0 ? 'no underruns' : `${underruns} underrun${underruns === 1 ? '' : 's'}`,
    `${backend}; Ctrl-C ends`,
  ].join('  ')
}

/** One character a channel: each step 6 dB, the last full scale. */
function meter(peak: number): string {
  const decibels = 20 * Math.log10(peak)
  const step = Math.floor(STEPS.length + decibels / DECIBELS_PER_STEP)
  return step < 0 ? ' ' : STEPS[Math.min(STEPS.length - 1, step)]!
}

function timeOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${(seconds % 60).toFixed(1).padStart(4, '0')}`
}
