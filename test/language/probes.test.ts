/**
 * One small program for each point of the language's semantics, against recorded outputs of the official
 * compiler. Recorded with six decimals, magnitudes below 1e-6 as 0.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sampleDifference, summary } from '../support/compare.ts'
import { recordOfficial } from '../support/faust.ts'
import { probeStimulus } from '../support/machine.ts'
import { recordOurs } from '../support/ours.ts'
import { parseRecording } from '../support/recording.ts'

const FOLDER = new URL('probes/', import.meta.url)
const SIX_DECIMALS = { relative: 1e-6 }

const names = readdirSync(FOLDER)
  .filter(file => file.endsWith('.dsp'))
  .map(file => file.slice(0, -'.dsp'.length))
const recorded = names.filter(name => readdirSync(FOLDER).includes(`${name}.ir`))

const source = (name: string) => readFileSync(new URL(`${name}.dsp`, FOLDER), 'utf8')
const numbers = (name: string) => parseRecording(readFileSync(new URL(`${name}.ir`, FOLDER), 'utf8'))

describe('probes', () => {
  it('are complete', () => {
    expect(names).toHaveLength(131)
    expect(recorded).toHaveLength(128)
  })

  it('were recorded as the harness runs the official compiler', async () => {
    // A sound file's module takes its memory and its samples from the host; the harness has neither.
    for (const name of recorded.filter(name => name !== 'soundfile_none')) {
      const run = await recordOfficial(source(name), probeStimulus, { name })
      expect(run.ok, name).toBe(true)
      if (run.ok)
        expect(sampleDifference(run.outputs, numbers(name).outputs, SIX_DECIMALS), name).toBeUndefined()
    }
  })

  it.each(recorded)('%s', async name => {
    const run = await recordOurs(source(name), probeStimulus, { filename: `${name}.dsp` })
    if (!run.ok) throw new Error(summary(run.diagnostics))
    const wanted = numbers(name)
    expect(run.program.inputs).toBe(wanted.inputs)
    expect(sampleDifference(run.outputs, wanted.outputs, SIX_DECIMALS)).toBeUndefined()
  })

  it.each(['err_delay_neg', 'bounds'])('%s is refused', async name => {
    const run = await recordOurs(source(name), probeStimulus)
    expect(run.ok).toBe(false)
    if (!run.ok) expect(run.diagnostics[0]).toMatchObject({ severity: 'error', span: { start: { line: 1 } } })
  })

  it('prefix_delayed_ICE, which crashes the official compiler, gives prefix delayed once more', async () => {
    const run = await recordOurs(source('prefix_delayed_ICE'), probeStimulus)
    expect(run.ok, run.ok ? '' : summary(run.diagnostics)).toBe(true)
    // s = 1, 2, 3 …; prefix(10, s) = 10, 1, 2 …; its delay starts with 0.
    const wanted = Float64Array.from({ length: 64 }, (_, i) => (i === 0 ? 0 : i === 1 ? 10 : i - 1))
    if (run.ok) expect(sampleDifference(run.outputs, [wanted], SIX_DECIMALS)).toBeUndefined()
  })
})
