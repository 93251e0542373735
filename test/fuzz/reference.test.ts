/**
 * Random programs against the reference interpreter: the graph as propagated, the graph after simplification, and
 * the compiled program all say the same. Where the test against the official compiler says that something is
 * wrong, this one says in which half of the compiler.
 */
import { env } from 'node:process'
import { describe, it } from 'vitest'
import { compileSource, lowerSource } from '../../src/compile.ts'
import { attempt } from '../../src/diagnostics.ts'
import { interpret } from '../reference/interpret.ts'
import { sampleDifference } from '../support/compare.ts'
import { record } from '../support/machine.ts'
import { openOurs } from '../support/ours.ts'
import fc from '../support/property.ts'
import { programs } from './generate.ts'
import { fuzzStimulus } from './stimulus.ts'

const RUNS = Number(env.DSPC_FUZZ ?? 40)
const SEED = Number(env.DSPC_SEED ?? 20_241)
const SAMPLE_RATE = 44_100
const TOLERANCE = { relative: 1e-9, limit: 1e6 }
const stimulus = { ...fuzzStimulus, blocks: [16, 1, 7, 24, 16] }

async function judge(source: string): Promise<string | undefined> {
  const { value: lowered } = attempt(log => lowerSource(source, {}, log))
  if (!lowered) return undefined
  const surroundings = { stimulus, sampleRate: SAMPLE_RATE, addresses: lowered.ui.ids }
  const meant = interpret(lowered.signals, surroundings)
  const simplified = sampleDifference(interpret(lowered.lean, surroundings), meant, TOLERANCE)
  if (simplified) return `after simplification: ${simplified}`
  const compiled = await compileSource(source)
  if (!compiled.ok) return `lowered, and then refused: ${compiled.diagnostics[0]?.message}`
  const recorded = record(await openOurs(compiled.program, SAMPLE_RATE), stimulus)
  const difference = sampleDifference(recorded.outputs, meant, TOLERANCE)
  return difference && `compiled: ${difference}`
}

describe('random programs and their meaning', () => {
  it(
    `${RUNS} of them keep it`,
    async () => {
      const property = fc.asyncProperty(programs, async source => {
        const difference = await judge(source)
        if (difference) throw new Error(`${difference}\n${source}`)
      })
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
    },
    300_000 + RUNS * 1000,
  )
})
