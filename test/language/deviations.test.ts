/**
 * Where we differ from the official compiler on purpose, because its answer is a defect: what it does, and the
 * number that the language's description asks for. When the official compiler changes, this test says so.
 */
import { describe, expect, it } from 'vitest'
import { sampleDifference, summary } from '../support/compare.ts'
import { fixedStimulus, runFaust } from '../support/faust.ts'
import { recordOurs } from '../support/ours.ts'

const FRAMES = { frames: 8 }
const COUNTER = 'c = (+(1) ~ _) - 1;'

interface Deviation {
  readonly source: string
  /** What it should give: one output, by frame. */
  readonly right: (frame: number) => number
}

const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  'a literal is rounded as a signal is, halves away from zero; it rounds them to even': {
    source: 'process = round(2.5);',
    right: () => 3,
  },
  'the sample rate inside the content of a table; it reads memory that is not set': {
    source: 'sr = fconstant(int fSamplingFreq, <math.h>); process = rdtable(4, sr + (+(1) ~ _), 2);',
    right: () => 44_103,
  },
  'a table filled from a table; it fails with an internal error': {
    source: `${COUNTER} process = rdtable(8, rdtable(8, c * 3, (c * 2) & 7), c & 7);`,
    right: frame => ((frame * 2) & 7) * 3,
  },
  'a delayed prefix; it fails with an internal error': {
    source: `${COUNTER} process = prefix(10, c)';`,
    right: frame => [0, 10][frame] ?? frame - 2,
  },
  'two loops that differ in an int and its complement; it takes them for one': {
    source: 'process = _ <: ((_ > -2) : + ~ _), ((_ > 1) : + ~ _) : -;',
    right: frame => frame + 1,
  },
  'a literal condition between 0 and 1 in an argument; it takes it for true there, and for false elsewhere': {
    source: 'f(x) = x; process = f(select2(0.5, button("b") + 1, 0));',
    right: () => 1,
  },
}

describe('better than the official compiler', () => {
  it.each(Object.keys(DEVIATIONS))('%s', async name => {
    const { source, right } = DEVIATIONS[name]!
    const wanted = [Float64Array.from({ length: FRAMES.frames }, (_, frame) => right(frame))]
    const official = await runFaust(source, FRAMES)
    const isOfficialRight =
      official.ok && sampleDifference(official.outputs, wanted, { relative: 1e-9 }) === undefined
    expect(isOfficialRight).toBe(false)
    const ours = await recordOurs(source, fixedStimulus(FRAMES))
    expect(ours.ok, ours.ok ? '' : summary(ours.diagnostics)).toBe(true)
    if (ours.ok) expect(sampleDifference(ours.outputs, wanted, { relative: 1e-9 })).toBeUndefined()
  })
})
