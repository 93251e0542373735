/**
 * The JSON description of a program, in the form that Faust hosts and user-interface libraries read.
 *
 * Comes in: a compiled program. Goes out: plain data, ready for `JSON.stringify`. Apart from the program itself
 * because the form is fixed from outside: names, order of keys, numbers with 6 significant digits.
 */
import type { CompiledProgram, Control, GroupKind, UiItem } from '../core/program.ts'
import { assertNever } from '../source.ts'
import { shortNames } from './shortnames.ts'

export type DescriptionMeta = Readonly<Record<string, string>>

export interface DescribedGroup {
  readonly type: GroupKind
  readonly label: string
  readonly meta?: readonly DescriptionMeta[]
  readonly items: readonly DescribedItem[]
}

export interface DescribedControl {
  readonly type: Control['kind']
  readonly label: string
  readonly varname: string
  readonly shortname: string
  readonly address: string
  /** Byte offset of the value in memory. */
  readonly index: number
  readonly url?: string
  readonly meta?: readonly DescriptionMeta[]
  readonly init?: number
  readonly min?: number
  readonly max?: number
  readonly step?: number
}

export type DescribedItem = DescribedGroup | DescribedControl

export interface Description {
  readonly name: string
  readonly filename: string
  readonly version: string
  readonly compile_options: string
  readonly library_list: readonly string[]
  readonly include_pathnames: readonly string[]
  /** Bytes of memory before the channel buffers. */
  readonly size: number
  readonly inputs: number
  readonly outputs: number
  readonly meta: readonly DescriptionMeta[]
  readonly ui: readonly DescribedItem[]
}

/** What a description says about files; the program itself does not know. */
export interface DescriptionContext {
  readonly filename?: string
  readonly libraries?: readonly string[]
  readonly includePaths?: readonly string[]
}

/** Version of this compiler, as descriptions name it. */
export const VERSION = '0.1.0'

export function describe(program: CompiledProgram, context: DescriptionContext = {}): Description {
  const filename = context.filename ?? `${program.name}.dsp`
  const options = `-lang wasm -${program.precision}`
  const own = { compile_options: options, filename, name: program.name }
  return {
    name: program.name,
    filename,
    version: VERSION,
    compile_options: options,
    library_list: context.libraries ?? [],
    include_pathnames: context.includePaths ?? [],
    size: program.layout.end,
    inputs: program.inputs,
    outputs: program.outputs,
    meta: sortedMeta([...Object.entries(own), ...program.metadata]),
    ui: describeItems(program),
  }
}

/** Sorted by key; of two with one key the last wins. */
function sortedMeta(entries: readonly (readonly [string, string])[]): DescriptionMeta[] {
  return [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ [key]: value }))
}

function metaOf(metadata: readonly (readonly [string, string])[]): { meta?: DescriptionMeta[] } {
  return metadata.length === 0 ? {} : { meta: metadata.map(([key, value]) => ({ [key]: value })) }
}

function describeItems(program: CompiledProgram): DescribedItem[] {
  const names = shortNames(program.controls.map(c => c.address))
  const variables = variableNames(program.controls)
  const describeItem = (item: UiItem): DescribedItem => {
    if (item.kind === 'control') {
      const { control: i } = item
      return describeControl(program.controls[i]!, variables[i]!, names[i]!)
    }
    const { group, label, metadata, items } = item
    return { type: group, label, ...metaOf(metadata), items: items.map(describeItem) }
  }
  return program.ui.map(describeItem)
}

function describeControl(control: Control, varname: string, shortname: string): DescribedControl {
  const { kind, label, address, offset, metadata } = control
  return {
    type: kind,
    label: label === '' ? '0x00' : label,
    varname,
    shortname,
    address,
    index: offset,
    ...metaOf(metadata),
    ...rangesOf(control),
  }
}

function rangesOf({ kind, init, min, max, step }: Control) {
  const [i, low, high, s] = [init, min, max, step].map(sixDigits) as [number, number, number, number]
  switch (kind) {
    case 'button':
    case 'checkbox':
    case 'soundfile':
      return {}
    case 'hslider':
    case 'vslider':
    case 'nentry':
      return { init: i, min: low, max: high, step: s }
    case 'hbargraph':
    case 'vbargraph':
      return { min: low, max: high }
    default:
      return assertNever(kind)
  }
}

/** As C++ streams print by default. Infinite bounds become the largest number, which JSON can hold. */
export function sixDigits(value: number): number {
  const finite = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value))
  const rounded = Number(finite.toPrecision(6))
  return Number.isFinite(rounded) ? rounded : finite
}

const VARIABLE_PREFIX: Readonly<Record<Control['kind'], string>> = {
  button: 'fButton',
  checkbox: 'fCheckbox',
  hslider: 'fHslider',
  vslider: 'fVslider',
  nentry: 'fEntry',
  hbargraph: 'fHbargraph',
  vbargraph: 'fVbargraph',
  soundfile: 'fSoundfile',
}

/** A name each, counted apart for every kind. */
function variableNames(controls: readonly Control[]): string[] {
  const count = new Map<string, number>()
  return controls.map(({ kind }) => {
    const number = count.get(kind) ?? 0
    count.set(kind, number + 1)
    return `${VARIABLE_PREFIX[kind]}${number}`
  })
}
