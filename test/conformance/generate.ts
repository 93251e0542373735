/**
 * Writes a small program for every documented function.
 *
 * Comes in: the functions of the official libraries and a table of arguments. Goes out: programs by name of the
 * function. An argument's value is found by the name that the documentation gives it, first among those of the
 * library, then among those of all; where that makes no sensible program the table holds one written by hand.
 */
import { officialLibraries } from '../support/official-libraries.ts'
import { type DocumentedFunction, documentedFunctions } from './usage.ts'

export interface ArgumentTable {
  readonly parameters: Readonly<Record<string, string>>
  readonly libraries: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What drives the input of functions that are called without arguments, by library. */
  readonly feeds: Readonly<Record<string, string>>
  /** Libraries whose functions get saw waves on their inputs, on which they do more than on an impulse. */
  readonly driven: readonly string[]
  /** Programs by hand, by name; several programs of one function are named `fi.svf/lp`. */
  readonly programs: Readonly<Record<string, string>>
}

export interface Generated {
  readonly programs: Readonly<Record<string, string>>
  /** Arguments that have no value, with the functions that need them. */
  readonly unknown: readonly string[]
}

export function generatePrograms(table: ArgumentTable): Generated {
  const programs: Record<string, string> = {}
  const unknown: string[] = []
  const byHand = new Map<string, [string, string][]>()
  for (const [name, program] of Object.entries(table.programs)) {
    const [base] = name.split('/')
    byHand.set(base!, [...(byHand.get(base!) ?? []), [name, program]])
  }
  for (const { name, call, fn, library } of publicFunctions()) {
    const own = byHand.get(name)
    if (own) Object.assign(programs, Object.fromEntries(own))
    else programs[name] = expressionOf(call, fn, library, table, unknown)
  }
  return { programs, unknown }
}

const DRIVE = 'drive(f) = par(i, inputs(f), (+(0.003 * (i + 1)) ~ ma.frac) - 0.5 + _) : f;\n'

/**
 * The whole program of an entry: entries without a definition of `process` are its expression. `drive` puts a saw wave
 * on every input of a block, besides what comes from outside.
 */
export function sourceOf(entry: string): string {
  const definitions = /^process\b[^;]*=/m.test(entry) ? entry : `process = ${entry};`
  return `import("stdfaust.lib");\n${entry.includes('drive(') ? DRIVE : ''}${definitions}\n`
}

interface PublicFunction {
  readonly name: string
  /** How a program that imports the standard library writes it. */
  readonly call: string
  readonly library: string
  readonly fn: DocumentedFunction
}

export function publicFunctions(): PublicFunction[] {
  const environments = new Map<string, string>()
  for (const [, prefix, file] of (officialLibraries.get('stdfaust.lib') ?? '').matchAll(
    /^(\w+) = library\("(.+)"\);/gm,
  )) {
    environments.set(file!, prefix!)
  }
  const found = new Map<string, PublicFunction>()
  for (const [file, text] of officialLibraries) {
    const library = environments.get(file) ?? file
    const environment = environments.get(file) ?? `library("${file}")`
    for (const fn of documentedFunctions(text)) {
      const name = `${library}.${fn.name}`
      if (!found.has(name)) found.set(name, { name, call: `${environment}.${fn.name}`, library, fn })
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function expressionOf(
  call: string,
  fn: DocumentedFunction,
  library: string,
  table: ArgumentTable,
  unknown: string[],
): string {
  const values = fn.parameters?.map(parameter => {
    const known = table.libraries[library]?.[parameter] ?? table.parameters[parameter]
    if (known === undefined) unknown.push(`${library}.${fn.name}: ${parameter}`)
    return known ?? (/^[\d.]+$/.test(parameter) ? parameter : '0.5')
  })
  const feed = table.feeds[library]
  if (!values && feed) return `${feed} : ${call}`
  const expression = values ? `${call}(${values.join(', ')})` : call
  return table.driven.includes(library) ? `drive(${expression})` : expression
}
