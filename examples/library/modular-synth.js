/**
 * A tiny modular synthesizer: a patch is modules and cables, it becomes one expression, and it is rewired while it
 * plays. Modules that stay keep their state; cables that form a loop go through the sample before.
 *
 *     node examples/library/modular-synth.js
 */
import { build, CodeEngine } from 'dspc'

const { assign, call, opMul, stmts, variable } = build

const SAMPLE_RATE = 48000

/** Modules by id: a node of the library, and for each input a number or the id of a module. */
const PATCHES = [
  {
    title: 'a clock, an envelope and an oscillator',
    modules: {
      clock: { node: 'clock', inputs: [240] },
      envelope: { node: 'ad', inputs: ['clock', 0.005, 0.1] },
      tone: { node: 'saw', inputs: [110] },
      amplifier: { multiply: ['tone', 'envelope'] },
    },
    output: 'amplifier',
  },
  {
    title: 'a filter before the amplifier',
    modules: {
      clock: { node: 'clock', inputs: [240] },
      envelope: { node: 'ad', inputs: ['clock', 0.005, 0.1] },
      tone: { node: 'saw', inputs: [110] },
      filter: { node: 'lp2', inputs: ['tone', 800] },
      amplifier: { multiply: ['filter', 'envelope'] },
    },
    output: 'amplifier',
  },
  {
    title: 'a random note at every tick, and an echo in a loop',
    modules: {
      clock: { node: 'clock', inputs: [240] },
      envelope: { node: 'ad', inputs: ['clock', 0.005, 0.1] },
      noise: { node: 'noise', inputs: [] },
      note: { node: 's&h', inputs: ['noise', 'clock'] },
      range: { scaleBy: ['note', 220, 330] },
      tone: { node: 'saw', inputs: ['range'] },
      filter: { node: 'lp2', inputs: ['tone', 800] },
      amplifier: { multiply: ['filter', 'envelope'] },
      echo: { node: 'delay', inputs: ['mix', 0.25] },
      quieter: { multiply: ['echo', 0.5] },
      mix: { sum: ['amplifier', 'quieter'] },
    },
    output: 'mix',
  },
]

/** A cable: this sample's value if its module has run already, else that of the sample before, which `*id` keeps. */
const signal = (source, done) => {
  if (typeof source === 'number') return source
  return variable(done.has(source) ? `out ${source}` : `*${source}`)
}

function moduleExpression(id, module, done) {
  const inputs = list => list.map(source => signal(source, done))
  if (module.node) return call(module.node, id, inputs(module.inputs))
  if (module.multiply) return opMul(...inputs(module.multiply))
  if (module.sum) return build.opAdd(...inputs(module.sum))
  const [source, factor, offset] = inputs(module.scaleBy)
  return build.opAdd(opMul(source, factor), offset)
}

export function patchExpression({ modules, output }) {
  const done = new Set()
  const list = []
  for (const [id, module] of Object.entries(modules)) {
    const value = moduleExpression(id, module, done)
    list.push(assign(`*${id}`, assign(`out ${id}`, value)))
    done.add(id)
  }
  return stmts([...list, variable(`out ${output}`)])
}

export function main(print = console.log) {
  const engine = new CodeEngine()
  const backend = engine.getBackend()
  backend.setSampleRate(SAMPLE_RATE)
  const block = [new Float64Array(480), new Float64Array(480), new Float64Array(480)]
  for (const patch of PATCHES) {
    const { report } = engine.upload(patchExpression(patch))
    let [sum, peak] = [0, 0]
    // One second, in blocks of 10 ms.
    for (let i = 0; i < 100; i++) {
      backend.processUpdates()
      backend.processBlock([], block, 480)
      for (const sample of block[2]) {
        sum += sample * sample
        peak = Math.max(peak, Math.abs(sample))
      }
    }
    const modules = ids => [...new Set(ids.filter(id => !id.startsWith('*')).map(id => id.split('/')[0]))]
    print(`${patch.title}: level ${Math.sqrt(sum / SAMPLE_RATE).toFixed(2)}, peak ${peak.toFixed(1)}`)
    print(`  kept ${modules(report.kept).join(' ') || '-'}; new ${modules(report.fresh).join(' ') || '-'}`)
  }
  engine.free()
}

if (process.argv[1] === import.meta.filename) main()
