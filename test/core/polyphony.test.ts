/**
 * N voices in one program against N instances of the program with one voice, whose outputs are added in order.
 */
import { describe, expect, it } from 'vitest'
import { lowerSource } from '../../src/compile.ts'
import type { Precision } from '../../src/core/program.ts'
import { verifyCore } from '../../src/core/verify.ts'
import { attempt } from '../../src/diagnostics.ts'
import { compile } from '../../src/index.ts'

const SYNTH = `
import("stdfaust.lib");
freq = hslider("freq", 200, 20, 5000, 1);
gain = hslider("gain", 0.5, 0, 1, 0.01);
gate = button("gate");
cutoff = hslider("cutoff", 900, 20, 9000, 1) : si.smoo;
meter = hbargraph("level", 0, 1);
lfo = os.osc(3);
echo(x) = x + 0.5*x@(int(200 + 100*lfo));
process = os.sawtooth(freq)*(1 + 0.2*lfo) + 0.1*no.noise : fi.lowpass(2, cutoff)
  : *(en.adsr(0.01, 0.05, 0.6, 0.1, gate)*gain) <: attach(_, abs : meter), echo;
`
const SAMPLE_RATE = 44100
const BLOCK = 64
const BLOCKS = 40

/** What a host does to a control before a block. */
type Event = readonly [block: number, voice: number, control: string, value: number]
const EVENTS: readonly Event[] = [
  ...([0, 1, 2, 3] as const).map(v => [0, v, 'freq', 110 * (v + 1)] as const),
  ...([0, 2, 3] as const).map(v => [v, v, 'gate', 1] as const),
  [5, 0, 'gain', 0.9],
  [7, 2, 'freq', 523],
  [20, 0, 'gate', 0],
  [22, 1, 'gate', 1],
]
const SHARED: readonly (readonly [block: number, value: number])[] = [
  [0, 1500],
  [13, 400],
]

async function program(source: string, precision: Precision, voices?: number) {
  const result = await compile(source, { precision, ...(voices && { voices }) })
  if (!result.ok) throw new Error(result.diagnostics[0]?.message)
  return result.program
}

const options = { sampleRate: SAMPLE_RATE, blockSize: BLOCK }

/** Samples of output 0, then of output 1, block by block. */
async function together(precision: Precision, voices: number): Promise<number[]> {
  const compiled = await program(SYNTH, precision, voices)
  const instance = await compiled.instantiate(options)
  const address = (v: number, name: string) => `/process/voice${v + 1}/${name}`
  const samples: number[] = []
  for (let block = 0; block < BLOCKS; block++) {
    for (const [at, v, name, value] of EVENTS) {
      if (at === block && v < voices) instance.set(address(v, name), value)
    }
    for (const [at, value] of SHARED) if (at === block) instance.set('/process/cutoff', value)
    instance.compute()
    samples.push(...instance.outputs.flatMap(channel => [...channel]))
  }
  return samples
}

async function apart(precision: Precision, voices: number): Promise<number[]> {
  const compiled = await program(SYNTH, precision)
  const round = precision === 'double' ? (x: number) => x : Math.fround
  const instances = await Promise.all(Array.from({ length: voices }, () => compiled.instantiate(options)))
  const samples: number[] = []
  for (let block = 0; block < BLOCKS; block++) {
    for (const [at, v, name, value] of EVENTS) if (at === block) instances[v]?.set(`/process/${name}`, value)
    for (const [at, value] of SHARED) {
      if (at === block) for (const instance of instances) instance.set('/process/cutoff', value)
    }
    for (const instance of instances) instance.compute()
    for (const channel of [0, 1]) {
      for (let frame = 0; frame < BLOCK; frame++) {
        samples.push(instances.map(i => i.outputs[channel]![frame]!).reduce((a, b) => round(a + b)))
      }
    }
  }
  return samples
}

describe('voices', () => {
  it.each([
    ['double', 1],
    ['double', 4],
    ['single', 3],
    ['single', 4],
  ] as const)('in %s, %i of them: the sum of as many instances, bit for bit', async (precision, voices) => {
    const expected = await apart(precision, voices)
    expect(expected.some(x => Math.abs(x) > 0.1)).toBe(true)
    expect(await together(precision, voices)).toEqual(expected)
  })

  it('share what does not depend on one of them, state too', () => {
    const { value } = attempt(log => lowerSource(SYNTH, { voices: 8, load: () => undefined }, log))
    // Without the library nothing compiles: names are unknown.
    expect(value).toBeUndefined()
    const plain = `freq = hslider("freq", 1, 0, 9, 1); lfo = +(0.1) ~ _; process = lfo*freq + (+(freq) ~ _);`
    const lowered = attempt(log => lowerSource(plain, { voices: 8 }, log)).value!
    expect(verifyCore(lowered.core)).toEqual([])
    expect(lowered.core.kept).toHaveLength(1 + 8)
    expect(lowered.core.controls.map(c => c.id)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map(v => `/process/voice${v}/freq`),
    )
  })

  it('without controls of their own are as loud as so many', async () => {
    const compiled = await program('process = _*0.5;', 'double', 3)
    const instance = await compiled.instantiate(options)
    instance.inputs[0]!.fill(0.25)
    instance.compute()
    expect(instance.outputs[0]![5]).toBe(0.375)
  })

  it('warn when all sound the same', async () => {
    const result = await compile('process = 1;', { voices: 2 })
    expect(result.diagnostics.map(d => d.code)).toEqual(['DSP0829'])
  })

  it('stand in groups of their own below the root', async () => {
    const compiled = await program(SYNTH, 'double', 2)
    const [root] = compiled.json().ui
    const labels = (root as unknown as { items: { label: string }[] }).items.map(item => item.label)
    expect(labels).toEqual(['cutoff', 'voice1', 'voice2'])
  })
})
