/**
 * How long compiling takes, beside the official compiler in the same run, and how it grows with the program.
 *
 * Comes in: options (see USAGE). Goes out: a table or JSON. Cold is a new process until it holds the module; warm is
 * the same process again, with another text; later is after many more times, as in a session of live coding, when the
 * engine has optimised the compiler. The engines take turns, each in a process of its own. And the command as a whole,
 * from the start of its process to the first block.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { comparedPrograms } from './compile-programs.js'
import { startEngine } from './engine-process.js'
import { measureStarts, STARTED } from './starts.js'
import { decimals, formatTable, geometricMean, median } from './statistics.js'

const USAGE = `Usage: node bench/compile.js [options]

  --rounds N     processes an engine and program (default 3)
  --warm N       compilations in each process after the first (default 7)
  --later N      compilations after those, in one process (default 40; 0 leaves them out)
  --only TEXT    only programs whose name contains TEXT; may be repeated; "none" for the stages alone
  --starts N     processes of the command a program (default 9; 0 leaves them out)
  --signals N    largest synthetic program (default 100000; 0 leaves them out)
  --json         machine-readable output`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '7' },
    later: { type: 'string', default: '40' },
    only: { type: 'string', multiple: true, default: [] },
    starts: { type: 'string', default: '9' },
    signals: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const ENGINES = ['dspc-double', 'faust-double']
const KINDS = ['cold', 'warm', ...(Number(options.later) > 0 ? ['later'] : [])]
const SIZES = [10, 100, 1000, 10_000, 100_000]
/** The exponent is that of programs large enough for fixed costs not to matter. */
const SMALLEST_FOR_GROWTH = 1000

/** Of the last so many later ones the median is taken. */
const LAST = 7
/** Large programs need fewer compilations until code is optimised. */
const MOST_LATER_MILLISECONDS = 8000

/** Another text each time, so that no cache of whole programs can answer. */
const editedIn = (program, place) => ({ ...program, source: `${program.source}\n// ${place}\n` })

/** Milliseconds of the last compilations of many, by engine. */
async function measureLater(children, program) {
  const times = Object.fromEntries(ENGINES.map(engine => [engine, []]))
  const end = performance.now() + MOST_LATER_MILLISECONDS
  const isOver = i => i >= Number(options.later) || (i >= LAST && performance.now() > end)
  for (let i = 0; !isOver(i); i++) {
    for (const engine of ENGINES) {
      const { time } = await children[engine].ask({ do: 'compile', ...editedIn(program, `later ${i}`) })
      times[engine].push(time)
    }
  }
  return Object.fromEntries(ENGINES.map(engine => [engine, times[engine].slice(-LAST)]))
}

/** Medians in milliseconds, by engine: `{ cold, warm, later }`. */
async function measureProgram(program) {
  const found = Object.fromEntries(ENGINES.map(engine => [engine, { cold: [], warm: [], later: [] }]))
  for (let round = 0; round < Number(options.rounds); round++) {
    const children = {}
    for (const engine of round % 2 === 0 ? ENGINES : ENGINES.toReversed()) {
      children[engine] = await startEngine(engine)
      found[engine].cold.push((await children[engine].ask({ do: 'compile', ...program })).sinceStart)
    }
    for (let i = 0; i < Number(options.warm); i++) {
      const edited = editedIn(program, `${round} ${i}`)
      for (const engine of i % 2 === 0 ? ENGINES : ENGINES.toReversed()) {
        found[engine].warm.push((await children[engine].ask({ do: 'compile', ...edited })).time)
      }
    }
    if (round === 0) {
      const later = await measureLater(children, program)
      for (const engine of ENGINES) found[engine].later = later[engine]
    }
    for (const child of Object.values(children)) child.stop()
  }
  const medians = times => Object.fromEntries(KINDS.map(kind => [kind, median(times[kind])]))
  return Object.fromEntries(ENGINES.map(engine => [engine, medians(found[engine])]))
}

async function measureStages(sizes) {
  if (sizes.length === 0) return []
  const script = fileURLToPath(new URL('stages.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...sizes.map(String)], {
    maxBuffer: 2 ** 24,
  })
  return JSON.parse(stdout)
}

/** The slope of log(time) over log(signals), by least squares; 1 is linear. */
function growth(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)])
  const mean = index => logs.reduce((sum, point) => sum + point[index], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return covariance / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}

/** How many times as fast as the official compiler. */
const ratio = (result, kind) => result.times['faust-double'][kind] / result.times['dspc-double'][kind]

function programTable(results) {
  const header = ['program', ...KINDS.flatMap(kind => [`dspc ${kind}`, `faust ${kind}`, '×'])]
  const cells = result =>
    KINDS.flatMap(kind => [
      decimals(result.times['dspc-double'][kind]),
      decimals(result.times['faust-double'][kind]),
      decimals(ratio(result, kind), 2),
    ])
  const rows = results.map(result => [result.name, ...cells(result)])
  const mean = kind => decimals(geometricMean(results.map(result => ratio(result, kind))), 2)
  rows.push(['geometric mean', ...KINDS.flatMap(kind => ['', '', mean(kind)])])
  return formatTable(header, rows)
}

const total = ({ stages }) => Object.values(stages).reduce((sum, time) => sum + time, 0)

function stageTable(measured) {
  const names = Object.keys(measured[0].stages)
  const header = ['signals', ...names, 'total', 'µs a signal']
  const rows = measured.map(point => [
    point.signals,
    ...names.map(name => decimals(point.stages[name], 2)),
    decimals(total(point), 1),
    decimals((1000 * total(point)) / point.signals, 1),
  ])
  const large = measured.filter(point => point.signals >= SMALLEST_FOR_GROWTH * 0.9)
  if (large.length >= 2) {
    const slope = pick => decimals(growth(large.map(point => [point.signals, pick(point)])), 2)
    rows.push(['growth exponent', ...names.map(name => slope(point => point.stages[name])), slope(total), ''])
  }
  return formatTable(header, rows)
}

function startTable({ node, programs }) {
  const header = ['command', 'median', 'least', 'MB']
  const rows = programs.map(({ name, time, least, peak }) => [
    name,
    decimals(time),
    decimals(least),
    decimals(peak, 0),
  ])
  return formatTable(header, [['Node alone', decimals(node.time), decimals(node.least), ''], ...rows])
}

function report({ results, starts, stages, failures }) {
  const parts = [`Node ${process.version}, double precision, medians in milliseconds.`]
  if (results.length > 0) parts.push('', programTable(results))
  if (starts) parts.push('', 'Process start to the first block:', '', startTable(starts))
  if (stages.length > 0) parts.push('', 'By stage, warm, synthetic programs:', '', stageTable(stages))
  for (const { name, message } of failures) parts.push('', `${name} failed: ${message}`)
  return parts.join('\n')
}

async function main() {
  if (options.help) return console.log(USAGE)
  const results = []
  const failures = []
  const isAsked = ({ name }) => options.only.length === 0 || options.only.some(text => name.includes(text))
  for (const program of comparedPrograms().filter(isAsked)) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${program.name} …`)
    try {
      results.push({ name: program.name, times: await measureProgram(program) })
    } catch (error) {
      failures.push({ name: program.name, message: error.message })
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const started = STARTED.filter(name => isAsked({ name }))
  const starts =
    Number(options.starts) > 0 && started.length > 0
      ? await measureStarts(Number(options.starts), started)
      : undefined
  const stages = await measureStages(SIZES.filter(size => size <= Number(options.signals)))
  if (options.json)
    console.log(JSON.stringify({ node: process.version, results, starts, stages, failures }, undefined, 2))
  else console.log(report({ results, starts, stages, failures }))
  if (failures.length > 0) process.exitCode = 1
}

await main()
