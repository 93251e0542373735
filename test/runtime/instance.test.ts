import { describe, expect, test } from 'vitest'
import { RuntimeError } from '../../src/runtime/error.ts'
import { instantiate } from '../../src/runtime/instance.ts'
import { control, counter, gain, makeProgram } from './programs.ts'

const OPTIONS = { sampleRate: 48_000, blockSize: 16 }

describe('compute', () => {
  test.each(['double', 'single'] as const)('runs a block in %s precision', async precision => {
    const instance = await instantiate(gain(precision), OPTIONS)
    const ArrayType = precision === 'double' ? Float64Array : Float32Array
    expect(instance.inputs[0]).toBeInstanceOf(ArrayType)
    expect(instance.outputs[0]).toHaveLength(16)
    instance.inputs[0]!.set([1, -1, 0.25])
    instance.compute(3)
    expect([...instance.outputs[0]!.subarray(0, 4)]).toEqual([0.5, -0.5, 0.125, 0])
  })

  test('does blockSize frames unless told', async () => {
    const instance = await instantiate(counter(), OPTIONS)
    instance.compute()
    expect(instance.outputs[0]![15]).toBe(18)
  })

  test('does nothing for 0 frames', async () => {
    const instance = await instantiate(counter(), OPTIONS)
    instance.compute(0)
    expect(instance.get('/meter')).toBe(0)
  })

  test.each([17, -1, 1.5, Number.NaN])('refuses %d frames', async frames => {
    const instance = await instantiate(counter(), OPTIONS)
    expect(() => instance.compute(frames)).toThrow(RangeError)
    expect(() => instance.compute(frames)).toThrow(/from 0 to 16/)
  })

  test('channels lie behind the program and do not overlap', async () => {
    const frame = `(call $out (i32.const 0) (f64.const 1)) (call $out (i32.const 1) (f64.const 2))`
    const instance = await instantiate(makeProgram({ inputs: 2, outputs: 2, frame }), OPTIONS)
    const views = [...instance.inputs, ...instance.outputs]
    const ranges = views.map(v => [v.byteOffset, v.byteOffset + v.byteLength] as const)
    for (const [start] of ranges) expect(start).toBeGreaterThanOrEqual(320)
    for (const [i, [, end]] of ranges.slice(0, -1).entries())
      expect(end).toBeLessThanOrEqual(ranges[i + 1]![0])
    instance.compute()
    expect(instance.outputs.map(o => o[15])).toEqual([1, 2])
  })

  test('grows memory for large blocks, and views stay valid', async () => {
    const instance = await instantiate(gain(), { sampleRate: 48_000, blockSize: 65_536 })
    const [input, output] = [instance.inputs[0]!, instance.outputs[0]!]
    input.fill(1)
    instance.compute()
    instance.reset()
    instance.compute()
    expect(instance.outputs[0]).toBe(output)
    expect(output[65_535]).toBe(0.5)
  })
})

describe('options', () => {
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses sample rate %d', async sampleRate => {
    await expect(instantiate(counter(), { sampleRate, blockSize: 16 })).rejects.toThrow(/sampleRate/)
  })

  test.each([0, 1.5, 65_537])('refuses block size %d', async blockSize => {
    await expect(instantiate(counter(), { sampleRate: 48_000, blockSize })).rejects.toThrow(/blockSize/)
  })

  test('gives the sample rate to init', async () => {
    const program = makeProgram({
      init: '(f64.store (i32.const 8) (local.get $sampleRate))',
      frame: '(call $out (i32.const 0) (f64.load (i32.const 8)))',
    })
    const instance = await instantiate(program, { sampleRate: 22_050, blockSize: 1 })
    instance.compute()
    expect(instance.outputs[0]![0]).toBe(22_050)
  })
})

describe('controls', () => {
  test('start at their initial value', async () => {
    const instance = await instantiate(gain(), OPTIONS)
    expect(instance.get('/amp/gain')).toBe(0.5)
  })

  test('are moved into their range', async () => {
    const instance = await instantiate(gain(), OPTIONS)
    instance.set('/amp/gain', 7)
    expect(instance.get('/amp/gain')).toBe(2)
    instance.set('/amp/gain', Number.NEGATIVE_INFINITY)
    expect(instance.get('/amp/gain')).toBe(0)
  })

  test('refuse NaN and keep their value', async () => {
    const instance = await instantiate(gain(), OPTIONS)
    expect(() => instance.set('/amp/gain', Number.NaN)).toThrow(/not a number/)
    expect(instance.get('/amp/gain')).toBe(0.5)
  })

  test('bargraphs are read, not written', async () => {
    const instance = await instantiate(counter(), OPTIONS)
    instance.compute()
    expect(instance.get('/meter')).toBe(18)
    expect(() => instance.set('/meter', 1)).toThrow(/bargraph/)
  })

  test.each([
    ['/amp/gian', '/amp/gain'],
    ['gain', '/amp/gain'],
    ['/synth/gain', '/amp/gain'],
    ['/gane', '/amp/gain'],
    ['/volume', '/amp/gain'],
  ])('an unknown address %s names %s', async (address, suggestion) => {
    const instance = await instantiate(gain(), OPTIONS)
    const call = () => instance.get(address)
    expect(call).toThrow(RuntimeError)
    expect(call).toThrow(suggestion)
  })

  test('a program without controls says so', async () => {
    const instance = await instantiate(makeProgram({ frame: '' }), OPTIONS)
    expect(() => instance.set('/x', 1)).toThrow(/no controls/)
  })
})

describe('reset', () => {
  test('brings back state and data, keeps controls, clears bargraphs', async () => {
    const instance = await instantiate(counter(), OPTIONS)
    instance.set('/start', 5)
    instance.compute()
    const first = [...instance.outputs[0]!]
    instance.compute()
    expect(instance.outputs[0]![0]).toBe(19)
    instance.reset()
    expect(instance.get('/start')).toBe(5)
    expect(instance.get('/meter')).toBe(0)
    instance.compute()
    expect([...instance.outputs[0]!]).toEqual(first)
  })

  test('instances do not share state', async () => {
    const [a, b] = [await instantiate(counter(), OPTIONS), await instantiate(counter(), OPTIONS)]
    a.compute()
    b.compute(1)
    expect(b.outputs[0]![0]).toBe(3)
  })

  test('controls that init overwrites still get their value', async () => {
    const program = makeProgram({
      controls: [control({ address: '/a', offset: 64, init: 0.25 })],
      init: '(f64.store (i32.const 64) (f64.const 9))',
      frame: '(call $out (i32.const 0) (f64.load (i32.const 64)))',
    })
    const instance = await instantiate(program, OPTIONS)
    instance.compute(1)
    expect(instance.outputs[0]![0]).toBe(0.25)
  })
})
