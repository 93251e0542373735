/**
 * Writes docs/STDLIB.md, the list of the standard library's functions.
 *
 * Comes in: stdlib/*.lib. Goes out: the page. `node scripts/stdlib-docs.js` writes it; with `--print` it goes to
 * standard output, which a test compares with the file.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readHead, readLibrary } from './library-comments.js'

const folder = new URL('../stdlib/', import.meta.url)
const read = file => readFileSync(new URL(file, folder), 'utf8')

const INTRODUCTION = `# The standard library

\`import("stdfaust.lib");\` gives the prefixes below; \`os.osc(440)\` is the function \`osc\` of the library \`os\`. Names and
arguments are those of Faust's libraries, so that a program runs with either; the code is our own, written from the
literature. Each function's comment in \`stdlib/\` tells its arguments, its equation and its sources.

This page is made by \`node scripts/stdlib-docs.js\`; do not edit it.
`

/** The file that an \`xx = library("file");\` line of stdfaust.lib names, in the order of the lines. */
const prefixes = [...read('stdfaust.lib').matchAll(/^(\w+) = library\("(.+)"\);$/gm)]
const files = readdirSync(folder).filter(file => file.endsWith('.lib'))

/** A library's file, then its parts: \`filters.lib\`, \`filters-combs.lib\` … */
function partsOf(file) {
  const parts = [...read(file).matchAll(/^import\("(.+)"\);$/gm)].map(([, name]) => name)
  return [file, ...parts.filter(part => files.includes(part))]
}

function librarySection([, prefix, file]) {
  const functions = partsOf(file).flatMap(part => readLibrary(read(part)))
  const rows = functions.map(f => `| ${usageOf(f)} | ${firstSentence(f.description)} |`)
  const about = firstSentence(readHead(read(file))).replace(/ \(prefix `\w+`\)/, '')
  return [`## \`${prefix}\`: ${about}`, '', '| usage | |', '|---|---|', ...rows, ''].join('\n')
}

/** As written, with the prefix before the name where the name stands alone. */
function usageOf({ prefix, name, usage }) {
  const first = usage.split('\n')[0]
  const code = /`([^`]*)`/.exec(first)?.[1] ?? name
  const alone = new RegExp(`(?<![\\w.])${name}(?!\\w)`)
  return `\`${code.replace(alone, `${prefix}.${name}`).replaceAll('|', '\\|')}\``
}

function firstSentence(text) {
  const sentence = /^.*?[.:](?= [A-Z]|$)/s.exec(text.replace(/\s+/g, ' '))?.[0] ?? text
  return sentence.replace(/[.:]$/, '').replaceAll('|', '\\|')
}

const page = [INTRODUCTION, ...prefixes.map(librarySection)].join('\n')
if (process.argv.includes('--print')) process.stdout.write(page)
else writeFileSync(new URL('../docs/STDLIB.md', import.meta.url), page)
