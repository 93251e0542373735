/**
 * Descriptions of programs, made comparable.
 *
 * Comes in: the JSON description that either compiler gives. Goes out: the same without what each compiler chooses for
 * itself: names of variables, places in memory, versions, options and paths of libraries.
 */
import type { CompiledProgram } from '../../src/core/program.ts'
import { describe } from '../../src/runtime/description.ts'

interface Item {
  readonly items?: readonly Item[]
  readonly [key: string]: unknown
}

interface Description {
  readonly [key: string]: unknown
  readonly meta: readonly Readonly<Record<string, string>>[]
  readonly ui: readonly Item[]
}

const OWN_KEYS = /^(compile_options|library_path\d*)$/

export function comparableDescription(json: string) {
  const { name, filename, inputs, outputs, meta, ui } = JSON.parse(json) as Description
  const kept = meta.filter(entry => !OWN_KEYS.test(Object.keys(entry)[0]!))
  return { name, filename, inputs, outputs, meta: kept, ui: ui.map(comparableItem) }
}

/** Where our description differs from the official one. Both know the program as `process.dsp`. */
export function descriptionDifference(program: CompiledProgram, official: string): string | undefined {
  const [own, wanted] = [descriptionText(program), JSON.stringify(comparableDescription(official))]
  if (own === wanted) return undefined
  let at = 0
  while (own[at] === wanted[at]) at++
  return `description …${own.slice(Math.max(0, at - 60), at + 60)}… instead of …${wanted.slice(at, at + 60)}…`
}

export function descriptionText(program: CompiledProgram): string {
  const own = JSON.stringify(describe(program, { filename: 'process.dsp' }))
  return JSON.stringify(comparableDescription(own))
}

function comparableItem({ varname: _, index: __, items, ...rest }: Item): Item {
  return items ? { ...rest, items: items.map(comparableItem) } : rest
}
