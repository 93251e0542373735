/**
 * Speed of our programs against the official compiler's WebAssembly: patches of many kinds, three block sizes.
 *
 * Comes in: `bench/patches/*.dsp`, `stdlib/*.lib`, `dist/`. Goes out: a table of nanoseconds a frame of each block size,
 * minimum and median ratios, their geometric means and the worst, and how far the samples are apart. Engines take turns
 * in one run. Native code of the official C++ is not measured; a line says so.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startEngine } from './engine-process.js'
import { decimals, formatTable, geometricMean, median, signalToError } from './statistics.js'

const BLOCKS = [64, 256, 512]
const COMPARED_FRAMES = 16_384
/** Of 44,100 frames a second, as the engines' processes use. */
const SECOND = 44_100

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.5' },
    block: { type: 'string', multiple: true, default: BLOCKS.map(String) },
    only: { type: 'string', multiple: true, default: [] },
    precision: { type: 'string', multiple: true, default: ['single', 'double'] },
  },
})
const blocks = options.block.map(Number)
const frames = Math.round(Number(options.seconds) * SECOND)

function readFolder(path, ending) {
  const folder = new URL(path, import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith(ending))
  return Object.fromEntries(names.sort().map(name => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

const isThere = command => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Minimum and median of nanoseconds a frame, ours and theirs, in turns. */
async function measureBlock(engines, blockSize) {
  for (const { ask } of engines) {
    await ask({ do: 'open', blockSize })
    await ask({ do: 'run', frames: 2 * SECOND })
  }
  const times = engines.map(() => [])
  for (let round = 0; round < Number(options.rounds); round++) {
    const order = [...engines.keys()]
    for (const i of round % 2 === 0 ? order : order.reverse()) {
      times[i].push(((await engines[i].ask({ do: 'run', frames })).time * 1e6) / frames)
    }
  }
  return times.map(list => ({ min: Math.min(...list), median: median(list) }))
}

async function measurePatch(engines, program) {
  for (const { ask } of engines) {
    await ask({ do: 'compile', ...program })
    await ask({ do: 'open', blockSize: 256 })
  }
  const samples = []
  for (const { ask } of engines) samples.push((await ask({ do: 'sample', frames: COMPARED_FRAMES })).outputs)
  const results = []
  for (const block of blocks) results.push(await measureBlock(engines, block))
  return { decibels: signalToError(samples[0], samples[1]), results }
}

async function measurePrecision(precision, programs) {
  const engines = [await startEngine(`dspc-${precision}`), await startEngine(`faust-${precision}`)]
  const rows = []
  const ratios = []
  for (const program of programs) {
    try {
      const { decibels, results } = await measurePatch(engines, program)
      const ratio = statistic => results.map(([ours, theirs]) => theirs[statistic] / ours[statistic])
      ratios.push({ name: program.name, min: ratio('min'), median: ratio('median') })
      const cells = results.flatMap(([ours, theirs]) => [decimals(ours.min), decimals(theirs.min)])
      const both = ['min', 'median'].map(s => decimals(geometricMean(ratio(s)), 2))
      rows.push([program.name, ...cells, ...both, decimals(decibels, 0)])
    } catch (error) {
      rows.push([program.name, ...blocks.flatMap(() => ['', '']), 'failed', '', error.message.slice(0, 60)])
      process.exitCode = 1
    }
  }
  for (const engine of engines) engine.stop()
  return { rows, ratios }
}

function print(precision, { rows, ratios }) {
  const header = [precision, ...blocks.flatMap(b => [`dspc ${b}`, `faust ${b}`]), '× min', '× median', 'dB']
  console.log(formatTable(header, rows))
  for (const statistic of ['min', 'median']) {
    const all = ratios.map(r => ({ name: r.name, value: geometricMean(r[statistic]) }))
    if (all.length === 0) continue
    const worst = all.reduce((a, b) => (b.value < a.value ? b : a))
    const mean = decimals(geometricMean(all.map(r => r.value)), 2)
    console.log(`${statistic}: geometric mean ${mean}, worst ${decimals(worst.value, 2)} (${worst.name})`)
  }
  console.log()
}

const library = readFolder('../stdlib/', '.lib')
const programs = Object.entries(readFolder('patches/', '.dsp'))
  .map(([file, source]) => ({ name: file.replace(/\.dsp$/, ''), source, library }))
  .filter(({ name }) => options.only.length === 0 || options.only.some(text => name.includes(text)))
console.log(
  `Nanoseconds a frame, minimum of ${options.rounds} interleaved rounds of ${frames} frames, Node ${process.version}; × = times as fast as faustwasm, over blocks of ${blocks.join(', ')}; dB: distance of the samples.\n`,
)
if (!isThere('faust') || !isThere('c++'))
  console.log('Native: skipped, there is no faust or no C++ compiler.\n')
else console.log('Native: not measured by this script yet.\n')
for (const precision of options.precision) print(precision, await measurePrecision(precision, programs))
