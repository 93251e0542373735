/**
 * The page on conformance.
 *
 * Comes in: programs, what the official compiler answered, known deviations. Goes out: the text of
 * docs/CONFORMANCE.md. It runs nothing: the tests hold that every program without a deviation gives the same samples.
 */
import type { Deviation, Deviations, Programs, StoredAnswers } from './data.ts'
import { FRAMES } from './outcome.ts'

type Verdict = 'exact' | Deviation['verdict'] | 'refused'

interface Row {
  readonly name: string
  readonly library: string
  readonly verdict: Verdict
  readonly reason: string
}

const HEAD = `# Conformance

Every documented function of the official libraries (the copy inside \`@grame/faustwasm\`, a development dependency) is
called by a small program of our own, compiled with both compilers in double precision, and run for ${FRAMES} frames at
44.1 kHz: an impulse on every input, buttons held during the first block of 64. A program is **exact** when every sample
is within 1e-9 · max(1, |x|) of the official one and the controls have the same kinds and addresses, **different** when
they are not, **rejected** when only dspc refuses it, **alone** when only dspc compiles it, **refused** when neither does.

The programs are in \`test/conformance/fixtures/programs.json\`, made from the usage lines of the libraries' comments and the
arguments in \`test/conformance/arguments.json\`. \`npm test\` compares with recorded answers of the official compiler;
\`DSPC_CONFORMANCE=live npx vitest run test/conformance\` compares every sample with the compiler itself.

    node scripts/conformance.js programs    # writes the programs anew
    node scripts/conformance.js record      # asks the official compiler about new programs (--all: about all)
    node scripts/conformance.js report      # writes this page
`

export function renderReport(programs: Programs, expected: StoredAnswers, deviations: Deviations): string {
  const rows = Object.keys(programs).map(name => rowOf(name, expected, deviations))
  return [
    HEAD,
    '## By library\n',
    libraryTable(rows),
    '## Not exact\n',
    reasonTable(rows.filter(row => row.verdict !== 'exact')),
  ].join('\n')
}

function rowOf(name: string, expected: StoredAnswers, deviations: Deviations): Row {
  const library = name.slice(0, name.lastIndexOf('.', name.includes('/') ? name.indexOf('/') : undefined))
  const deviation = deviations[name]
  if (deviation) return { name, library, ...deviation }
  const refusal = expected[name]?.refusal
  if (refusal !== undefined)
    return { name, library, verdict: 'refused', reason: `Official compiler: ${refusal}` }
  return { name, library, verdict: 'exact', reason: '' }
}

const VERDICTS = ['exact', 'different', 'rejected', 'alone', 'refused'] as const

function libraryTable(rows: readonly Row[]): string {
  const libraries = [...new Set(rows.map(row => row.library))].sort()
  const line = (title: string, list: readonly Row[]) => {
    const counts = VERDICTS.map(verdict => list.filter(row => row.verdict === verdict).length)
    return `| ${[title, list.length, ...counts].join(' | ')} |`
  }
  const ofLibrary = (library: string) => rows.filter(row => row.library === library)
  return [
    `| library | programs | ${VERDICTS.join(' | ')} |`,
    `|---|---|${'---|'.repeat(VERDICTS.length)}`,
    ...libraries.map(library => line(`\`${library}\``, ofLibrary(library))),
    line('**all**', rows),
    '',
  ].join('\n')
}

function reasonTable(rows: readonly Row[]): string {
  const reasons = new Map<string, string[]>()
  for (const verdict of VERDICTS) {
    for (const row of rows.filter(r => r.verdict === verdict)) {
      const key = `${verdict} | ${row.reason.replaceAll('|', '\\|')}`
      reasons.set(key, [...(reasons.get(key) ?? []), row.name])
    }
  }
  const names = (list: readonly string[]) => list.map(name => `\`${name}\``).join(', ')
  return [
    '| verdict | reason | programs |',
    '|---|---|---|',
    ...[...reasons].map(([key, list]) => `| ${key} | ${names(list)} |`),
    '',
  ].join('\n')
}
