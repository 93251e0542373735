/**
 * Nodes of one's own, in three ways: with the builder (compiled with the rest), in the language, and as a function of
 * JavaScript (called once a sample).
 *
 *     node examples/library/custom-nodes.js
 */
import { build, DSPNodeContext, defineNode, getStandardLibrary, JIT, nodeFromSource } from 'dspc'

const { assign, call, opAdd, opMul, opSub, prim, stmts, variable } = build

/** y ← y + (x - y) / n, a running mean that forgets. */
const mean = defineNode({
  name: 'mean',
  category: 'mine',
  doc: 'A mean of about the last `n` samples.',
  inputs: {
    input: { doc: 'What is averaged.' },
    n: { doc: 'Samples.', range: [1, 1000], default: 10 },
  },
  outputs: {
    mean: { doc: 'The mean.' },
    rest: { doc: 'The input without it.' },
  },
  state: { value: { doc: 'The mean so far.' } },
  process({ inputs, state }) {
    const step = prim.div(opSub(inputs.input, state.value), prim.max(inputs.n, 1))
    return {
      run: [assign(state.value, opAdd(state.value, step))],
      outputs: [state.value, opSub(inputs.input, state.value)],
    }
  },
})

/** Anything that JavaScript can do; here, it remembers the largest values seen. */
const record = defineNode({
  name: 'record',
  category: 'mine',
  doc: 'The largest input so far, and how often that changed.',
  inputs: { input: {} },
  outputs: { largest: {}, changes: {} },
  state: { largest: { initial: -Infinity }, changes: 0 },
  callback({ state, outputs }, input) {
    if (input > state.largest) {
      state.largest = input
      state.changes++
    }
    outputs[1] = state.changes
    return state.largest
  },
})

export async function main(print = console.log) {
  const echo = await nodeFromSource('process = + ~ (@(3) : *(0.5));', { name: 'echo' })
  if (!echo.ok) throw new Error(echo.diagnostics[0].message)
  const library = getStandardLibrary().add(mean).add(record).add(echo.node)
  const context = new DSPNodeContext()
  const f = new JIT(library, context).compile(
    stmts([
      assign('&sig1', call('mean', 1, [call('echo', 2, [variable('in1')]), 2])),
      assign('&sig2', call('record', 3, [opMul(10, variable('&sig1'))])),
      variable('%1'),
    ]),
  )
  f.init(48000)
  const impulse = Float64Array.from({ length: 8 }, (_, i) => (i === 0 ? 1 : 0))
  for (const x of impulse) {
    const [average, largest, changes] = f.exec2in2out(x, 0)
    print(`mean ${average.toFixed(4)}  largest ${largest.toFixed(2)}  changes ${changes}`)
  }
  f.withNodeState(3, state => print(`record: ${JSON.stringify(state)}`))
  for (const type of [mean, record]) print(`${type.name}: ${type.documentation}`)
  context.free()
}

if (process.argv[1] === import.meta.filename) await main()
