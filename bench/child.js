/**
 * One engine in a process of its own, told by the parent what to do and when.
 *
 * Comes in: `{ id, do, … }`. Goes out: `{ id, … }` with times in milliseconds. Engines do not share a process, so
 * that one's garbage and code do not slow the other; the parent takes turns, so that they never run at once.
 */
import { loadEngine } from './engines.js'

const SAMPLE_RATE = 44_100
/** Long enough that a branch predictor does not learn it. */
const NOISE_FRAMES = 16_384
const noise = makeNoise(NOISE_FRAMES)

let compile
let program
let instance
let blockSize

/** A linear congruential generator, so that each engine hears the same. Constants of Numerical Recipes. */
function makeNoise(frames) {
  let state = 1
  return Float64Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state / 2 ** 31
  })
}

const actions = {
  async load({ engine }) {
    compile = await loadEngine(engine)
    return { sinceStart: performance.now() }
  },

  async compile(request) {
    const start = performance.now()
    program = await compile(request)
    const now = performance.now()
    return { time: now - start, sinceStart: now, bytes: program.bytes }
  },

  async open(request) {
    blockSize = request.blockSize
    instance = await program.open({ sampleRate: SAMPLE_RATE, blockSize })
    return { inputs: instance.inputs.length, outputs: instance.outputs.length }
  },

  /** Renders some frames and returns them, for a comparison. */
  async sample({ frames }) {
    const outputs = instance.outputs.map(() => new Float64Array(frames))
    run(frames, first => {
      instance.outputs.forEach((channel, i) => {
        outputs[i].set(channel.subarray(0, Math.min(blockSize, frames - first)), first)
      })
    })
    return { outputs }
  },

  async run({ frames }) {
    const start = performance.now()
    run(frames, () => {})
    return { time: performance.now() - start }
  },
}

/** Buttons change every half second, so that envelopes have something to do. */
function run(frames, afterBlock) {
  let pressed = -1
  for (let first = 0; first < frames; first += blockSize) {
    const press = Math.floor(first / (SAMPLE_RATE / 2)) % 2 === 0 ? 1 : 0
    if (press !== pressed) instance.press((pressed = press))
    const at = first % (NOISE_FRAMES - blockSize)
    for (const input of instance.inputs) input.set(noise.subarray(at, at + blockSize))
    instance.compute(blockSize)
    afterBlock(first)
  }
}

process.on('message', async request => {
  try {
    process.send({ id: request.id, ok: true, ...(await actions[request.do](request)) })
  } catch (error) {
    process.send({ id: request.id, ok: false, message: String(error?.message ?? error) })
  }
})
process.on('disconnect', () => process.exit(0))
