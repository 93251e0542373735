/** When to fade, and how: sums of gains, positions across blocks, channels that one side lacks. */
import { describe, expect, it } from 'vitest'
import { mixCrossfade, planCrossfade } from '../../src/runtime/crossfade.ts'
import type { MigrationEntry, MigrationReport } from '../../src/runtime/migration-types.ts'

const entry: MigrationEntry = { name: 'process/x', kind: 'memory' }
const control: MigrationEntry = { name: '/x/gain', kind: 'control' }
const report = (parts: Partial<MigrationReport>): MigrationReport => ({
  kept: [],
  moved: [],
  resized: [],
  fresh: [],
  dropped: [],
  ...parts,
})

describe('planning', () => {
  it.each([
    ['nothing to keep', {}, undefined],
    ['all kept', { kept: [entry], moved: [entry], resized: [entry] }, undefined],
    ['a new control', { kept: [entry], fresh: [control], dropped: [control] }, undefined],
    ['something new', { kept: [entry], fresh: [entry] }, 'linear'],
    ['something gone', { moved: [entry], dropped: [entry] }, 'linear'],
    ['nothing in common', { fresh: [entry], dropped: [entry] }, 'equalPower'],
  ])('%s', (_, parts, shape) => {
    expect(planCrossfade(report(parts), 48_000)?.shape).toBe(shape)
  })

  it('20 ms unless told', () => {
    const some = report({ fresh: [entry] })
    expect(planCrossfade(some, 48_000)?.frames).toBe(960)
    expect(planCrossfade(some, 48_000, 0.1)?.frames).toBe(4800)
    expect(planCrossfade(some, 48_000, 0)).toBeUndefined()
  })
})

describe('mixing', () => {
  /** In blocks of `block` frames, over `length` frames. */
  function mix(
    shape: 'linear' | 'equalPower',
    frames: number,
    block: number,
    old: number,
    now: number,
  ): number[] {
    const mixed: number[] = []
    for (let position = 0; position < frames; position += block) {
      const target = new Float64Array(block).fill(now)
      mixCrossfade({ frames, shape }, position, new Float64Array(block).fill(old), target, block)
      mixed.push(...target)
    }
    return mixed
  }

  it('linear: alike signals keep their level, and the steps are equal', () => {
    for (const value of mix('linear', 10, 4, 0.5, 0.5)) expect(value).toBeCloseTo(0.5, 15)
    const ramp = mix('linear', 9, 4, 0, 1)
    ramp.forEach((value, i) => {
      expect(value).toBeCloseTo(Math.min(1, (i + 1) / 10), 15)
    })
  })

  it('equal power: squares of the gains add up to 1', () => {
    const [fading, coming] = [mix('equalPower', 100, 16, 1, 0), mix('equalPower', 100, 16, 0, 1)]
    fading.forEach((old, i) => {
      expect(old ** 2 + coming[i]! ** 2).toBeCloseTo(1, 12)
    })
  })

  it('does not depend on the blocks', () => {
    expect(mix('equalPower', 60, 60, 0.3, -0.7)).toEqual(mix('equalPower', 60, 12, 0.3, -0.7))
  })

  it('a channel that was not there fades in', () => {
    const target = new Float64Array(4).fill(1)
    mixCrossfade({ frames: 4, shape: 'linear' }, 0, undefined, target, 4)
    expect([...target]).toEqual([0.2, 0.4, 0.6, 0.8])
  })

  it('leaves what comes after the fade alone', () => {
    const target = new Float64Array(8).fill(1)
    mixCrossfade({ frames: 4, shape: 'linear' }, 2, new Float64Array(8), target, 8)
    expect([...target.subarray(2)]).toEqual([1, 1, 1, 1, 1, 1])
    mixCrossfade({ frames: 4, shape: 'linear' }, 8, new Float64Array(8), target, 8)
    expect(target[7]).toBe(1)
  })
})
