/**
 * What a dying tail costs, second by second, beside loud signal.
 *
 * Comes in: `bench/patches` and `examples` with inputs or gates, `dist/`. Goes out: for each program nanoseconds a frame of
 * loud signal, and how many times as much the worst second of a minute costs after inputs fall silent and gates open. Two
 * copies of a program run in one process in turns, a few blocks at a time. Each piece is run again and again from the same
 * state, and only the fastest time counts: that of the machine undisturbed, for loud signal and for tail alike. Then the
 * copies change roles: where memory lies can make one of them a tenth slower whatever it computes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { decimals, formatTable } from './statistics.js'

const SAMPLE_RATE = 44_100
const BLOCK = 256
const BLOCKS_A_PIECE = 10
const PIECES_A_SECOND = Math.round(SAMPLE_RATE / BLOCK / BLOCKS_A_PIECE)
const WARM_UP_PIECES = 150

const USAGE = `node bench/tails.js [options]
  --rounds N      runs of each piece, of which the fastest counts (7)
  --seconds N     of the tail (60)
  --precision P   single or double (both, one after the other)
  --only TEXT     programs with this in their name
  --each          every second of every program`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '60' },
    precision: { type: 'string', multiple: true, default: ['single', 'double'] },
    only: { type: 'string', multiple: true, default: [] },
    each: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(USAGE)
  process.exit(0)
}

const { compile } = await import('../dist/index.js')
const folder = path => new URL(path, import.meta.url)
const sources = (path, ending) =>
  readdirSync(folder(path))
    .filter(name => name.endsWith(ending))
    .map(name => [name, readFileSync(new URL(name, folder(path)), 'utf8')])
const library = Object.fromEntries(sources('../stdlib/', '.lib'))
const load = name => (Object.hasOwn(library, name) ? { name, text: library[name] } : undefined)

const isGate = ({ kind }) => kind === 'button' || kind === 'checkbox'

/** A copy of the program that can run the same piece twice. */
async function open(program) {
  const instance = await program.instantiate({ sampleRate: SAMPLE_RATE, blockSize: BLOCK })
  const state = new Uint8Array(instance.memory.buffer, 0, program.layout.end)
  const held = new Uint8Array(state.length)
  return {
    instance,
    setGates: value => {
      for (const { address } of program.controls.filter(isGate)) instance.set(address, value)
    },
    hold: () => held.set(state),
    /** Nanoseconds a frame. */
    timeAgain: () => {
      state.set(held)
      const start = performance.now()
      for (let i = 0; i < BLOCKS_A_PIECE; i++) instance.compute(BLOCK)
      return ((performance.now() - start) * 1e6) / (BLOCKS_A_PIECE * BLOCK)
    },
  }
}

/** A linear congruential generator with the constants of Numerical Recipes. */
function fillWithNoise({ inputs }, seed) {
  let state = seed
  for (const input of inputs) {
    for (let i = 0; i < BLOCK; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      input[i] = state / 2 ** 31
    }
  }
}

/** The next piece of all copies: the fastest time of each. */
function timePiece(copies) {
  const best = copies.map(() => Infinity)
  for (const { hold } of copies) hold()
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, { timeAgain }] of copies.entries()) best[i] = Math.min(best[i], timeAgain())
  }
  return best
}

/** Means of a second: of loud signal and of the tail. */
function timeSecond(loud, tail, second) {
  const sums = [0, 0]
  for (let piece = 0; piece < PIECES_A_SECOND; piece++) {
    fillWithNoise(loud.instance, second * PIECES_A_SECOND + piece)
    timePiece([loud, tail]).forEach((time, i) => void (sums[i] += time / PIECES_A_SECOND))
  }
  return sums
}

/** Nanoseconds a frame of loud signal and of the tail, second by second. */
function timeSeconds(loud, tail) {
  for (const copy of [loud, tail]) {
    copy.instance.reset()
    copy.setGates(1)
    for (let i = 0; i < WARM_UP_PIECES; i++) {
      fillWithNoise(copy.instance, i)
      copy.hold()
      copy.timeAgain()
    }
  }
  tail.setGates(0)
  for (const input of tail.instance.inputs) input.fill(0)
  return Array.from({ length: Number(options.seconds) }, (_, i) => timeSecond(loud, tail, i))
}

async function measure(name, source, precision) {
  const result = await compile(source, { filename: name, precision, load })
  if (!result.ok) throw new Error(result.diagnostics[0].message)
  const { program } = result
  const copies = [await open(program), await open(program)]
  if (copies[0].instance.inputs.length === 0 && !program.controls.some(isGate)) return undefined
  const seconds = timeSeconds(...copies)
  const exchanged = timeSeconds(...copies.toReversed())
  const ratioOf = ([noise, silence]) => silence / noise
  const ratios = seconds.map((second, i) => Math.sqrt(ratioOf(second) * ratioOf(exchanged[i])))
  if (options.each) console.log(name, precision, ratios.map(ratio => decimals(ratio, 2)).join(' '))
  const worst = Math.max(...ratios)
  const noise = seconds.reduce((sum, [time]) => sum + time, 0) / seconds.length
  return [decimals(noise), decimals(worst, 2), ratios.indexOf(worst), decimals(ratios.at(-1), 2)]
}

const programs = [...sources('patches/', '.dsp'), ...sources('../examples/', '.dsp')].filter(
  ([name]) => options.only.length === 0 || options.only.some(text => name.includes(text)),
)
for (const precision of options.precision) {
  const rows = []
  for (const [name, source] of programs) {
    const row = await measure(name, source, precision)
    if (row) rows.push([name, ...row])
  }
  console.log(`Tails, ${precision} precision: times the cost of loud signal, Node ${process.version}.`)
  console.log(formatTable(['program', 'loud, ns a frame', 'worst second', 'which', 'last second'], rows))
}
