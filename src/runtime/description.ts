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
type MetaEntry = readonly [key: string, value: string]

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
    name: plainText(program.name),
    filename,
    version: VERSION,
    compile_options: options,
    library_list: context.libraries ?? [],
    include_pathnames: context.includePaths ?? [],
    size: program.layout.end,
    inputs: program.inputs,
    outputs: program.outputs,
    meta: mergeMeta(Object.entries(own), program.metadata),
    ui: describeItems(program),
  }
}

/** Sorted by key; what the program declares comes before what we know. Contributors right after the author stay there. */
function mergeMeta(own: readonly MetaEntry[], declared: readonly MetaEntry[]): DescriptionMeta[] {
  const known = new Set(declared.map(([key]) => key))
  const places: { entry: MetaEntry; key: string }[] = []
  for (const entry of [...declared, ...own.filter(([key]) => !known.has(key))]) {
    const follows = entry[0] === 'contributor' && places.at(-1)?.key === 'author'
    places.push({ entry, key: follows ? 'author' : entry[0] })
  }
  places.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return places.map(({ entry }) => describeMeta(entry))
}

const describeMeta = ([key, value]: MetaEntry): DescriptionMeta => ({ [plainText(key)]: plainText(value) })

function metaOf(metadata: readonly MetaEntry[]): { meta?: DescriptionMeta[] } {
  return metadata.length === 0 ? {} : { meta: metadata.map(describeMeta) }
}

const plainLabel = (label: string) => (label === '' ? '0x00' : plainText(label))

/** Quotes and backslashes become `-` and line ends blanks, so that careless readers of JSON get along with it. */
function plainText(text: string): string {
  return text.replace(/['\\]/g, '-').replace(/[\n\r\t]/g, ' ')
}

function describeItems(program: CompiledProgram): DescribedItem[] {
  const names = shortNames(program.controls.map(c => c.address))
  const variables = variableNames(program.controls)
  const describeItem = (item: UiItem): DescribedItem => {
    if (item.kind === 'control') {
      const { control: i } = item
      return describeControl(program.controls[i]!, { varname: variables[i]!, shortname: names[i]! })
    }
    const { group, label, metadata, items } = item
    return { type: group, label: plainLabel(label), ...metaOf(metadata), items: items.map(describeItem) }
  }
  return program.ui.map(describeItem)
}

interface ItemNames {
  readonly varname: string
  readonly shortname: string
}

function describeControl(control: Control, names: ItemNames): DescribedControl {
  const { kind, label, address, offset, metadata } = control
  if (kind === 'soundfile') return describeSoundfile(control, names)
  return {
    type: kind,
    label: plainLabel(label),
    ...names,
    address,
    index: offset,
    ...metaOf(metadata),
    ...rangesOf(control),
  }
}

/** Sound files name their parts, and say nothing else. */
function describeSoundfile(
  { kind, label, address, offset, metadata }: Control,
  names: ItemNames,
): DescribedControl {
  const [, url = label] = metadata.find(([key]) => key === 'url') ?? []
  const list = /^\s*\{/.test(url) ? url : `{'${url}'}`
  return { type: kind, label: plainLabel(label), ...names, url: plainText(list), address, index: offset }
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
