/**
 * Damaged programs: no crash, no endless run, no fault inside, and a place for every refusal; what is accepted runs.
 *
 * `DSPC_FUZZ_SOURCES=10000` tries that many, and `DSPC_SEED` another series than the usual one; then each answer
 * must also come within two seconds of processor time and one gigabyte. What was found stays in `found/`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { describe, expect, it } from 'vitest'
import { mutate } from './mutate.ts'
import { makeRandom } from './random.ts'
import { type Judgement, judgeSource } from './source-child.ts'
import { sourceSeeds } from './source-seeds.ts'

const COUNT = Number(env.DSPC_FUZZ_SOURCES ?? 600)
const SEED = Number(env.DSPC_SEED ?? 7)
const MEASURED = env.DSPC_FUZZ_SOURCES !== undefined
/** Where to write what is found, for a closer look. */
const REPORT = env.DSPC_FUZZ_REPORT
const LONGEST_SECONDS = 2
const MOST_MEGABYTES = 1024

const FOUND = join(import.meta.dirname, 'found')

function complaint({ fault, seconds, megabytes }: Judgement): string | undefined {
  if (fault || !MEASURED) return fault
  if (seconds > LONGEST_SECONDS) return `took ${seconds.toFixed(1)} s`
  if (megabytes > MOST_MEGABYTES) return `took ${megabytes.toFixed(0)} MB`
  return undefined
}

describe('what fuzzing once found', () => {
  it.each(readdirSync(FOUND))('%s', async name => {
    const { fault } = await judgeSource(readFileSync(join(FOUND, name), 'utf8'))
    expect(fault).toBeUndefined()
  })
})

describe('damaged programs', () => {
  it(
    `${COUNT} of them`,
    async () => {
      const seeds = sourceSeeds()
      const found: string[] = []
      let accepted = 0
      for (let i = 0; i < COUNT; i++) {
        const random = makeRandom(SEED * 1_000_003 + i)
        const source = mutate(random.pick(seeds), seeds, random)
        const judgement = await judgeSource(source)
        if (judgement.accepted) accepted++
        const wrong = complaint(judgement)
        if (!wrong) continue
        found.push(`${i}: ${wrong}\n${source.slice(0, 2000)}`)
        if (REPORT)
          writeFileSync(
            join(REPORT, `${SEED}-${i}.dsp`),
            `${source}\n// ${wrong.replaceAll('\n', '\n// ')}\n`,
          )
      }
      expect(found).toEqual([])
      // Both kinds must be among them, or little is tried.
      expect(accepted).toBeGreaterThan(COUNT / 20)
      expect(accepted).toBeLessThan(COUNT / 1.5)
    },
    120_000 + COUNT * 4000,
  )
})
