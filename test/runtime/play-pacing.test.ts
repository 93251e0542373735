/**
 * How much sound is computed when, by a clock that the test winds.
 */
import { describe, expect, test } from 'vitest'
import { sizesFor } from '../../src/runtime/host/engine.ts'
import { createPacer, DRIFT } from '../../src/runtime/pacing.ts'

const RATE = 48_000
const LATENCY = 4800

function started(drifts = false) {
  const pacer = createPacer({ sampleRate: RATE, latency: LATENCY, drifts })
  expect(pacer.due(1000)).toBe(LATENCY)
  pacer.wrote(LATENCY, 1000)
  return pacer
}

describe('pacing', () => {
  test('at first everything that shall wait is due, then what was played', () => {
    const pacer = started()
    expect(pacer.due(1000)).toBe(0)
    expect(pacer.due(1010)).toBeCloseTo(480, 6)
    pacer.wrote(480, 1010)
    expect(pacer.due(1010)).toBeCloseTo(0, 6)
    expect(pacer.waiting(1010)).toBeCloseTo(LATENCY, 6)
    expect(pacer.underruns).toBe(0)
  })

  test('after an hour with steady writes nothing has run dry, and no more waits than was asked for', () => {
    const pacer = started()
    let now = 1000
    let most = 0
    for (let n = 0; n < 360_000; n++) {
      now += 10
      const due = Math.floor(pacer.due(now) / 128) * 128
      most = Math.max(most, due)
      pacer.wrote(due, now)
    }
    expect(most).toBeLessThanOrEqual(640)
    expect(pacer.underruns).toBe(0)
    expect(pacer.waiting(now)).toBeGreaterThan(LATENCY - 480 - 128)
  })

  test('being late counts once, and the whole queue is filled again, not the time that is lost', () => {
    const pacer = started()
    expect(pacer.due(1000 + 3_600_000)).toBeCloseTo(LATENCY, 6)
    expect(pacer.underruns).toBe(1)
    expect(pacer.due(1000 + 3_600_000)).toBeCloseTo(LATENCY, 6)
    expect(pacer.underruns).toBe(1)
  })

  test('an output that takes nothing is full, not late', () => {
    const pacer = started()
    pacer.blocked(5000)
    expect(pacer.due(5000)).toBeCloseTo(LATENCY, 6)
    expect(pacer.underruns).toBe(0)
  })

  test('the queue of a device grows a little, so that its clock cannot empty it', () => {
    const pacer = started(true)
    let written = LATENCY
    for (let now = 1000; now <= 101_000; now += 50) {
      const due = pacer.due(now)
      pacer.wrote(due, now)
      written += due
    }
    expect(written - LATENCY).toBeCloseTo(100 * RATE * (1 + DRIFT), 3)
    expect(DRIFT).toBeGreaterThan(50e-6)
  })
})

describe('sizes of writes', () => {
  const options = { backend: 'null', sampleRate: RATE, blockSize: 512, latency: 0.12 }

  test('by default whole blocks, 21 ms each', () => {
    expect(sizesFor(options, true)).toEqual({ unit: 512, chunk: 1024, latency: 5632, most: 5632 })
  })

  test('short where little shall wait, bounded where much shall', () => {
    expect(sizesFor({ ...options, latency: 0.01 }, true)).toEqual({
      unit: 128,
      chunk: 128,
      latency: 512,
      most: 512,
    })
    const largest = { unit: 512, chunk: 2048, latency: Number.POSITIVE_INFINITY, most: 2048 }
    expect(sizesFor({ ...options, latency: Number.POSITIVE_INFINITY }, true)).toEqual(largest)
    expect(sizesFor({ ...options, latency: Number.POSITIVE_INFINITY }, false).latency).toBe(24_064)
  })
})
