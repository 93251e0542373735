/** Language code as a node: the same samples as the program by itself. */
import { describe, expect, it } from 'vitest'
import { call, opMul, variable } from '../../src/core/build.ts'
import { compile } from '../../src/index.ts'
import { DSPNodeContext, getStandardLibrary, JIT } from '../../src/library/index.ts'
import { nodeFromSourceSync } from '../../src/library/source-node.ts'
import { nodeLoader } from '../../src/node-loader.ts'

const files = await nodeLoader(undefined, [])
const FRAMES = 300
const noise = Float64Array.from({ length: FRAMES }, (_, i) => Math.sin(i * i * 1.7))

async function alone(source: string): Promise<number[]> {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const instance = await result.program.instantiate({ sampleRate: 44100, blockSize: FRAMES })
  instance.inputs.forEach(channel => void channel.set(noise))
  instance.compute(FRAMES)
  return Array.from(instance.outputs[0]!.subarray(0, FRAMES))
}

function asNode(source: string) {
  const result = nodeFromSourceSync(source, { ...files, name: 'mine' })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.node
}

function play(source: string, frames = FRAMES): number[] {
  const node = asNode(source)
  const inputs = node.inputs.filter(input => input.default === undefined)
  const ast = call(
    'mine',
    1,
    inputs.map(() => variable('in')),
  )
  const f = new JIT(getStandardLibrary().add(node), new DSPNodeContext()).compile({ inputs: ['in'], ast })
  f.init(44100)
  const out = [new Float64Array(frames)]
  f.process([noise], out, frames)
  return Array.from(out[0]!)
}

describe('nodeFromSource', () => {
  it.each([
    ['arithmetic', 'process = *(0.5) + 1;'],
    ['recursion', 'process = + ~ *(0.9);'],
    ['short delays', "process = _ <: _, _' : -;"],
    ['a delay line', 'process = @(100);'],
    ['a delay of changing length', 'process(x) = x @ (int(abs(x) * 50) + 20);'],
    ['a delay line in a loop', 'process = + ~ (@(33) : *(0.5));'],
    ['a computed table', 'process = rdtable(64, (+(1) ~ _) : float : sin, (+(1) ~ _) & 63);'],
    ['a written table', 'process(x) = rwtable(32, 0.0, (+(1) ~ _) & 31, x, (+(3) ~ _) & 31);'],
    ['a waveform', 'process = waveform{1, 2.5, -3} : !, _;'],
    ['the sample rate', 'import("stdfaust.lib"); process = os.osc(440) * no.noise;'],
    ['prefix', 'process = prefix(7, _);'],
    ['integers', 'process = (+(12345) ~ *(1103515245)) / 2147483647.0;'],
    ['nodes of the library', 'process = node("phase", 1000, 0) + node("delay", _, 0.001);'],
  ])('%s', async (_, source) => {
    expect(play(source)).toEqual(await alone(source))
  })

  it('takes controls as inputs with defaults', () => {
    const node = asNode(
      'process = hslider("gain [unit:dB]", 0.5, 0, 2, 0.1) * _ + hgroup("b", nentry("gain", 1, 0, 9, 1));',
    )
    expect(node.inputs.map(({ name, default: start, unit }) => [name, start, unit])).toEqual([
      ['in1', undefined, ''],
      ['gain', 0.5, 'dB'],
      ['gain2', 1, ''],
    ])
    const f = new JIT(getStandardLibrary().add(node), new DSPNodeContext()).compile(
      call('mine', 1, [10, 0.25]),
    )
    f.init(44100)
    expect(f.exec2in2out(0, 0)[2]).toBe(3.5)
  })

  it('has several outputs, and can stand in other expressions', () => {
    const node = asNode('process = _ <: *(2), *(3);')
    const ast = opMul(call('mine', 1, [5]), variable('%1'))
    const f = new JIT(getStandardLibrary().add(node), new DSPNodeContext()).compile(ast)
    expect(f.exec2in2out(0, 0)[2]).toBe(150)
  })

  it('keeps its state when its code is edited', () => {
    const library = getStandardLibrary().add(asNode('count = +(1) ~ _; process = count;'))
    const jit = new JIT(library, new DSPNodeContext())
    const before = jit.compile(call('mine', 1, []))
    before.init(44100)
    for (let i = 0; i < 10; i++) before.exec2in2out(0, 0)
    library.replace(asNode('count = +(1) ~ _; process = count * 100;'))
    const after = jit.compile(call('mine', 1, []))
    after.init(44100, before)
    expect(after.exec2in2out(0, 0)[2]).toBe(1100)
  })

  it.each([
    ['process = ;', 'DSP02'],
    ['process = par(i, 7, _);', 'DSP0918'],
    ['process = fvariable(int count, <math.h>);', 'DSP0918'],
    ['process = nobody;', 'DSP03'],
  ])('%s is refused', (source, code) => {
    const result = nodeFromSourceSync(source)
    expect(result.ok).toBe(false)
    expect(result.diagnostics[0]!.code.startsWith(code)).toBe(true)
  })
})
