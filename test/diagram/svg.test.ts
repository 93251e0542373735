/**
 * Diagrams as files: well-formed, linked, small, the same each time; and how the command line writes them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lowerSource } from '../../src/compile.ts'
import { DiagnosticLog } from '../../src/diagnostics.ts'
import { type Diagram, drawDiagrams, drawTop } from '../../src/diagram/draw.ts'
import { dspcHere, inFolder } from '../cli/support.ts'

function draw(source: string): Diagram[] {
  const { box, names } = lowerSource(source, {}, new DiagnosticLog())
  return drawDiagrams(box, 'process', names)
}

/** Cheaper than `expect`, which is asked once a file. */
function requireThat(condition: boolean, at: string): void {
  if (!condition) throw new Error(`not well-formed at ${at}`)
}

/** The elements of an XML text as a list of tags, after checking that they are well-formed and balanced. */
function elementsOf(xml: string): { name: string; attributes: Map<string, string> }[] {
  const elements: { name: string; attributes: Map<string, string> }[] = []
  const open: string[] = []
  const text = /^(?:[^<&>]|&(?:amp|lt|gt|quot);)*$/
  let end = 0
  for (const tag of xml.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g)) {
    requireThat(text.test(xml.slice(end, tag.index)), tag[0])
    end = tag.index + tag[0].length
    const [, closing, name, list, empty] = tag
    if (closing) requireThat(open.pop() === name, tag[0])
    else if (!empty) open.push(name!)
    if (closing) continue
    const attributes = new Map([...list!.matchAll(/ ([a-zA-Z:-]+)="([^"]*)"/g)].map(m => [m[1]!, m[2]!]))
    for (const value of attributes.values()) requireThat(text.test(value), tag[0])
    elements.push({ name: name!, attributes })
  }
  expect(xml.slice(end)).toMatch(/^\s*$/)
  expect(open).toEqual([])
  expect(elements[0]!.name).toBe('svg')
  expect(xml).not.toMatch(/[\0-\x08\x0B\x0C\x0E-\x1F]|NaN|undefined|Infinity/)
  return elements
}

const linksOf = ({ svg }: Diagram) =>
  elementsOf(svg).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.get('href')!] : []))

/** Files that can be reached from the first one by following links. */
function reachable(diagrams: readonly Diagram[]): Set<string> {
  const files = new Map(diagrams.map(d => [d.file, d]))
  const seen = new Set([diagrams[0]!.file])
  for (const file of seen) for (const link of linksOf(files.get(file)!)) seen.add(link)
  return seen
}

const FILTERS = `
comb(t, g) = + ~ (@(t) : *(g));
gain = hslider("gain <&> \\"really\\" [unit:dB]", 0, -60, 6, 0.1);
level = gain : ba with { ba = \\(x).(pow(10, x/20)); };
bank = _ <: par(i, 4, comb(100 + i, 0.5)) :> _;
table = waveform { 0, 1, 0, -1 }, 2 : rdtable;
Table = table * 2, table * 3 : + : sin : cos : tan : atan;
process = hgroup("all", vgroup("in", _) : bank * level), (table, Table : route(2, 2, 1, 2, 2, 1)), (_ : !);
`.replace(' \\"really\\"', '')

describe('files', () => {
  const diagrams = draw(FILTERS)

  test('are well-formed and have words for everything', () => {
    for (const { svg } of diagrams) {
      const elements = elementsOf(svg)
      expect(elements.filter(e => e.name === 'title').length).toBeGreaterThan(1)
      expect(elements[0]!.attributes.get('aria-label')).toBeTruthy()
      expect(svg).toContain('prefers-color-scheme: dark')
    }
  })

  test('lead to each other, and all can be reached', () => {
    const files = diagrams.map(d => d.file)
    expect(files[0]).toBe('process.svg')
    expect([...reachable(diagrams)].sort()).toEqual([...files].sort())
  })

  test('have names that differ without regard to case', () => {
    const files = diagrams.map(d => d.file.toLowerCase())
    expect(new Set(files).size).toBe(files.length)
    expect(files.filter(f => f.startsWith('table'))).toHaveLength(2)
  })

  test('show labels as written, escaped', () => {
    const all = diagrams.map(d => d.svg).join('')
    expect(all).toContain('gain &lt;&amp;&gt;')
    expect(all).toContain('hgroup all')
  })

  test('are the same each time', () => {
    expect(draw(FILTERS)).toEqual(diagrams)
  })

  test('the top alone leads nowhere', () => {
    const { box, names } = lowerSource(FILTERS, {}, new DiagnosticLog())
    expect(elementsOf(drawTop(box, 'process', names)).filter(e => e.name === 'a')).toEqual([])
  })
})

describe('programs that are large', () => {
  test.each([
    ['side by side', 'process = par(i, 3000, *(i + 0.5) : sin);'],
    ['one after the other', 'process = seq(i, 5000, *(i + 0.5));'],
    ['a sum', 'process = sum(i, 2000, *(i + 0.5) : sin);'],
    ['nested feedback', 'process = seq(i, 500, + ~ *(i / 1000));'],
    ['nested groups', `process = ${'hgroup("g", '.repeat(490)}_${')'.repeat(490)};`],
    [
      'functions',
      `f = \\(${Array.from({ length: 500 }, (_, i) => `a${i}`).join(', ')}).(a0 + a499); process = f;`,
    ],
    ['many wires', 'process = par(i, 4900, _);'],
    ['many wires in a loop', 'process = par(i, 300, +) ~ par(i, 300, *(0.5));'],
    ['many wires fanned out', 'process = _ <: par(i, 1000, *(i)) :> _, _;'],
  ])('%s', (_name, source) => {
    const diagrams = draw(source)
    expect(diagrams.length).toBeLessThan(1500)
    for (const { svg } of diagrams) {
      elementsOf(svg)
      expect(svg.length).toBeLessThan(300_000)
    }
    expect(reachable(diagrams).size).toBe(diagrams.length)
  })
})

describe('on the command line', () => {
  test('one file a definition, in a folder that is made', async () => {
    await inFolder({ 'a.dsp': FILTERS }, async cwd => {
      const ran = await dspcHere(['a.dsp', '--emit=svg', '-o', 'out/diagrams'], { cwd })
      expect(ran).toMatchObject({ code: 0, stdout: '' })
      expect(ran.stderr).toMatch(/wrote \d+ diagrams; open .*process\.svg/)
      expect(readdirSync(join(cwd, 'out/diagrams')).sort()).toEqual(
        draw(FILTERS)
          .map(d => d.file)
          .sort(),
      )
    })
  })

  test('only the top for a file or standard output', async () => {
    await inFolder({ 'a.dsp': FILTERS }, async cwd => {
      expect(await dspcHere(['a.dsp', '-o', 'top.svg'], { cwd })).toMatchObject({ code: 0, stderr: '' })
      const top = readFileSync(join(cwd, 'top.svg'), 'utf8')
      elementsOf(top)
      expect((await dspcHere(['a.dsp', '--emit=svg'], { cwd })).stdout).toBe(top)
    })
  })

  test('programs with mistakes give no files', async () => {
    await inFolder({ 'a.dsp': 'process = _ : _, _;' }, async cwd => {
      const ran = await dspcHere(['a.dsp', '--emit=svg', '-o', 'out'], { cwd })
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain('DSP0401')
      expect(existsSync(join(cwd, 'out'))).toBe(false)
    })
  })

  test('a file where the folder should be', async () => {
    await inFolder({ 'a.dsp': FILTERS }, async cwd => {
      writeFileSync(join(cwd, 'taken'), '')
      const ran = await dspcHere(['a.dsp', '--emit=svg', '-o', 'taken'], { cwd })
      expect(ran.code).toBe(3)
      expect(ran.stderr).toContain('DSP0806')
    })
  })
})
