/**
 * How fast the library runs and compiles.
 *
 * Comes in: options (see USAGE). Goes out: a table or JSON: nanoseconds a sample of the examples of synfx-dsp-jit, one
 * sample a call (`exec2in2out`) and in blocks (`process`), beside the same in plain JavaScript; and milliseconds to
 * compile expressions of 10 to 10,000 nodes. Medians of several rounds.
 */
import { parseArgs } from 'node:util'
import { build, DSPNodeContext, getStandardLibrary, JIT } from '../dist/index.js'
import { decimals, formatTable, median } from './statistics.js'

const USAGE = `Usage: node bench/library.js [options]

  --rounds N   rounds of each measurement (default 7)
  --samples N  samples a round (default 400000)
  --json       machine-readable output`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    samples: { type: 'string', default: '400000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const BLOCK_FRAMES = 128
const SAMPLE_RATE = 48000
const { assign, call, iff, opAdd, opGt, opMul, opSub, stmts, variable } = build

/** Each with the same in JavaScript, written as one would. */
const EXAMPLES = [
  {
    name: '11 + in1',
    ast: opAdd(11, variable('in1')),
    plain: () => x => 11 + x,
  },
  {
    name: 'phasor of persistent variables',
    ast: stmts([
      assign('*phase', opAdd(variable('*phase'), opMul(440, variable('$israte')))),
      iff(opGt(variable('*phase'), 1), assign('*phase', opSub(variable('*phase'), 1))),
      variable('*phase'),
    ]),
    plain: () => {
      let phase = 0
      return () => {
        phase += 440 * (1 / SAMPLE_RATE)
        if (phase > 1) phase -= 1
        return phase
      }
    },
  },
  {
    name: 'sin(in1)',
    ast: call('sin', 0, [variable('in1')]),
    plain: () => x => Math.sin(x),
  },
  {
    name: '0.3 (phase(440) - 0.5)',
    ast: assign('&sig1', opMul(0.3, opSub(call('phase', 1, [440, 0]), 0.5))),
    plain: () => {
      let value = 0
      return () => {
        const now = value
        const next = now + 440 / SAMPLE_RATE
        value = next - Math.trunc(next)
        return 0.3 * (now - 0.5)
      }
    },
  },
  {
    name: '16 saws, frequencies from atoms, through a filter',
    ast: call('lp1', 99, [
      Array.from({ length: 16 }, (_, i) => call('phase', i, [call('atomr', 0, [i]), 0])).reduce((sum, saw) =>
        opAdd(sum, saw),
      ),
      1000,
    ]),
    plain: undefined,
  },
]

/** Median nanoseconds a sample. */
function measure(rounds, samples, run) {
  run(samples)
  const times = []
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint()
    run(samples)
    times.push(Number(process.hrtime.bigint() - start) / samples)
  }
  return median(times)
}

function compiled(ast) {
  const f = new JIT(getStandardLibrary(), new DSPNodeContext()).compile(ast)
  f.init(SAMPLE_RATE)
  return f
}

function measureExample({ name, ast, plain }, rounds, samples) {
  const f = compiled(ast)
  const result = [0, 0, 0]
  const single = measure(rounds, samples, count => {
    for (let i = 0; i < count; i++) f.exec2in2out(i * 1e-4, 0, result)
  })
  const channel = () => Float64Array.from({ length: BLOCK_FRAMES }, (_, i) => i * 1e-4)
  const inputs = [channel(), channel()]
  const outputs = [channel(), channel(), channel()]
  const block = measure(rounds, samples, count => {
    for (let i = 0; i < count; i += BLOCK_FRAMES) f.process(inputs, outputs, BLOCK_FRAMES)
  })
  let sum = 0
  const javascript = plain && measurePlain(plain(), rounds, samples, value => (sum += value))
  f.free()
  return { name, single, block, javascript: sum === Infinity ? undefined : javascript }
}

function measurePlain(f, rounds, samples, use) {
  return measure(rounds, samples, count => {
    for (let i = 0; i < count; i++) use(f(i * 1e-4))
  })
}

/** An expression of about so many nodes: oscillators and what one does with them. */
function expressionOf(size) {
  const voices = Math.max(1, Math.round(size / 10))
  const list = Array.from({ length: voices }, (_, i) => {
    const level = opMul(opSub(call('phase', i, [opAdd(variable('in1'), i), 0]), 0.5), 0.3)
    return assign('&sig1', opAdd(variable('&sig1'), level))
  })
  return stmts(list)
}

function measureCompilation(size, rounds) {
  const ast = expressionOf(size)
  const times = []
  for (let round = 0; round <= rounds; round++) {
    const context = new DSPNodeContext()
    const start = process.hrtime.bigint()
    new JIT(getStandardLibrary(), context).compile(ast)
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
  return { size, first: times[0], median: median(times.slice(1)) }
}

function print(examples, compilations) {
  const rows = examples.map(({ name, single, block, javascript }) => [
    name,
    decimals(single, 1),
    decimals(block, 2),
    javascript === undefined ? '' : decimals(javascript, 2),
  ])
  console.log(formatTable(['ns a sample', 'exec2in2out', `process, ${BLOCK_FRAMES}`, 'JavaScript'], rows))
  const times = compilations.map(({ size, first, median: warm }) => [
    String(size),
    decimals(first, 1),
    decimals(warm, 1),
  ])
  console.log(`\n${formatTable(['nodes', 'first, ms', 'again, ms'], times)}`)
}

function main() {
  if (options.help) {
    console.log(USAGE)
    return
  }
  const rounds = Number(options.rounds)
  const samples = Number(options.samples)
  const examples = EXAMPLES.map(example => measureExample(example, rounds, samples))
  const compilations = [10, 100, 1000, 10_000].map(size => measureCompilation(size, Math.min(rounds, 5)))
  if (options.json) console.log(JSON.stringify({ examples, compilations }, undefined, 2))
  else print(examples, compilations)
}

main()
