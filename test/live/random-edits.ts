/**
 * Edits as people make them, at random: numbers, names, places, wrappers, comments. Each takes the text of a program
 * and gives another.
 */
import { attempt } from '../../src/diagnostics.ts'
import type { Definition } from '../../src/parser/ast.ts'
import { parseSource } from '../../src/parser/parse.ts'
import { SourceFile } from '../../src/source.ts'
import { hash } from '../support/machine.ts'

/** Whole numbers from 0 to below the argument, the same for the same seed. */
export type Random = (below: number) => number

export function randomFrom(seed: number): Random {
  let count = 0
  return below => Math.min(below - 1, Math.floor(Math.abs(hash(seed, count++)) * below))
}

export interface Edit {
  readonly text: string
  /** No state may be lost, and no sample be another. */
  readonly changesNothing: boolean
}

export type EditKind = 'number' | 'rename' | 'move' | 'wrap' | 'comment'

export function edit(kind: EditKind, source: string, random: Random): Edit | undefined {
  const all = definitionsOf(source)
  const plain = all.filter(d => !d.parameters && d.name !== 'process')
  const pick = plain[random(plain.length)]
  switch (kind) {
    case 'number':
      return changeNumber(source, random)
    case 'move':
      return move(source, all, random)
    case 'rename':
      return pick && same(rename(source, pick.name, `${pick.name}_${random(100)}`))
    case 'wrap':
      return pick && same(wrap(source, pick))
    case 'comment':
      return pick && comment(source, pick)
  }
}

const same = (text: string): Edit => ({ text, changesNothing: true })

function definitionsOf(source: string): Definition[] {
  const { value } = attempt(log => parseSource(new SourceFile('edited.dsp', source), log))
  return value?.statements.flatMap(s => (s.kind === 'definition' ? [s] : [])) ?? []
}

/** Strings and comments are as long as before but empty, so that positions stay. */
function codeOf(source: string): string {
  return source.replace(/"[^"]*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, text => ' '.repeat(text.length))
}

function changeNumber(source: string, random: Random): Edit | undefined {
  const numbers = [...codeOf(source).matchAll(/(?<![\w.])\d+(\.\d+)?(?![\w.])/g)]
  const chosen = numbers[random(numbers.length)]
  if (!chosen) return undefined
  const [old] = chosen
  const value = old.includes('.') ? String(Number(old) * (random(2) ? 1.25 : 0.8)) : String(Number(old) + 1)
  const text = source.slice(0, chosen.index) + value + source.slice(chosen.index + old.length)
  return { text, changesNothing: false }
}

function rename(source: string, name: string, other: string): string {
  const code = codeOf(source)
  let text = ''
  let done = 0
  for (const { index } of code.matchAll(new RegExp(`(?<![\\w.'])${name}(?!\\w)`, 'g'))) {
    text += source.slice(done, index) + other
    done = index + name.length
  }
  return text + source.slice(done)
}

/** Two definitions change places; those of one name belong together. */
function move(source: string, all: readonly Definition[], random: Random): Edit | undefined {
  const single = all.filter(d => all.filter(o => o.name === d.name).length === 1)
  const [a, b] = [single[random(single.length)], single[random(single.length)]]
  if (!a || !b || a === b) return undefined
  const [first, second] = a.span.start < b.span.start ? [a.span, b.span] : [b.span, a.span]
  const cut = (from: number, to: number) => source.slice(from, to)
  const middle = cut(first.end, second.start)
  return same(
    cut(0, first.start) +
      cut(second.start, second.end) +
      middle +
      cut(first.start, first.end) +
      source.slice(second.end),
  )
}

/** `name = body;` becomes a helper and its use. */
function wrap(source: string, { name, span, body }: Definition): string {
  const text = source.slice(body.span.start, body.span.end)
  const before = source.slice(0, span.start)
  return `${before}helper_of_${name} = ${text};\n${name} = helper_of_${name};${source.slice(span.end)}`
}

/** What it stood for is silence, in as many channels as it takes to be right: often the program is then wrong. */
function comment(source: string, { name, span }: Definition): Edit {
  const out = source.slice(span.start, span.end).replace(/^/gm, '// ')
  const text = `${source.slice(0, span.start)}${out}\n${name} = 0;${source.slice(span.end)}`
  return { text, changesNothing: false }
}
