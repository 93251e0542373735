/** Prints the results of a benchmark as text. */
import { decimals, formatTable, geometricMean } from './statistics.js'

/** How many times as fast as the official compiler's program ours is. */
function speedUp(result, precision, statistic) {
  const { nanoseconds } = result
  return nanoseconds[`faust-${precision}`][statistic] / nanoseconds[`dspc-${precision}`][statistic]
}

export function report({ settings, results, failures, start }) {
  const parts = [
    `Rendering ${settings.seconds} s at ${settings.sampleRate} Hz, blocks of ${settings.block}, Node ${settings.node}.`,
    `Nanoseconds a frame, medians of ${settings.rounds} interleaved rounds; × = times as fast as faustwasm, by medians and (by minimums).`,
    '',
    speedTable(results),
  ]
  if (results.some(result => result.compilation)) parts.push('', compileTable(results))
  parts.push('', startLine(start))
  for (const { name, message } of failures) parts.push('', `${name} failed: ${message}`)
  return parts.join('\n')
}

function speedTable(results) {
  const header = ['program']
  for (const precision of ['double', 'single'])
    header.push(`dspc ${precision}`, `faust ${precision}`, '×', '(min)')
  header.push('dB double', 'dB single')
  const rows = results.map(result => {
    const cells = ['double', 'single'].flatMap(precision => [
      decimals(result.nanoseconds[`dspc-${precision}`].median),
      decimals(result.nanoseconds[`faust-${precision}`].median),
      decimals(speedUp(result, precision, 'median'), 2),
      decimals(speedUp(result, precision, 'min'), 2),
    ])
    return [
      result.name,
      ...cells,
      decimals(result.signalToErrorDouble, 0),
      decimals(result.signalToErrorSingle, 0),
    ]
  })
  if (results.length === 0) return formatTable(header, rows)
  const summarise = (name, pick) => {
    const column = (precision, statistic) => results.map(result => speedUp(result, precision, statistic))
    const cells = ['double', 'single'].flatMap(precision => [
      '',
      '',
      decimals(pick(column(precision, 'median')), 2),
      decimals(pick(column(precision, 'min')), 2),
    ])
    return [name, ...cells, '', '']
  }
  rows.push(
    summarise('geometric mean', geometricMean),
    summarise('worst', values => Math.min(...values)),
  )
  return formatTable(header, rows)
}

function compileTable(results) {
  const header = [
    'compiling (ms)',
    'dspc cold',
    'faust cold',
    '×',
    'dspc warm',
    'faust warm',
    '×',
    'dspc bytes',
    'faust bytes',
  ]
  const measured = results.filter(result => result.compilation)
  const of = (result, compiler) => result.compilation[`${compiler}-double`]
  const ratio = (result, kind) => of(result, 'faust')[kind] / of(result, 'dspc')[kind]
  const rows = measured.map(result => [
    result.name,
    ...['cold', 'warm'].flatMap(kind => [
      decimals(of(result, 'dspc')[kind]),
      decimals(of(result, 'faust')[kind]),
      decimals(ratio(result, kind), 2),
    ]),
    of(result, 'dspc').bytes,
    of(result, 'faust').bytes,
  ])
  const summarise = (name, pick) => [
    name,
    ...['cold', 'warm'].flatMap(kind => [
      '',
      '',
      decimals(pick(measured.map(result => ratio(result, kind))), 2),
    ]),
    '',
    '',
  ]
  rows.push(
    summarise('geometric mean', geometricMean),
    summarise('worst', values => Math.min(...values)),
  )
  return formatTable(header, rows)
}

function startLine({ node, version }) {
  return `dspc --version: ${decimals(version)} ms of processor time, of which Node alone ${decimals(node)} ms`
}
