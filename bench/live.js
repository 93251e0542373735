/**
 * How long live coding takes: from saving a file to hearing it, what the compiler and the audio host have of that, the
 * first block after a swap, and from the command line to the first sound.
 *
 * Comes in: `live-patch.dsp`, `dist/`. Goes out: a table or JSON. Plays on the backend `null`: a real device adds what
 * it has queued, `--latency`. Edits are of two kinds: of a number, as one makes them while listening, and of more.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { draftSource } from '../dist/compile.js'
import { compile } from '../dist/index.js'
import { nodeLoader } from '../dist/node-loader.js'
import { startPlayer } from '../dist/runtime/player.js'
import { compileByStage } from './live-stages.js'
import { decimals, formatTable, quantile } from './statistics.js'

const USAGE = `node bench/live.js [options]
  --edits N     edits of each measurement (60)
  --starts N    cold starts (10)
  --program F   another program than bench/live-patch.dsp
  --json        machine-readable output`

const { values: options } = parseArgs({
  options: {
    edits: { type: 'string', default: '60' },
    starts: { type: 'string', default: '10' },
    program: { type: 'string', default: fileURLToPath(new URL('live-patch.dsp', import.meta.url)) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const COMMAND = fileURLToPath(new URL('../bin/dspc.js', import.meta.url))
/** The compiler compiles while nobody saves, until the engine has optimised it; this long that takes on a slow machine. */
const WARM_UP_MS = 10_000
const BETWEEN_EDITS_MS = 250
/** Somebody who saves as soon as there is sound, and every few seconds from then on. */
const EARLY = { edits: 10, wait: 1000, between: 2000 }
const RATE = 48_000
/** Of 1.3 ms, for how long a block takes; all else runs with the usual length. */
const SHORT_BLOCK = 64
const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

/** The last decimal number of the text is another one each time. */
function withNumber(source, count) {
  const numbers = [...source.matchAll(/(?<![\w.])\d+\.\d+(?![\w.])/g)]
  const { 0: old, index } = numbers.at(-1)
  const value = (Number(old) * (1 + (count % 50) / 1000)).toFixed(6)
  return source.slice(0, index) + value + source.slice(index + old.length)
}

const FILTERS = 4
const MOST_ORDER = 3

/** Four filters on each output; their orders are the digits of `count`, so that no code comes twice in 80 edits. */
function withFilters(source, count) {
  const orderOf = place => (Math.floor(count / MOST_ORDER ** place) % MOST_ORDER) + 1
  const list = Array.from({ length: FILTERS }, (_, i) => `f.lowpass(${orderOf(i)}, ${9000 + 500 * i})`)
  const parts = `par(i, outputs(unfiltered), ${list.join(' : ')})`
  const inner = source.replace(/^process\b/m, 'unfiltered')
  return `${inner}process = unfiltered : ${parts} with { f = library("filters.lib"); };\n`
}

const EDITS = { 'a number': withNumber, 'filters of other orders': withFilters }

/** Milliseconds from the end of writing the file to the line that says it is heard. */
async function measureSaves(source, edited, { edits, wait, between }) {
  const folder = mkdtempSync(join(tmpdir(), 'dspc-bench-'))
  const file = join(folder, 'patch.dsp')
  writeFileSync(file, source)
  const child = spawn(process.execPath, [COMMAND, file, '--play', '--watch', '--backend', 'null'])
  let heard = () => {}
  let failed = () => {}
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
    if (/playing|heard from/.test(said)) heard()
    if (/plays on/.test(said)) failed(new Error(said))
  })
  child.once('exit', code => failed(new Error(`ended with ${code}: ${said}`)))
  const next = () => {
    said = ''
    return new Promise((resolve, reject) => {
      heard = resolve
      failed = reject
    })
  }
  try {
    await next()
    await sleep(wait)
    const [times, compiled] = [[], []]
    for (let count = 1; count <= edits; count++) {
      const waiting = next()
      writeFileSync(file, edited(source, count))
      const saved = performance.now()
      await waiting
      times.push(performance.now() - saved)
      compiled.push(Number(/compiled in (\d+) ms/.exec(said)[1]))
      await sleep(between)
    }
    return { times, compiled }
  } finally {
    failed = () => {}
    child.kill('SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the swap of a draft costs in the audio host, announced: beside the sound, and between two blocks. */
async function measureSwaps(source, edited) {
  const files = await nodeLoader(options.program, [])
  const memory = {}
  const player = await startPlayer({ backend: 'null', sampleRate: RATE, blockSize: 512, latency: 0.12 })
  const costs = { beside: [], between: [], fade: [] }
  for (let count = 0; count < Number(options.edits); count++) {
    player.expect()
    const settings = { filename: options.program, ...files }
    const { program } = await draftSource(edited(source, count), settings, memory)
    const asked = performance.now()
    const outcome = await player.swap(program, { draft: true })
    if (!outcome.ok) throw new Error(outcome.reason)
    if (count > 0) {
      costs.beside.push(outcome.cost.beside)
      costs.between.push(outcome.cost.between)
      costs.fade.push(performance.now() - asked - outcome.cost.beside - outcome.cost.between)
    }
  }
  await player.stop()
  return costs
}

/** Milliseconds of the first block after a swap, and of a block in the long run. */
async function measureBlocks(source, edited) {
  const player = await startPlayer({
    backend: 'null',
    sampleRate: RATE,
    blockSize: SHORT_BLOCK,
    latency: 0.12,
  })
  let status = {}
  player.on('status', next => {
    status = next
  })
  const blocks = { first: [], usual: [] }
  for (let count = 0; count < Number(options.edits); count++) {
    const { program } = await compile(edited(source, count), { filename: options.program })
    const outcome = await player.swap(program)
    if (!outcome.ok) throw new Error(outcome.reason)
    await sleep(BETWEEN_EDITS_MS)
    if (count === 0) continue
    blocks.first.push(status.firstBlock)
    blocks.usual.push((status.load * SHORT_BLOCK * 1000) / RATE)
  }
  await player.stop()
  return blocks
}

/** Milliseconds from starting the command to the first sample. */
async function measureStarts() {
  const times = []
  for (let count = 0; count < Number(options.starts); count++) {
    const began = performance.now()
    const child = spawn(process.execPath, [COMMAND, options.program, '--play', '--backend', 'stdout'])
    await new Promise(resolve => {
      let bytes = 0
      child.stdout.on('data', piece => {
        bytes += piece.length
        // Past the header of the WAV.
        if (bytes > 200) resolve()
      })
    })
    times.push(performance.now() - began)
    child.kill('SIGKILL')
  }
  return times
}

function row(name, times) {
  const cell = value => (value < 1 ? value.toFixed(3) : decimals(value))
  return [name, cell(quantile(times, 0.5)), cell(quantile(times, 0.95)), cell(Math.max(...times))]
}

/** From saving to sound, and what of it takes how long. */
async function measureEdits(source, edited) {
  const edits = Number(options.edits)
  const stages = await compileByStage(source, options.program, edited, edits)
  const swaps = await measureSwaps(source, edited)
  const saves = await measureSaves(source, edited, { edits, wait: WARM_UP_MS, between: BETWEEN_EDITS_MS })
  return { saves, stages, swaps }
}

function editRows(name, { saves, stages, swaps }) {
  return [
    row(`saved to swapped: ${name}`, saves.times),
    row('  compiled, it says', saves.compiled),
    ...Object.entries(stages).map(([stage, times]) => row(`  ${stage}`, times)),
    row('  host, beside the sound', swaps.beside),
    row('  host, between two blocks', swaps.between),
    row('  messages, earlier fades', swaps.fade),
  ]
}

async function main() {
  if (options.help) return console.log(USAGE)
  const source = readFileSync(options.program, 'utf8')
  const before = loadavg()[0]
  const edits = {}
  for (const [name, edited] of Object.entries(EDITS)) edits[name] = await measureEdits(source, edited)
  const blocks = await measureBlocks(source, withNumber)
  const early = await measureSaves(source, withNumber, EARLY)
  const starts = await measureStarts()
  const results = { edits, early, blocks, starts, load: [before, loadavg()[0]] }
  if (options.json) return console.log(JSON.stringify(results))
  const rows = [
    ...Object.entries(edits).flatMap(([name, measured]) => editRows(name, measured)),
    row('saved to swapped: a number, the first ten', early.times),
    row('  compiled, it says', early.compiled),
    row('first block of 64 frames', blocks.first),
    row('  usual block', blocks.usual),
    row('cold start to first sound', starts),
  ]
  console.log(
    `Milliseconds of ${options.edits} edits; Node ${process.version}, load of the machine ${decimals(before)}.`,
  )
  console.log(formatTable(['', 'p50', 'p95', 'max'], rows))
}

await main()
