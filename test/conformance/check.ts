/**
 * Checks the programs of some libraries.
 *
 * Comes in: which libraries. Goes out: one test a program. A program without a deviation answers as the official
 * compiler did; one with a deviation does what its deviation says, so that the list shrinks when a cause is gone.
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
  const outcome = await answerOfOurs(source)
  const deviation = deviations[name]
  if (deviation?.verdict === 'rejected')
    return expect(outcome.ok, 'accepted; delete its deviation').toBe(false)
  const difference = isLive ? await differenceNow(source, outcome) : differenceThen(name, source, outcome)
  if (deviation) expect(difference, 'exact; delete its deviation').toBeDefined()
  else expect(difference, source).toBeUndefined()
}

/** Compares with the recorded answer. Where the official compiler has none, anything without a fault is right. */
function differenceThen(name: string, source: string, outcome: Outcome): string | undefined {
  const answer = expected[name]
  expect(answer?.program, 'not recorded: node scripts/conformance.js record').toBe(identify(source))
  if (!answer?.channels) return undefined
  if (!outcome.ok) return `${outcome.code} ${outcome.message}`
  return differenceFromStored(outcome, answer.inputs!, answer.channels)
}

async function differenceNow(source: string, outcome: Outcome): Promise<string | undefined> {
  const official = await answerOfOfficial(source)
  if (!official.ok) return undefined
  if (!outcome.ok) return `${outcome.code} ${outcome.message}`
  return differenceOfAnswers(outcome, official)
}
