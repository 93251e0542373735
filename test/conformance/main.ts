/**
 * Writes the files of the conformance suite; `scripts/conformance.js` runs it.
 *
 * Comes in: what to write. Goes out: files. Answers of the official compiler are saved as they come, because it may
 * be stopped at any time and starts again where it was.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { DATA, readArguments, readDeviations, readExpected, readPrograms } from './data.ts'
import { generatePrograms, sourceOf } from './generate.ts'
import { answerOfOfficial, identify, type StoredAnswer, store } from './outcome.ts'
import { renderReport } from './report.ts'

const SAVE_EVERY = 20

export async function main([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'programs':
      return writePrograms()
    case 'record':
      return recordAnswers(rest.includes('--all'))
    case 'report':
      writeFileSync(DATA.report, renderReport(readPrograms(), readExpected(), readDeviations()))
      return 0
    default:
      console.error('usage: node scripts/conformance.js programs | record [--all] | report')
      return 2
  }
}

function writePrograms(): number {
  const { programs, unknown } = generatePrograms(readArguments())
  writeLines(DATA.programs, programs)
  for (const argument of unknown) console.error(`no value for ${argument}`)
  return unknown.length > 0 ? 1 : 0
}

async function recordAnswers(all: boolean): Promise<number> {
  const known = existsSync(DATA.expected) && !all ? readExpected() : {}
  const answers: Record<string, StoredAnswer> = {}
  const pending: [string, string][] = []
  for (const [name, program] of Object.entries(readPrograms())) {
    const source = sourceOf(program)
    const answer = known[name]
    if (answer?.program === identify(source) && isComplete(answer)) answers[name] = answer
    else pending.push([name, source])
  }
  for (const [i, [name, source]] of pending.entries()) {
    answers[name] = store(source, await answerOfOfficial(source))
    if (i % SAVE_EVERY === 0) writeAnswers(answers)
    console.log(`${i + 1} of ${pending.length}: ${name} ${answers[name].refusal ?? ''}`)
  }
  writeAnswers(answers)
  return 0
}

/** Answers that were recorded before descriptions were have none. */
function isComplete(answer: StoredAnswer): boolean {
  return answer.refusal !== undefined || answer.description !== undefined
}

function writeAnswers(answers: Readonly<Record<string, StoredAnswer>>): void {
  writeLines(DATA.expected, Object.fromEntries(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** JSON with one entry a line, so that changes of it can be read. */
function writeLines(path: string, entries: Readonly<Record<string, unknown>>): void {
  const lines = Object.entries(entries).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`)
}
