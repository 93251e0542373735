/**
 * Checks the programs of some libraries.
 *
 * Comes in: which libraries. Goes out: one test a program. A program without a deviation answers as the official
 * compiler did, or is refused as there; one with a deviation does what its deviation says, so that the list shrinks
 * when a cause is gone.
 * With `DSPC_CONFORMANCE=live` the official compiler is asked again and every sample is compared.
 */
import { describe, expect, it } from 'vitest'
import { readDeviations, readExpected, readPrograms } from './data.ts'
import { sourceOf } from './generate.ts'
import {
  answerOfOfficial,
  answerOfOurs,
  differenceFromStored,
  differenceOfAnswers,
  identify,
  type Outcome,
  type StoredAnswer,
} from './outcome.ts'

const isLive = process.env.DSPC_CONFORMANCE === 'live'
const LIMIT_MS = isLive ? 120_000 : 30_000

export function checkLibraries(choose: (library: string) => boolean): void {
  const names = Object.keys(readPrograms())
  const libraries = [...new Set(names.map(libraryOf))].filter(choose)
  for (const library of libraries) {
    describe(library, () => {
      for (const name of names.filter(n => libraryOf(n) === library)) it(name, () => check(name), LIMIT_MS)
    })
  }
}

/** `fi` of `fi.lowpass`, `tubes` of `tubes.lib.sign`. */
function libraryOf(name: string): string {
  return name.slice(0, name.indexOf('.'))
}

const programs = readPrograms()
const expected = readExpected()
const deviations = readDeviations()

async function check(name: string): Promise<void> {
  const source = sourceOf(programs[name]!)
  const official = isLive ? await answerOfOfficial(source) : storedAnswer(name, source)
  const ours = await answerOfOurs(source)
  const verdict = deviations[name]?.verdict
  const refusal = 'ok' in official ? !official.ok : official.refusal !== undefined
  if (verdict === 'rejected') expect(ours.ok, 'accepted; delete its deviation').toBe(false)
  else if (refusal) expect(ours.ok, 'alone is what only dspc compiles').toBe(verdict === 'alone')
  else {
    const difference = differenceBetween(ours, official)
    if (verdict) expect(difference, 'exact; delete its deviation').toBeDefined()
    else expect(difference, source).toBeUndefined()
  }
}

function storedAnswer(name: string, source: string): StoredAnswer {
  const answer = expected[name]
  expect(answer?.program, 'not recorded: node scripts/conformance.js record').toBe(identify(source))
  return answer!
}

function differenceBetween(ours: Outcome, official: Outcome | StoredAnswer): string | undefined {
  if (!ours.ok) return `${ours.code} ${ours.message}`
  if (!('ok' in official)) return differenceFromStored(ours, official)
  return official.ok ? differenceOfAnswers(ours, official) : undefined
}
