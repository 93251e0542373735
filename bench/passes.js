/**
 * What each pass of the optimiser gives.
 *
 * Comes in: `bench/patches/*.dsp`, `stdlib/*.lib`, `dist/`. Goes out: a table of nanoseconds a frame: all passes, all
 * but one, none. Variants run in one process in turns, since they share everything but the code that is compared.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { decimals, formatTable, geometricMean } from './statistics.js'

const SAMPLE_RATE = 44_100
const BLOCK = 256
const WARM_UP_BLOCKS = 1500
const PASSES = [
  'fission',
  'skew',
  'pairs',
  'inlining',
  'hoisting',
  'value numbering',
  'constant pool',
  'dead code',
]

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    precision: { type: 'string', default: 'double' },
    only: { type: 'string', multiple: true, default: [] },
  },
})

const { compile } = await import('../dist/index.js')
const folder = path => new URL(path, import.meta.url)
const sources = (path, ending) =>
  readdirSync(folder(path))
    .filter(name => name.endsWith(ending))
    .sort()
    .map(name => [name, readFileSync(new URL(name, folder(path)), 'utf8')])
const library = Object.fromEntries(sources('../stdlib/', '.lib'))
const load = name => (Object.hasOwn(library, name) ? { name, text: library[name] } : undefined)

async function open(name, source, disabledPasses) {
  const result = await compile(source, { filename: name, precision: options.precision, load, disabledPasses })
  if (!result.ok) throw new Error(result.diagnostics[0].message)
  const instance = await result.program.instantiate({ sampleRate: SAMPLE_RATE, blockSize: BLOCK })
  for (const { kind, address } of result.program.controls) if (kind === 'button') instance.set(address, 1)
  return instance
}

/** A linear congruential generator with the constants of Numerical Recipes. */
function fillWithNoise(instance, seed) {
  let state = seed
  for (const input of instance.inputs) {
    for (let i = 0; i < BLOCK; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      input[i] = state / 2 ** 31
    }
  }
}

/** Nanoseconds a frame. */
function time(instance, blocks) {
  const start = performance.now()
  for (let i = 0; i < blocks; i++) instance.compute(BLOCK)
  return ((performance.now() - start) * 1e6) / (blocks * BLOCK)
}

const programs = sources('patches/', '.dsp').filter(
  ([name]) => options.only.length === 0 || options.only.some(text => name.includes(text)),
)

async function comparePasses() {
  const variants = [['all', []], ...PASSES.map(name => [`no ${name}`, [name]]), ['none', PASSES]]
  const rows = []
  const ratios = variants.map(() => [])
  for (const [name, source] of programs) {
    const instances = []
    for (const [, disabled] of variants) instances.push(await open(name, source, disabled))
    for (const instance of instances) {
      fillWithNoise(instance, 1)
      time(instance, WARM_UP_BLOCKS)
    }
    const times = variants.map(() => [])
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [i, instance] of instances.entries()) {
        fillWithNoise(instance, round)
        times[i].push(time(instance, 100))
      }
    }
    const best = times.map(list => Math.min(...list))
    best.forEach((value, i) => void ratios[i].push(value / best[0]))
    rows.push([name, ...best.map(value => decimals(value))])
  }
  rows.push(['geometric mean of the ratios', ...ratios.map(list => decimals(geometricMean(list), 2))])
  console.log(
    `Nanoseconds a frame, ${options.precision}, minimum of ${options.rounds} rounds, Node ${process.version}.`,
  )
  console.log(formatTable(['program', ...variants.map(([name]) => name)], rows))
}

await comparePasses()
