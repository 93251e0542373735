/**
 * Atoms as controls: one program, compiled once, whose frequency the host changes while it runs; the program writes
 * its level to another atom, which the host reads like a meter.
 *
 *     node examples/library/atoms-as-controls.js
 */
import { build, CodeEngine } from 'dspc'

const { assign, call, opMul, stmts, variable } = build

const SAMPLE_RATE = 48000
const FREQUENCY = 0
const LEVEL = 1

export function main(print = console.log) {
  const engine = new CodeEngine()
  const backend = engine.getBackend()
  backend.setSampleRate(SAMPLE_RATE)
  engine.upload(
    stmts([
      assign('tone', opMul(0.5, call('sine', 1, [call('atomr', 0, [FREQUENCY])]))),
      call('atomw', 0, [LEVEL, call('follow', 2, [variable('tone')])]),
      variable('tone'),
    ]),
  )
  const block = [new Float64Array(128), new Float64Array(128), new Float64Array(128)]
  for (const frequency of [440, 500, 880, 110, 220]) {
    engine.atomSet(FREQUENCY, frequency)
    let rises = 0
    let before = 0
    // 0.3 s, in blocks of 128 frames.
    for (let i = 0; i < 113; i++) {
      backend.processUpdates()
      backend.processBlock([], block, 128)
      for (const sample of block[2]) {
        if (before < 0 && sample >= 0) rises++
        before = sample
      }
    }
    const level = engine.atomGet(LEVEL)
    print(
      `asked for ${frequency} Hz, heard about ${Math.round(rises / 0.3013)} Hz, level ${level.toFixed(1)}`,
    )
  }
  engine.free()
}

if (process.argv[1] === import.meta.filename) main()
