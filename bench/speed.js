/**
 * Speed of our programs against the official compiler's WebAssembly: patches of many kinds, three block sizes.
 *
 * Comes in: `bench/patches/*.dsp`, `stdlib/*.lib`, `dist/`. Goes out: a table of nanoseconds a frame of each block size,
 * minimum and median ratios, their geometric means and the worst, and how far the samples are apart; with `--native`
 * and a C++ compiler, also the times of the official C++ (native.js); with `--fast-math`, ours is compiled so. Engines take
 * turns in one run.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startEngine } from './engine-process.js'
import { startNative, VARIANTS } from './native.js'
import { decimals, formatTable, geometricMean, median, signalToError } from './statistics.js'

const BLOCKS = [64, 256, 512]
const COMPARED_FRAMES = 16_384
/** Of 44,100 frames a second, as the engines' processes use. */
const SECOND = 44_100
const WARM_MILLISECONDS = 50

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '0.5' },
    block: { type: 'string', multiple: true, default: BLOCKS.map(String) },
    only: { type: 'string', multiple: true, default: [] },
    precision: { type: 'string', multiple: true, default: ['single', 'double'] },
    native: { type: 'boolean', default: false },
    'fast-math': { type: 'boolean', default: false },
  },
})
const blocks = options.block.map(Number)
const frames = Math.round(Number(options.seconds) * SECOND)

function readFolder(path, ending) {
  const folder = new URL(path, import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith(ending))
  return Object.fromEntries(names.sort().map(name => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

const withNative = options.native && VARIANTS.length > 0

/** Engines optimise what has run for long: at 3 ns a frame, two seconds of sound are not enough for Node 24. */
async function warmUp(ask) {
  for (let time = 0; time < WARM_MILLISECONDS; ) time += (await ask({ do: 'run', frames: 2 * SECOND })).time
}

/** Minimum and median of nanoseconds a frame, ours and theirs, in turns. */
async function measureBlock(engines, blockSize) {
  for (const { ask } of engines) {
    await ask({ do: 'open', blockSize })
    await warmUp(ask)
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

/** Times of each engine by block size; ours, the official WebAssembly, then the native ones. */
async function measurePatch(engines, program, precision) {
  for (const { ask } of engines) {
    await ask({ do: 'compile', ...program })
    await ask({ do: 'open', blockSize: 256 })
  }
  const samples = []
  for (const { ask } of engines) samples.push((await ask({ do: 'sample', frames: COMPARED_FRAMES })).outputs)
  const native = withNative ? await startNative(precision, program) : { engines: [], stop: () => {} }
  const results = []
  for (const block of blocks) results.push(await measureBlock([...engines, ...native.engines], block))
  native.stop()
  return { decibels: signalToError(samples[0], samples[1]), results }
}

/** Our time as a part of the native one: of the usual way to compile, and of the fastest. */
function partsOfNative(results, statistic) {
  const part = choose => geometricMean(results.map(([ours, , ...native]) => ours[statistic] / choose(native)))
  if (results[0].length < 3) return undefined
  return {
    usual: part(native => native[0][statistic]),
    best: part(all => Math.min(...all.map(n => n[statistic]))),
  }
}

async function measurePrecision(precision, programs) {
  const ours = `dspc-${precision}${options['fast-math'] ? '-fast' : ''}`
  const engines = [await startEngine(ours), await startEngine(`faust-${precision}`)]
  const rows = []
  const measured = []
  for (const program of programs) {
    try {
      const { decibels, results } = await measurePatch(engines, program, precision)
      const ratio = statistic =>
        geometricMean(results.map(([ours, theirs]) => theirs[statistic] / ours[statistic]))
      const parts = partsOfNative(results, 'min')
      measured.push({ name: program.name, min: ratio('min'), median: ratio('median'), ...parts })
      const cells = results.flatMap(([ours, theirs]) => [decimals(ours.min), decimals(theirs.min)])
      const both = ['min', 'median'].map(s => decimals(ratio(s), 2))
      const native = withNative ? [decimals(parts?.usual, 2), decimals(parts?.best, 2)] : []
      rows.push([program.name, ...cells, ...both, ...native, decimals(decibels, 0)])
    } catch (error) {
      rows.push([program.name, ...blocks.flatMap(() => ['', '']), 'failed', '', error.message.slice(0, 60)])
      process.exitCode = 1
    }
  }
  for (const engine of engines) engine.stop()
  return { rows, measured }
}

function print(precision, { rows, measured }) {
  const columns = blocks.flatMap(b => [`dspc ${b}`, `faust ${b}`])
  const native = withNative ? ['/ native', '/ best'] : []
  console.log(formatTable([precision, ...columns, '× min', '× median', ...native, 'dB'], rows))
  printMean('min', measured, Math.min)
  printMean('median', measured, Math.min)
  printMean('usual', measured, Math.max, 'of the time of native scalar code')
  printMean('best', measured, Math.max, 'of the time of the fastest native code')
  console.log()
}

function printMean(statistic, measured, worstOf, meaning = statistic) {
  const all = measured.filter(one => one[statistic] !== undefined)
  if (all.length === 0) return
  const worst = worstOf(...all.map(one => one[statistic]))
  const { name } = all.find(one => one[statistic] === worst)
  const mean = decimals(geometricMean(all.map(one => one[statistic])), 2)
  console.log(`${meaning}: geometric mean ${mean}, worst ${decimals(worst, 2)} (${name})`)
}

const library = readFolder('../stdlib/', '.lib')
const programs = Object.entries(readFolder('patches/', '.dsp'))
  .map(([file, source]) => ({ name: file.replace(/\.dsp$/, ''), source, library }))
  .filter(({ name }) => options.only.length === 0 || options.only.some(text => name.includes(text)))
console.log(
  `Nanoseconds a frame, minimum of ${options.rounds} interleaved rounds of ${frames} frames, Node ${process.version}; × = times as fast as faustwasm, over blocks of ${blocks.join(', ')}; dB: distance of the samples.\n`,
)
if (withNative) {
  const ways = VARIANTS.map(({ compiler, shape }) => [compiler, ...shape].join(' ')).join(', ')
  console.log(
    `Native: faust -lang cpp, -O3 -ffast-math -march=native; usual: the first, best: the fastest of: ${ways}.\n`,
  )
} else if (options.native) console.log('Native: skipped, there is no faust or no C++ compiler.\n')
for (const precision of options.precision) print(precision, await measurePrecision(precision, programs))
