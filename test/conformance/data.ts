/**
 * The files of the conformance suite.
 *
 * Comes in: nothing. Goes out: the programs, what the official compiler answered, and the known deviations, read from
 * the JSON files beside this one. `scripts/conformance.js` writes the first two.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ArgumentTable } from './generate.ts'
import type { StoredAnswer } from './outcome.ts'

/** Programs by name; each is what follows `process =`, or definitions that hold `process`. */
export type Programs = Readonly<Record<string, string>>
export type StoredAnswers = Readonly<Record<string, StoredAnswer>>
/** Why a program of the official libraries does not answer as with the official compiler, by name. */
export type Deviations = Readonly<Record<string, Deviation>>

export interface Deviation {
  /** `alone`: only dspc compiles it. */
  readonly verdict: 'different' | 'rejected' | 'alone'
  readonly reason: string
}

export const DATA = {
  arguments: pathOf('arguments.json'),
  programs: pathOf('fixtures/programs.json'),
  expected: pathOf('fixtures/expected.json'),
  deviations: pathOf('deviations.json'),
  report: pathOf('../../docs/CONFORMANCE.md'),
} as const

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

export const readArguments = (): ArgumentTable => read(DATA.arguments) as ArgumentTable
export const readPrograms = (): Programs => read(DATA.programs) as Programs
export const readExpected = (): StoredAnswers => read(DATA.expected) as StoredAnswers
export const readDeviations = (): Deviations => read(DATA.deviations) as Deviations

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
