/**
 * A program that is edited is lowered as if nothing were known of the version before: random edits of the examples, the
 * wrong ones too, against lowering without a memory; and what is kept and what is not.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type CompileOptions, type LiveMemory, lowerVersion } from '../../src/compile.ts'
import { DiagnosticLog } from '../../src/diagnostics.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import type { Definition } from '../../src/parser/ast.ts'
import { parseSource } from '../../src/parser/parse.ts'
import { SourceFile } from '../../src/source.ts'
import fc from '../support/property.ts'

const EXAMPLES = new URL('../../examples/', import.meta.url)
const names = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))
const RUNS = 4
const SEED = fc.readConfigureGlobal().seed!

function lowered(text: string, options: CompileOptions, memory?: LiveMemory) {
  const { value, diagnostics } = lowerVersion(text, options, memory)
  if (!value) return { diagnostics }
  const { core, ui, name, metadata, labels } = value
  return { core, controls: ui.controls, items: ui.items, name, metadata, diagnostics, labels: labels() }
}

function definitionsOf(text: string): Definition[] {
  const { statements } = parseSource(new SourceFile('text', text), new DiagnosticLog())
  return statements.filter(s => s.kind === 'definition')
}

type Edit = (text: string, at: number, earlier: readonly string[]) => string

const cut = (text: string, { span: { start, end } }: Definition, instead: string) =>
  `${text.slice(0, start)}${instead}${text.slice(end)}`

/** Of the definitions in a text, the one that a random number stands for. */
function onDefinition(edit: (text: string, chosen: Definition, own: string) => string): Edit {
  return (text, at) => {
    const definitions = definitionsOf(text)
    const chosen = definitions[at % definitions.length]
    return chosen ? edit(text, chosen, text.slice(chosen.span.start, chosen.span.end)) : text
  }
}

const EDITS: Readonly<Record<string, Edit>> = {
  comment: onDefinition((text, chosen, own) => cut(text, chosen, `// what follows\n${own}`)),
  number: (text, at) => {
    const numbers = [...text.matchAll(/(?<![\w.])\d+\.\d+(?![\w.])/g)]
    const found = numbers[at % numbers.length]
    if (!found) return text
    const { 0: old, index } = found
    return `${text.slice(0, index)}${(Number(old) * 1.0137).toFixed(5)}${text.slice(index + old.length)}`
  },
  'another output': text =>
    `${text.replace(/^process\b/m, 'inner')}\nprocess = inner : par(i, outputs(inner), *(0.5) : mem);\n`,
  order: onDefinition((text, chosen, own) => `${own}\n${cut(text, chosen, '')}`),
  rename: onDefinition((text, { name }) =>
    name === 'process' ? text : text.replace(new RegExp(`(?<![\\w.])${name}\\b`, 'g'), `${name}Two`),
  ),
  copy: onDefinition((text, { name }, own) => {
    const copied = own.replace(name, `${name}Copy`)
    return name === 'process' ? text : `${text}\n${copied}\n`
  }),
  'use of a copy': onDefinition((text, { name }, own) => {
    if (name === 'process') return text
    return `${text.replace(new RegExp(`(?<![\\w.])${name}\\b`, 'g'), `${name}Old`)}\n${own}\n`
  }),
  'two in one': onDefinition((text, chosen, own) =>
    cut(text, chosen, own.replace(/=(.*);$/s, '= ($1) with { unused = 1; };')),
  ),
  removal: onDefinition((text, chosen) => cut(text, chosen, '')),
  'half a line': onDefinition((text, chosen, own) => cut(text, chosen, own.slice(0, own.length >> 1))),
  undo: (text, at, earlier) => earlier[at % earlier.length] ?? text,
}

const edits = fc.array(fc.tuple(fc.constantFrom(...Object.keys(EDITS)), fc.nat()), {
  minLength: 6,
  maxLength: 6,
})

describe('versions of examples', () => {
  it.each(names.map((name, i) => ({ name, seed: SEED + i })))(
    '$name',
    { timeout: 120_000 },
    async ({ name, seed }) => {
      const source = readFileSync(new URL(name, EXAMPLES), 'utf8')
      const options = { filename: name, ...(await nodeLoader(`${EXAMPLES.pathname}${name}`, [])) }
      fc.assert(
        fc.property(edits, list => {
          const memory: LiveMemory = {}
          const earlier = [source]
          expect(lowered(source, options, memory).core).toBeDefined()
          for (const [kind, at] of list) {
            const text = EDITS[kind]!(earlier.at(-1)!, at, earlier)
            const [found, expected] = [lowered(text, options, memory), lowered(text, options)]
            if (!isDeepStrictEqual(found, expected)) expect(found, kind).toEqual(expected)
            // Who made a mistake takes it back.
            if (expected.core) earlier.push(text)
          }
        }),
        // Other edits for each.
        { numRuns: RUNS, seed },
      )
    },
  )
})

/** The names whose values of the version before are those of this one. */
function keptNames({ evaluation }: LiveMemory): string[] {
  const bindings = [...(evaluation?.last?.top.bindings ?? [])]
  return bindings.flatMap(([name, b]) => (b.kind === 'definition' && b.environment ? [name] : []))
}

const PATCH = `gain = 0.5;
level = gain * 2;
tone(f) = f : +~*(0.9);
other = tone(0.3) * level;
process = tone(0.2), other;
`

function twice(first: string, second: string, options: CompileOptions = {}, later = options) {
  const memory: LiveMemory = {}
  lowered(first, options, memory)
  const found = lowered(second, later, memory)
  expect(found).toEqual(lowered(second, later))
  return { found, kept: keptNames(memory) }
}

describe('a definition is kept', () => {
  it.each([
    ['where nothing changed', PATCH, ['gain', 'level', 'tone', 'other', 'process']],
    ['where it only moved', `// more\n\n${PATCH}`, ['gain', 'level', 'tone', 'other', 'process']],
    ['unless what it needs changed', PATCH.replace('0.5', '0.25'), ['tone']],
    ['unless it lost what it mentions', PATCH.replace('gain = 0.5;\n', ''), []],
    ['whatever is new', `fresh = 1;\n${PATCH}`, ['gain', 'level', 'tone', 'other', 'process']],
  ])('%s', (_, edited, expected) => {
    expect(twice(PATCH, edited).kept).toEqual(expected)
  })

  it('unless the version before failed', () => {
    const memory: LiveMemory = {}
    for (const text of [PATCH, `${PATCH}level = gain * 3;\n`, PATCH]) lowered(text, {}, memory)
    expect(keptNames(memory)).toEqual([])
  })

  it('for some hundred versions, then all begins anew', () => {
    const memory: LiveMemory = {}
    const numbers = Array.from({ length: 250 }, (_, i) => {
      lowered(PATCH.replace('0.5', `0.${500 + i}`), {}, memory)
      return memory.evaluation?.last?.number ?? 0
    })
    expect(Math.max(...numbers)).toBeGreaterThan(100)
    expect(numbers).toContain(0)
    expect(numbers.at(-1)).toBeLessThan(100)
  })

  it('although a version between could not be parsed', () => {
    const memory: LiveMemory = {}
    for (const text of [PATCH, PATCH.slice(0, -4), PATCH]) lowered(text, {}, memory)
    expect(keptNames(memory)).toEqual(['gain', 'level', 'tone', 'other', 'process'])
  })

  it('unless the precision is another', () => {
    expect(twice(PATCH, PATCH, { precision: 'double' }, { precision: 'single' }).kept).toEqual([])
  })

  it('although a name of the library comes to be its own', () => {
    const load = () => ({ name: 'a.lib', text: 'half = 0.5; third = 0.3;' })
    const library = 'import("a.lib");\nprocess = half;\n'
    expect(twice(library, `${library}third = 0.3;\n`, { load }).kept).toEqual(['process', 'half'])
  })

  it('with functions that nobody has closed so far', () => {
    const patch = 'choose(a, b) = b;\npart = (\\(x).(x*2)) : *(3);\nprocess = choose(part, 0.5);\n'
    const { found, kept } = twice(patch, patch.replace('choose(part, 0.5)', '1 : part : mem'))
    expect(found.core?.outputs).toHaveLength(1)
    expect(kept).toEqual(['choose', 'part'])
  })
})

describe('what is said of a version', () => {
  it('is said of the next one too, where the text is now', () => {
    const wrong = 'late = _ @ (0 - 2);\nprocess = _ : late;\n'
    const { found } = twice(wrong, `// one\n// two\n${wrong}`)
    expect(found.diagnostics).toHaveLength(1)
    expect(found.diagnostics[0]!.span?.start.line).toBe(3)
  })

  it('has its place in the line that was kept, after any number of versions', () => {
    const memory: LiveMemory = {}
    const late = 'late(n) = @(n);\n'
    const good = `${late}process = _ : late(2);\n`
    for (const above of ['', '// a\n', '// a\n// b\n', '']) lowered(above + good, {}, memory)
    const bad = `// a\n${late}process = _ : late(0 - 2);\n`
    const { diagnostics } = lowered(bad, {}, memory)
    expect(diagnostics).toEqual(lowered(bad, {}).diagnostics)
    expect(diagnostics.length).toBeGreaterThan(0)
  })
})

describe('files', () => {
  const library = (text: string) => ({ load: () => ({ name: 'a.lib', text }) })
  const patch = 'half = library("a.lib").half;\nprocess = half : mem;\n'

  it('that changed are read anew, with all that stands on them', () => {
    const [before, after] = [library('half = 0.5;'), library('half = 0.25;')]
    const { found, kept } = twice(patch, patch, before, after)
    expect(JSON.stringify(found.core)).toContain('0.25')
    expect(kept).toEqual([])
  })

  it('are asked for again, those that they import too, and declare what they declare', () => {
    const asked: string[] = []
    const texts: Readonly<Record<string, string>> = {
      'a.lib': 'import("b.lib"); declare half author "A"; half = whole * 0.5;',
      'b.lib': 'declare license "MIT"; whole = 1;',
    }
    const load = (file: string) => {
      asked.push(file)
      return { name: file, text: texts[file]! }
    }
    const memory: LiveMemory = {}
    lowered(patch, { load }, memory)
    const found = lowered(`// more\n${patch}`, { load }, memory)
    expect(asked).toEqual(['a.lib', 'b.lib', 'a.lib', 'b.lib'])
    expect(found.metadata).toContainEqual(['b.lib/license', 'MIT'])
    expect(found.metadata).toContainEqual(['a.lib/half:author', 'A'])
    expect(keptNames(memory)).toEqual(['half', 'process'])
  })

  it('that are the program itself keep nothing', () => {
    const own = 'gain = 0.5;\nprocess = gain;\nsame = component("own.dsp");\n'
    const { found } = twice(own, own.replace('0.5', '0.25'), { filename: 'own.dsp', entry: 'same' })
    expect(JSON.stringify(found.core)).toContain('0.25')
  })
})
