/** Both engines take the same tokens for sound, and make the same of them, in whatever order the first one learns. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DiagnosticLog } from '../../src/diagnostics.ts'
import { lex, type Token } from '../../src/lexer/lex.ts'
import { SYMBOLS, WORDS } from '../../src/lexer/tokens.ts'
import type { RuleRole } from '../../src/parser/constructs.ts'
import { directGrammar, runDirectly, runExactly } from '../../src/parser/engines.ts'
import type { Grammar } from '../../src/parser/grammar.ts'
import { nest } from '../../src/parser/nest.ts'
import { SourceFile } from '../../src/source.ts'
import fc from '../support/property.ts'

type RuleName = RuleRole | 'statement' | 'definition' | 'recurrence' | 'caseRule' | 'expression'

const ruleOf = (name: RuleName) => (grammar: Grammar) => (grammar[name] as () => unknown)()

/** Whether the tokens are sound. */
function compare(name: RuleName, file: SourceFile, tokens: readonly Token[]): boolean {
  const quick = runDirectly(file, tokens, ruleOf(name))
  const exact = runExactly(file, tokens, ruleOf(name))
  expect(quick !== undefined, `${name}: ${tokens.map(t => t.image).join(' ')}`).toBe('value' in exact)
  if (quick) expect(quick).toEqual(exact)
  return quick !== undefined
}

const PROBES = new URL('../language/probes/', import.meta.url)
const probes = readdirSync(PROBES)
  .filter(name => name.endsWith('.dsp'))
  .map(name => readFileSync(new URL(name, PROBES), 'utf8'))

/** Every construct and statement of a text; what stands inside of one is a token without a value. */
function compareAll(text: string): { sound: number; wrong: number } {
  const file = new SourceFile('t.dsp', text)
  const tokens = lex(file, new DiagnosticLog())
  const found = { sound: 0, wrong: 0 }
  const count = (name: RuleName, of: readonly Token[]) => {
    found[compare(name, file, of) ? 'sound' : 'wrong']++
  }
  for (const { role, tokens: all, head, tail } of nest(tokens, new DiagnosticLog())) {
    switch (role) {
      case 'program':
      case 'environment':
      case 'definitions':
      case 'substitution':
      case 'letrec':
      case 'caseRules': {
        const content = all.slice(head, all.length - tail)
        const ends = content.flatMap((t, i) => (t.image === ';' ? [i + 1] : []))
        const starts = [0, ...ends]
        for (const rule of ['statement', 'definition', 'recurrence', 'caseRule'] as const)
          for (const [i, start] of starts.entries()) count(rule, content.slice(start, ends[i]))
        break
      }
      case 'misplaced':
        break
      default:
        count(role, all)
    }
  }
  return found
}

test('the probes, each statement by each rule for statements', () => {
  const found = probes.map(compareAll)
  expect(found.reduce((sum, { sound }) => sum + sound, 0)).toBeGreaterThan(500)
  expect(found.reduce((sum, { wrong }) => sum + wrong, 0)).toBeGreaterThan(500)
})

const words = [...SYMBOLS.keys(), ...WORDS.keys(), 'a', 'f', '1', '2.5', '"s"', '<math.h>']
const operands = ['a', '1', '2.5', '_', '(a)', 'f(a, 1)', '-', '+', '*', 'sin', '\\(x).(x)', 'par(i, 2, a)']
const soup = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 8 }),
  fc.array(fc.constantFrom(...operands, ...operands, ',', ':', '+', '-', "'", '.a', 'with { a = 1; }'), {
    maxLength: 8,
  }),
)

test('token soup', () => {
  const text = fc.array(soup, { maxLength: 4 }).map(list => list.map(w => `d = ${w.join(' ')};`).join('\n'))
  fc.assert(
    fc.property(text, text => void compareAll(text)),
    { numRuns: 1500 },
  )
})

test('an engine that knows nothing yet, with any beginning', () => {
  const expression = soup.map(list => list.join(' '))
  fc.assert(
    fc.property(fc.array(expression, { minLength: 2, maxLength: 4 }), texts => {
      const { engine, grammar } = directGrammar()
      for (const text of texts) {
        const file = new SourceFile('t.dsp', text)
        const program = nest(lex(file, new DiagnosticLog()), new DiagnosticLog()).at(-1)!.tokens
        grammar.file = file
        const quick = engine.attempt(program, () => grammar.expression())
        const exact = runExactly(file, program, g => g.expression())
        expect(quick !== undefined, text).toBe('value' in exact)
        if (quick) expect(quick).toEqual(exact)
      }
    }),
    { numRuns: 1500 },
  )
})
