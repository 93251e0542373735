/** Numbers for the report, and the report's tables. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** Signal-to-error ratio in decibels: 10·log10(Σ reference² / Σ (actual − reference)²). */
export function signalToError(actual, reference) {
  let signal = 0
  let error = 0
  reference.forEach((channel, i) => {
    channel.forEach((value, frame) => {
      signal += value * value
      error += (actual[i][frame] - value) ** 2
    })
  })
  if (signal === 0 && error === 0) return undefined
  return error === 0 ? Infinity : 10 * Math.log10(signal / error)
}

/** Aligned text: first column to the left, the others to the right. */
export function formatTable(header, rows) {
  const lines = [header, ...rows].map(row => row.map(String))
  const widths = header.map((_, i) => Math.max(...lines.map(line => line[i].length)))
  const format = line =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  const [head, ...body] = lines.map(format)
  return [head, '-'.repeat(head.length), ...body].join('\n')
}

export function decimals(value, count = 1) {
  if (value === undefined) return '-'
  return Number.isFinite(value) ? value.toFixed(count) : value === Infinity ? 'same' : String(value)
}

/** The smallest value that so many, as a part of 1, are not above. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]
}
