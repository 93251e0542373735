/**
 * The line that says how far a rendering is. Only on a terminal, at most ten times a second.
 */

export interface Progress {
  update(done: number): void
  /** Takes the line away. */
  clear(): void
}

const BAR_COLUMNS = 24
const INTERVAL_MS = 100
/** Short renderings show nothing. */
const FIRST_AFTER_MS = 300

export function showProgress(total: number, sampleRate: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update: () => {}, clear: () => {} }
  const started = performance.now()
  let next = started + FIRST_AFTER_MS
  let shown = false
  return {
    update: done => {
      const now = performance.now()
      if (now < next) return
      next = now + INTERVAL_MS
      shown = true
      stream.write(`\r\x1b[K${progressLine(done, total, sampleRate, (now - started) / 1000)}`)
    },
    clear: () => {
      if (shown) stream.write('\r\x1b[K')
    },
  }
}

export function progressLine(
  done: number,
  total: number,
  sampleRate: number,
  elapsedSeconds: number,
): string {
  const part = done / total
  const full = Math.round(part * BAR_COLUMNS)
  const bar = '#'.repeat(full) + '.'.repeat(BAR_COLUMNS - full)
  const speed = done / sampleRate / Math.max(elapsedSeconds, 0.001)
  const seconds = (frames: number) => (frames / sampleRate).toFixed(1)
  const percent = Math.floor(part * 100)
  return `[${bar}] ${percent} %  ${seconds(done)} of ${seconds(total)} s  ${speed.toFixed(0)}× real time`
}
