/**
 * The line that says how playing goes: time, load, underruns, levels. Only on a terminal.
 */
import type { Player, PlayerStatus } from '../runtime/player-types.ts'

export interface PlayingLine {
  /** Takes the line away until there is something new to say. */
  clear(): void
  /** Says at the end how it was; nothing when nothing was heard. */
  conclude(): void
}

const STEPS = '▁▂▃▄▅▆▇█'
const DECIBELS_PER_STEP = 6
const MOST_METERS = 8

/** `wanted`: false where something else shows the same. */
export function showPlaying(player: Player, stream: NodeJS.WriteStream, wanted = true): PlayingLine {
  const totals = { frame: 0, underruns: 0, peak: 0, load: 0 }
  let shown = false
  player.on('status', status => {
    const { frame, underruns, peaks, load } = status
    totals.load = Math.max(totals.load, load)
    totals.peak = Math.max(totals.peak, ...peaks)
    Object.assign(totals, { frame, underruns })
    if (!stream.isTTY || !wanted) return
    shown = true
    const line = playingLine(status, player.sampleRate, player.backend)
    stream.write(`\r\x1b[K${line.slice(0, Math.max(1, (stream.columns || 80) - 1))}`)
  })
  return {
    clear: () => {
      if (shown) stream.write('\r\x1b[K')
      shown = false
    },
    conclude: () => {
      if (totals.frame > 0) stream.write(`${summarise(totals, player)}\n`)
    },
  }
}

function summarise(
  { frame, underruns, peak, load }: { frame: number; underruns: number; peak: number; load: number },
  { sampleRate, backend }: Player,
): string {
  const decibels = peak === 0 ? '-∞' : (20 * Math.log10(peak)).toFixed(1)
  return [
    `played ${(frame / sampleRate).toFixed(3)} s through ${backend}`,
    `peak ${decibels} dBFS`,
    `load at most ${(load * 100).toFixed(1)} %`,
    countUnderruns(underruns),
  ].join(', ')
}

function countUnderruns(count: number): string {
  return count === 0 ? 'no underruns' : `${count} underrun${count === 1 ? '' : 's'}`
}

export function playingLine(status: PlayerStatus, sampleRate: number, backend: string): string {
  const { frame, load, underruns, peaks } = status
  const meters = peaks.slice(0, MOST_METERS).map(meter).join('')
  const clipping = peaks.some(peak => peak > 1) ? ' clips' : ''
  return [
    `${timeOf(frame / sampleRate)}  ${meters}${clipping}`,
    `load ${(load * 100).toFixed(1)} %`,
    countUnderruns(underruns),
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
