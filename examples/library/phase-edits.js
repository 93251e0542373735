/**
 * A saw that is edited while it runs: every tenth of a second another frequency, the same id, no click.
 *
 *     node examples/library/phase-edits.js
 *
 * The program is compiled anew each time. The phase is state of the node with the id 1, so it goes on where it stood,
 * and the wave never jumps, except where a saw does.
 */
import { build, CodeEngine } from 'dspc'

const { call, opMul, opSub } = build

const SAMPLE_RATE = 48000
const FRAMES = SAMPLE_RATE / 10
const LEVEL = 0.3

export function main(print = console.log) {
  const engine = new CodeEngine()
  const backend = engine.getBackend()
  backend.setSampleRate(SAMPLE_RATE)
  let last = -0.5 * LEVEL
  let before = 0
  for (const frequency of [440, 880, 220, 440]) {
    const saw = opMul(LEVEL, opSub(call('phase', 1, [frequency, 0]), 0.5))
    const upload = engine.upload(saw)
    backend.processUpdates()
    const samples = Float64Array.from({ length: FRAMES }, () => backend.process(0, 0, 0, 0, 0, 0)[2])
    // The sample after an edit is where the frequency before it leads.
    const isSmooth = Math.abs(turns(last, samples[0]) - before / SAMPLE_RATE) < 1e-6
    let periods = 0
    for (let i = 1; i < FRAMES; i++) periods += turns(samples[i - 1], samples[i])
    const kept = upload.report.kept.length > 0 ? 'phase kept' : 'phase new'
    print(`${frequency} Hz: ${periods.toFixed(1)} periods, ${kept}, ${isSmooth ? 'no click' : 'a click'}`)
    engine.queryReturns()
    last = samples.at(-1)
    before = frequency
  }
  engine.free()
}

/** How far the saw has come from one sample to the next, in periods. */
function turns(from, to) {
  const distance = (to - from) / LEVEL
  return distance < -1e-6 ? distance + 1 : distance
}

if (process.argv[1] === import.meta.filename) main()
