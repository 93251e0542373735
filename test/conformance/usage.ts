/**
 * How the functions of a library are called, as its comments tell.
 *
 * Comes in: the text of an official library. Goes out: its documented functions, each with the call that its usage
 * shows. Of each comment only the title and the section "Usage" are read; test programs and examples are not ours
 * to use, so all other sections are dropped before anything looks at them.
 */

export interface DocumentedFunction {
  /** The environment of the standard library that holds it: `fi`. Empty for libraries outside it. */
  readonly prefix: string
  readonly name: string
  /** Arguments of the call, as written: `['N', 'fc']`. Undefined when the usage shows the bare name. */
  readonly parameters: readonly string[] | undefined
}

const TITLE = /^\/\/\s*-{3,}\s*`.*/
const SECTION = /^#{2,}\s*(.*)/
const NAME = /`(?:\((\w+)\.\))?(\w+)(?:\[\w+\])?`/g

export function documentedFunctions(text: string): DocumentedFunction[] {
  return comments(text).flatMap(({ title, lines }) => {
    const usage = usageOf(lines)
    const names = [...title.matchAll(NAME)]
    const first = names[0]?.[1] ?? ''
    // Functions that share a comment share the call of the first one, unless the usage shows their own.
    const shared = names[0] && parametersIn(usage, names[0][2]!)
    return names.map(([, prefix = first, name]) => ({
      prefix,
      name: name!,
      parameters:
        parametersIn(usage, name!) ?? (new RegExp(`\\b${name}\\b`).test(usage) ? undefined : shared),
    }))
  })
}

interface Comment {
  readonly title: string
  readonly lines: readonly string[]
}

/** Comments that begin with a title, up to the first line that is no comment. */
function comments(text: string): Comment[] {
  const found: { title: string; lines: string[] }[] = []
  let isInside = false
  for (const line of text.split('\n')) {
    if (TITLE.test(line)) {
      found.push({ title: line, lines: [] })
      isInside = true
    } else if (!line.startsWith('//')) {
      isInside = false
    } else if (isInside) {
      found.at(-1)!.lines.push(line.replace(/^\/\/ ?/, ''))
    }
  }
  return found
}

function usageOf(lines: readonly string[]): string {
  let isUsage = false
  const kept: string[] = []
  for (const line of lines) {
    const section = SECTION.exec(line)
    if (section) isUsage = /^usage/i.test(section[1]!)
    else if (isUsage && !/\bprocess\s*=/.test(line)) kept.push(line)
  }
  return kept.join('\n')
}

/** The arguments of the first call of a function in a usage. */
function parametersIn(usage: string, name: string): string[] | undefined {
  for (const match of usage.matchAll(new RegExp(`(?<![\\w.])(?:\\w+\\.)?${name}\\s*\\(`, 'g'))) {
    const list = splitArguments(usage.slice(match.index + match[0].length))
    if (list) return list
  }
  return undefined
}

/** Splits at the commas of the outermost level, up to the closing parenthesis. */
function splitArguments(text: string): string[] | undefined {
  const list = ['']
  let depth = 0
  for (const character of text) {
    if (character === ')' && depth === 0) return list.map(argument => argument.trim())
    if (character === '\n' && depth === 0 && list.length > 40) return undefined
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) list.push('')
    else list[list.length - 1] += character
  }
  return undefined
}
