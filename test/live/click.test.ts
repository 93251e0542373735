/**
 * No click where there should be none: across a swap the largest step from one sample to the next is no more than in
 * the uninterrupted signals, plus what the cross-fade itself moves in one sample.
 */
import { describe, expect, it } from 'vitest'
import { instantiate } from '../../src/runtime/instance.ts'
import { fillFrom } from '../../src/runtime/render.ts'
import { renderSwap } from '../../src/runtime/render-swap.ts'
import { prepareSwap } from '../../src/runtime/swap.ts'
import { compileLive, PRELUDE, RATE } from './swap-run.ts'

const AT = 5000
const FRAMES = 12_000
const LIBRARY = 'import("stdfaust.lib");'

async function start(source: string, blockSize: number) {
  const program = await compileLive(source)
  return { program, instance: await instantiate(program, { sampleRate: RATE, blockSize }) }
}

async function across(old: string, edited: string, input: readonly number[][], blockSize = 256) {
  const running = await start(old, blockSize)
  const program = await compileLive(edited)
  const module = await WebAssembly.compile(program.wasm as BufferSource)
  const successor = prepareSwap(running, program, module)
  const { outputs, blocks } = renderSwap(running, successor, AT, FRAMES, fillFrom(input))
  const sound: number[] = []
  for (const count of blocks) sound.push(...outputs[0]!.subarray(0, count))
  return { sound, fade: successor.fade }
}

async function alone(source: string, input: readonly number[][]): Promise<number[]> {
  const { instance } = await start(source, FRAMES)
  fillFrom(input)(instance.inputs, FRAMES)
  instance.compute(FRAMES)
  return [...instance.outputs[0]!]
}

function largestStep(signal: readonly number[], from = 1): number {
  let largest = 0
  for (let i = Math.max(1, from); i < signal.length; i++)
    largest = Math.max(largest, Math.abs(signal[i]! - signal[i - 1]!))
  return largest
}

const peak = (signal: readonly number[]) => signal.reduce((max, x) => Math.max(max, Math.abs(x)), 0)
const voice = Array.from({ length: FRAMES }, (_, n) => 0.5 * Math.sin(0.03 * n) * Math.sin(0.0007 * n))

describe('steps across a swap', () => {
  it.each([
    ['a number', 'osc(440) : lp(0.9)', 'osc(443) : lp(0.9)'],
    ['a filter more', 'osc(440) : lp(0.9)', 'osc(440) : lp(0.9) : lp(0.95)'],
    ['a filter less', 'osc(440) : lp(0.9) : hp(0.99)', 'osc(440) : hp(0.99)'],
    ['an oscillator more', 'osc(440) * 0.5', '(osc(440) + osc(550)) * 0.5'],
    ['an echo less', 'osc(440) : (+ ~ (@(3000) : *(0.5)))', 'osc(440)'],
    ['an echo more', 'osc(440)', 'osc(440) : (+ ~ (@(3000) : *(0.5)))'],
    ['another sound', 'osc(440)', 'osc(110) * osc(3)'],
    ['a reverb in front of a gain', '_', '_ : re.mono_freeverb(0.8, 0.5, 0.5, 23) : *(0.5)'],
    ['a filter in front of a kept line', 'osc(110) : @(2000)', 'osc(110) : lp(0.5) : @(2000)'],
  ])('%s', async (_, old, edited) => {
    const sources = [old, edited].map(body => `${LIBRARY} ${PRELUDE} process = ${body};`) as [string, string]
    const input = [voice]
    const { sound, fade } = await across(...sources, input)
    const [before, after] = [await alone(sources[0], input), await alone(sources[1], input)]
    // d(gₐa + g_b b) = gₐ·da + g_b·db + a·dgₐ + b·dg_b; equal power moves π/2 times as fast as linear.
    const steps = largestStep(before) + largestStep(after, 100)
    const fading = fade ? ((Math.PI / 2) * 2 * Math.max(peak(before), peak(after))) / fade.frames : 0
    // Later, an echo that is new gives back the moment when it began to listen; that is what it does.
    const swap = sound.slice(0, AT + 1900)
    expect(largestStep(swap)).toBeLessThanOrEqual(Math.max(steps, 1e-9) + fading)
  })

  it('without a reset there is no fade, and the sample after is the next one', async () => {
    const source = (name: string) => `${PRELUDE} ${name} = osc(440) : lp(0.9); process = ${name};`
    const { sound, fade } = await across(source('a'), source('b'), [])
    expect(fade).toBeUndefined()
    expect(sound).toEqual(await alone(source('a'), []))
  })

  it('each side of a fade runs on state of its own: no oscillator runs twice as fast', async () => {
    const [old, edited] = ['process = osc(440), 0;', 'process = osc(440), (1 : lp(0.9));'].map(
      s => PRELUDE + s,
    )
    const { sound, fade } = await across(old!, edited!, [], 64)
    expect(fade?.frames).toBe(960)
    const expected = await alone(old!, [])
    sound.forEach((value, n) => {
      expect(value).toBeCloseTo(expected[n]!, 12)
    })
  })

  it('blocks do not matter', async () => {
    const sources = ['osc(440)', 'osc(440) : lp(0.9)'].map(body => `${PRELUDE} process = ${body};`) as [
      string,
      string,
    ]
    const [small, large] = [await across(...sources, [], 64), await across(...sources, [], 1000)]
    expect(small.sound).toEqual(large.sound)
  })
})
