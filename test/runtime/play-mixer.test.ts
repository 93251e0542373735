/**
 * From programs to frames, without a process: what is let out, how one program leaves and another comes, what a
 * rehearsal finds.
 */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/index.ts'
import { type Deck, keepControls, startDeck, valuesOf } from '../../src/runtime/host/deck.ts'
import { createMemoryPool } from '../../src/runtime/host/memory-pool.ts'
import { createMixer, type MixerOptions } from '../../src/runtime/host/mixer.ts'
import { createRamp } from '../../src/runtime/host/ramp.ts'
import { type Heard, rehearse } from '../../src/runtime/host/rehearsal.ts'
import { createRing } from '../../src/runtime/host/ring.ts'
import { codeBytes, createSnapshots } from '../../src/runtime/host/snapshots.ts'
import { compileModule } from '../../src/runtime/host-module.ts'

const RATE = 48_000
const BLOCK = 64
const memories = createMemoryPool(() => {})

async function deckOf(source: string, audibleOutputs?: number): Promise<Deck> {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const { program } = result
  const options = { sampleRate: RATE, blockSize: BLOCK, audibleOutputs }
  return startDeck(program, compileModule(program.wasm), options, memories)
}

function mixerOf(options: Partial<MixerOptions> = {}) {
  const mutes: string[] = []
  const muted = (reason: string) => void mutes.push(reason)
  const mixer = createMixer({ channels: 1, sampleRate: RATE, blockSize: BLOCK, muted, ...options })
  const render = (frames: number) => {
    const target = new Float32Array(frames * (options.channels ?? 1))
    mixer.render(target, 0, frames)
    return target
  }
  return { mixer, render, mutes }
}

describe('mixing', () => {
  test('a cross-fade goes from one to the other in a straight line, each with its own state', async () => {
    const { mixer, render } = mixerOf()
    mixer.replace(await deckOf('process = 1 : +~_ : *(1/1024);'), undefined)
    render(100)
    mixer.replace(await deckOf('process = 1 : +~_ : *(-1/1024);'), { frames: 99, shape: 'linear' })
    const samples = render(200)
    samples.forEach((sample, n) => {
      const [old, young] = [(n + 101) / 1024, -(n + 1) / 1024]
      const gain = Math.min(1, (n + 1) / 100)
      expect(sample).toBeCloseTo(gain * young + (1 - gain) * old, 6)
    })
    expect(mixer.fading).toBe(false)
    expect(mixer.frame).toBe(300)
  })

  test('what is no number is not heard; what was heard last falls to silence', async () => {
    const { mixer, render, mutes } = mixerOf()
    mixer.replace(await deckOf('process = 0.5 * sqrt(1000 - (+(1)~_)) / sqrt(1000 - (+(1)~_));'), undefined)
    const samples = render(2048)
    expect(mutes).toEqual(['notANumber'])
    expect(samples.every(Number.isFinite)).toBe(true)
    const start = samples.findIndex(x => x !== 0.5)
    const fall = samples.slice(start, start + 96)
    expect(fall.every((x, i) => x <= 0.5 && (i === 0 || x < fall[i - 1]!))).toBe(true)
    expect(samples.slice(start + 96).every(x => x === 0)).toBe(true)
    expect(mixer.current).toBeUndefined()
  })

  test('peaks are of what is heard', async () => {
    const { mixer, render } = mixerOf({ channels: 2 })
    mixer.replace(await deckOf('process = 0.25, -0.5, 0.75;', 2), undefined)
    expect([...render(1)]).toEqual([0.25, -0.5])
    expect(mixer.takePeaks()).toEqual([0.25, 0.5])
    expect(mixer.takePeaks()).toEqual([0, 0])
    expect([...mixer.capture(2, 5)]).toEqual([0.75])
    expect([...mixer.capture(9, 5)]).toEqual([])
  })

  test('nothing is silence', () => {
    const { render } = mixerOf()
    expect(render(100).every(x => x === 0)).toBe(true)
  })
})

describe('a rehearsal', () => {
  const options = { sampleRate: RATE, blockSize: BLOCK, heard: undefined, input: undefined }
  const hear = async (source: string, heard?: Heard) => {
    const refusal = rehearse(await deckOf(source), { ...options, heard })
    return refusal?.code ?? 'fine'
  }

  test.each([
    ['process = 0;', 'fine'],
    ['process = 0.3;', 'fine'],
    ['process = 0.7;', 'directCurrent'],
    ['process = (+(440/48000)~_) : *(6.2831853) : sin;', 'fine'],
    ['process = (+(440/48000)~_) : *(6.2831853) : sin : *(5);', 'levelJump'],
    ['process = 0, ((+(1)~_) : *(-1) : sqrt);', 'notANumber'],
    ['process = 0.01 : (+ ~ *(1.01));', 'levelJump'],
    ['process = 1 : +~_ : 12 % (_ % 500) : *(0);', 'fine'],
  ])('%s: %s', async (source, code) => {
    expect(await hear(source)).toBe(code)
  })

  test('finds a jump only against what was before', async () => {
    const loud = 'process = (+(440/48000)~_) : *(6.2831853) : sin : *(2);'
    expect(await hear(loud, { rms: 0.5, mean: 0 })).toBe('fine')
    expect(await hear(loud, { rms: 0.001, mean: 0 })).toBe('levelJump')
    expect(await hear('process = 0.9;', { rms: 0.9, mean: 0.9 })).toBe('fine')
  })

  test('hears what comes through the inputs', async () => {
    const input = [Float32Array.from({ length: 100 }, (_, i) => Math.sin(i))]
    const refuse = rehearse(await deckOf('process = _ * 9, !;'), { ...options, input })
    expect(refuse?.code).toBe('levelJump')
  })
})

describe('controls after a swap', () => {
  test('keep what they were moved to, inside their range; others take the new start', async () => {
    const old = await deckOf(
      'process = hgroup("g", hslider("a", 1, 0, 10, 1) + hslider("b", 1, 0, 10, 1) + checkbox("c"));',
    )
    old.instance.set('/g/a', 8)
    old.instance.set('/g/c', 1)
    const next = await deckOf(
      'process = hgroup("g", vslider("a", 2, 0, 4, 1) + nentry("b", 3, 0, 10, 1) + checkbox("c") + hslider("d", 5, 0, 9, 1));',
    )
    keepControls(next, old.program.controls, valuesOf(old))
    expect(valuesOf(next)).toEqual({ '/g/a': 4, '/g/b': 3, '/g/c': 1, '/g/d': 5 })
  })

  test('keep their values when the group around all of them, or the program, is called otherwise', async () => {
    const body = 'hslider("a", 1, 0, 9, 1) + hgroup("inner", hslider("b", 1, 0, 9, 1))'
    const old = await deckOf(`process = vgroup("synth", ${body});`)
    old.instance.set('/synth/a', 4)
    old.instance.set('/synth/inner/b', 5)
    const grouped = await deckOf(`process = vgroup("bass", ${body});`)
    keepControls(grouped, old.program.controls, valuesOf(old))
    expect(valuesOf(grouped)).toEqual({ '/bass/a': 4, '/bass/inner/b': 5 })
    const named = await deckOf(`declare name "Lead"; process = ${body};`)
    keepControls(named, grouped.program.controls, valuesOf(grouped))
    expect(valuesOf(named)).toEqual({ '/Lead/a': 4, '/Lead/inner/b': 5 })
  })
})

describe('small parts', () => {
  test('a ring gives the last frames, oldest first', () => {
    const ring = createRing(10)
    ring.push(Float64Array.from([1, 2, 3]), 3)
    expect([...ring.last(10)]).toEqual([1, 2, 3])
    ring.push(Float64Array.from([4, 5, 6, 7, 8, 9, 10, 11, 12]), 9)
    expect([...ring.last(4)]).toEqual([9, 10, 11, 12])
    expect([ring.last(-1).length, ring.last(Number.NaN).length, ring.last(2.5).length]).toEqual([0, 0, 2])
    expect([...ring.last(99)]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('a ramp moves without a corner and stays where it ends', () => {
    const ramp = createRamp(1)
    ramp.moveTo(0, 100)
    const values = Array.from({ length: 100 }, (_, i) => ramp.at(i))
    expect(values[0]).toBe(1)
    expect(values[50]).toBeCloseTo(0.5, 12)
    expect(Math.max(...values.slice(1).map((x, i) => values[i]! - x))).toBeLessThan(0.016)
    ramp.advance(50)
    ramp.moveTo(1, 10)
    expect(ramp.at(0)).toBeCloseTo(0.5, 12)
    ramp.advance(64)
    expect([ramp.moving, ramp.at(0)]).toEqual([false, 1])
  })

  test('snapshots go when they need too much memory together, the oldest first', async () => {
    const deck = await deckOf('process = _ @ 1000;')
    const bytes = deck.instance.memory.buffer.byteLength + codeBytes(deck.program)
    const snapshots = createSnapshots(memories, 2 * bytes)
    const ids = [1, 2, 3].map(() => snapshots.take(deck, true))
    expect(ids.map(id => snapshots.get(id) !== undefined)).toEqual([false, true, true])
    expect(createSnapshots(memories, 1).take(deck, true)).toBe(1)
  })

  test('a snapshot is copied into the memory of one that goes', async () => {
    const deck = await deckOf('process = _ @ 1000;')
    const bytes = deck.instance.memory.buffer.byteLength + codeBytes(deck.program)
    const own = createMemoryPool(() => {})
    const snapshots = createSnapshots(own, bytes)
    const memoryOf = (id: number | undefined) => snapshots.get(id)!.memory
    const first = memoryOf(snapshots.take(deck, true))
    expect(memoryOf(snapshots.take(deck, true))).toBe(first)
  })
})
