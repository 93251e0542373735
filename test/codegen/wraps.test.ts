/** Phases and counters that are guessed have the bits of those that are computed, wherever they go. */
import { expect, test } from 'vitest'
import { compile } from '../../src/index.ts'

const FRAMES = 64

/** Steps that come in as sound: usual ones, backward, more than once around, none, and what is no number. */
const STEPS = [0.1, 0.02, -0.3, 1.7, -2.5, 0, -0, 1e-30, -1e-30, 1e20, 0.5, 0.25, 1, -1]
const BAD = [Infinity, -Infinity, NaN]

const PROGRAMS: Readonly<Record<string, string>> = {
  phase: 'process = (+ : \\(x).(x - floor(x))) ~ _;',
  'phase that is reset': 'process = (+ : \\(x).(select2(x > 0.9, x - floor(x), 0 - 0.0))) ~ _;',
  'floating remainder': 'process = (+ : fmod(_, 1)) ~ _;',
  'of another period': 'process = (+ : fmod(_, 0.3)) ~ _;',
  'of a negative period': 'process = (+ : fmod(_, -0.3)) ~ _;',
  counter: 'process = int(_ * 3) : + ~ %(7);',
  'counter to a constant': 'process = int(_ * 10) : (+ : %(7)) ~ _;',
  'counter below a constant': 'process = int(_ * 10) : (+ : %(-7)) ~ _;',
  'counter to a number that moves':
    'process = int(_ * 10) : (+ : \\(x).(x % int(hslider("n", 5, -9, 9, 1)))) ~ _;',
}

async function render(source: string, precision: 'single' | 'double', disabledPasses: readonly string[]) {
  const result = await compile(source, { precision, disabledPasses })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const sounds: number[] = []
  for (const steps of [STEPS.slice(0, 2), STEPS, [...STEPS, ...BAD]]) {
    const instance = await result.program.instantiate({ sampleRate: 48000, blockSize: FRAMES })
    for (const n of [5, -3, 0, 1]) {
      if (source.includes('hslider')) instance.set('/process/n', n)
      instance.inputs[0]?.forEach((_, i, channel) => {
        channel[i] = steps[(i * i + i) % steps.length]!
      })
      instance.compute(FRAMES)
      sounds.push(...instance.outputs[0]!)
    }
  }
  return { sounds, wasm: result.program.wasm }
}

test.each(Object.entries(PROGRAMS))('%s', async (_, source) => {
  for (const precision of ['single', 'double'] as const) {
    const guessed = await render(source, precision, [])
    const computed = await render(source, precision, ['wraps'])
    expect(guessed.sounds.map(bits)).toEqual(computed.sounds.map(bits))
    const isGuessed = !/-0\.3|-7/.test(source)
    expect(Buffer.compare(guessed.wasm, computed.wasm) !== 0, 'the code differs').toBe(isGuessed)
  }
})

/** -0 is not 0 here; any NaN is NaN. */
const bits = (x: number) => (Object.is(x, -0) ? '-0' : String(x))
