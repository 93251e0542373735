/** Nodes called from the language: the same numbers as when the library calls them. */
import { describe, expect, it } from 'vitest'
import { call, variable } from '../../src/core/build.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import { compile } from '../../src/index.ts'
import { applyMigration, planMigration } from '../../src/runtime/migrate.ts'
import { compiled, values } from './support.ts'

async function play(source: string, frames: number, sampleRate = 44100): Promise<number[][]> {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics.map(d => `${d.code} ${d.message}`).join('\n'))
  const instance = await result.program.instantiate({ sampleRate, blockSize: frames })
  instance.inputs.forEach(channel => {
    for (let i = 0; i < frames; i++) channel[i] = Math.sin(i * 1.7)
  })
  instance.compute(frames)
  return instance.outputs.map(channel => Array.from(channel.subarray(0, frames)))
}

const codes = async (source: string) => (await compile(source)).diagnostics.map(d => d.code)

describe('node("name", …)', () => {
  it('is the node', async () => {
    const [out] = await play('process = node("phase", 1000, 0);', 100)
    expect(out).toEqual(values(compiled(call('phase', 1, [1000, 0])), 100))
  })

  it('without arguments is a block', async () => {
    const [a] = await play('process = 440, 0 : node("phase");', 100)
    const [b] = await play('process = node("phase", 440, 0);', 100)
    expect(a).toEqual(b)
  })

  it('takes ints as numbers', async () => {
    const [out] = await play('process = node("accum", 1, 0) * 0.5;', 3)
    expect(out).toEqual([0.5, 1, 1.5])
  })

  it('has several outputs', async () => {
    const [quotient, remainder] = await play('process = node("/%", 7.5, -2);', 1)
    expect([quotient![0], remainder![0]]).toEqual([-3.75, 1.5])
  })

  it('keeps outputs of two calls apart', async () => {
    const out = await play('process = node("/%", 7.5, -2), node("/%", 3.4, 2) : !, _, !, _;', 1)
    expect(out.map(o => o[0])).toEqual([1.5, 1.4])
  })

  it('works in loops and beside gates', async () => {
    const [out] = await play('process = 1 : (+ : node("accum", _, 0)) ~ *(0.5);', 4)
    let [sum, last] = [0, 0]
    const expected = Array.from({ length: 4 }, () => (last = sum += 1 + last * 0.5))
    expect(out).toEqual(expected)
    const gated = 'x = node("/%", node("accum", 1, 0), 2) : !, _; process = enable(x, 1);'
    expect(await play(gated, 3)).toEqual([[1, 0, 1]])
  })

  it('can fill tables', async () => {
    const [out] = await play('process = rdtable(8, node("accum", 1, 0), 3);', 1)
    expect(out).toEqual([4])
  })

  it('leaves the name free', async () => {
    const [out] = await play('node(x) = x + 1; process = node(4), environment { node = 2; }.node;', 1)
    expect(out).toEqual([5])
  })

  it.each([
    ['process = node("phaze", 1, 0);', 'DSP0912'],
    ['process = node("phase", 1, 2, 3);', 'DSP0308'],
  ])('%s is refused', async (source, code) => {
    expect(await codes(source)).toEqual([code])
  })
})

describe('a program that is edited while it plays', () => {
  it('keeps the state of its nodes, and finds it by the definitions around them', async () => {
    const programOf = async (source: string) => {
      const result = await compile(source)
      if (!result.ok) throw new Error(result.diagnostics[0]!.message)
      const instance = await result.program.instantiate({ sampleRate: 44100, blockSize: 100 })
      return { instance, layout: result.program.compiled.layout }
    }
    const before = await programOf(
      'tone = node("phase", 1000, 0); process = tone, node("delay", tone, 0.001);',
    )
    const after = await programOf(
      'tone = node("phase", 500, 0); process = tone * 0.5, node("delay", tone, 0.001);',
    )
    before.instance.compute(100)
    const migration = planMigration(before.layout, after.layout)
    applyMigration(migration, before.instance.memory.buffer, after.instance.memory.buffer)
    const reached = before.instance.outputs[0]!.at(-1)!
    after.instance.compute(100)
    const next = reached + 1000 / 44100
    expect(after.instance.outputs[0]![0]).toBeCloseTo((next % 1) * 0.5, 12)
    expect(after.instance.outputs[1]![0]).toBeCloseTo(before.instance.outputs[0]![56]!, 12)
    expect(migration.report.dropped).toEqual([])
  })
})

describe('every node', () => {
  const types = [...standardLibrary()]
  it.each(types.map(t => [t.name, t] as const))('%s sounds alike from both sides', async (name, type) => {
    const inputs = type.inputs.map(input => input.default ?? 0.3)
    const live = type.inputs.findIndex(input => !input.constant)
    const ast = call(
      name,
      1,
      inputs.map((v, i) => (i === live ? variable('in1') : v)),
    )
    const f = compiled({ inputs: ['in1'], ast }, 48000)
    const frames = 64
    const noise = Float64Array.from({ length: frames }, (_, i) => Math.sin(i * 1.7))
    const result = [new Float64Array(frames)]
    f.process([noise], result, frames)
    const args = inputs.map((v, i) => (i === live ? '_' : `(${v})`)).join(', ')
    const [out] = await play(
      `process = node(${[JSON.stringify(name), args].filter(Boolean).join(', ')});`,
      frames,
      48000,
    )
    expect(out).toEqual(Array.from(result[0]!))
  })
})
