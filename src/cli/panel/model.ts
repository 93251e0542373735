/**
 * A panel of controls as data: rows in the order of the program's groups, and what keys do to them.
 *
 * Comes in: a program and keys. Goes out: the next state and values to set. Pure; `render.ts` draws it, `panel.ts`
 * has the terminal.
 */
import type { CompiledProgram, Control, UiItem } from '../../core/program.ts'
import { isBargraph } from '../../runtime/controls.ts'
import { metadataOf } from '../session/show.ts'

export type PanelProgram = Pick<CompiledProgram, 'name' | 'controls' | 'ui'>

export type Row =
  | { readonly kind: 'group'; readonly label: string; readonly depth: number }
  | { readonly kind: 'control'; readonly control: Control; readonly depth: number }

export interface Panel {
  readonly name: string
  readonly rows: readonly Row[]
  /** Index of the row that keys act on; -1 without controls. */
  readonly selected: number
  readonly values: Readonly<Record<string, number>>
  /** Digits of a value that is being typed. */
  readonly typed: string
  readonly peaks: readonly number[]
  readonly load: number
  readonly underruns: number
  readonly seconds: number
  /** The last thing worth knowing. */
  readonly message: string
}

export interface Change {
  readonly address: string
  readonly value: number
}

export interface Pressed {
  readonly panel: Panel
  readonly changes: readonly Change[]
  readonly quit?: boolean
}

export function createPanel(program: PanelProgram, before?: Panel): Panel {
  const rows = rowsOf(program)
  const values: Record<string, number> = {}
  for (const { address, init } of program.controls) values[address] = before?.values[address] ?? init
  const row = before?.rows[before.selected]
  const address = row?.kind === 'control' ? row.control.address : undefined
  const same = rows.findIndex(r => r.kind === 'control' && r.control.address === address)
  const selected = same >= 0 ? same : rows.findIndex(isSettable)
  const empty = { typed: '', peaks: [], load: 0, underruns: 0, seconds: 0, message: '' }
  return { ...empty, ...before, name: program.name, rows, selected, values, typed: '' }
}

function rowsOf({ controls, ui }: PanelProgram): Row[] {
  const rows: Row[] = []
  const add = (item: UiItem, depth: number) => {
    if (item.kind === 'group') {
      rows.push({ kind: 'group', label: item.label, depth })
      for (const inner of item.items) add(inner, depth + 1)
      return
    }
    const control = controls[item.control]!
    if (control.kind === 'soundfile' || metadataOf(control, 'hidden') === '1') return
    rows.push({ kind: 'control', control, depth })
  }
  for (const item of ui) add(item, 0)
  return rows
}

function isSettable(row: Row): boolean {
  return row.kind === 'control' && !isBargraph(row.control)
}

const isSwitch = ({ kind }: Control) => kind === 'button' || kind === 'checkbox'

export const isLogarithmic = (control: Control) =>
  metadataOf(control, 'scale') === 'log' && control.min > 0 && control.max > control.min

/** Place of a value in the range, 0 … 1: evenly in the logarithm on a logarithmic scale. */
export function partOf(control: Control, value: number): number {
  const { min, max } = control
  if (max === min) return 0
  const part = isLogarithmic(control)
    ? Math.log(Math.max(value, min) / min) / Math.log(max / min)
    : (value - min) / (max - min)
  return Math.min(1, Math.max(0, part))
}

export function valueAt(control: Control, part: number): number {
  const { min, max } = control
  const inside = Math.min(1, Math.max(0, part))
  return isLogarithmic(control) ? min * (max / min) ** inside : min + (max - min) * inside
}

/** Onto the steps of the control, which begin at its least value. */
export function snap({ min, max, step }: Control, value: number): number {
  const stepped = step > 0 ? min + Math.round((value - min) / step) * step : value
  return Math.min(max, Math.max(min, Number(stepped.toPrecision(12))))
}

/** Small and large moves, in parts of the range. */
const SMALL = 0.01
const LARGE = 0.1

/** At least one step of the control. */
export function nudge(control: Control, value: number, part: number): number {
  const moved = snap(control, valueAt(control, partOf(control, value) + part))
  return moved === snap(control, value) ? snap(control, value + Math.sign(part) * control.step) : moved
}

/** Names of keys as node:readline gives them. */
export function press(panel: Panel, key: string): Pressed {
  if (key === 'q' || key === 'escape' || key === 'ctrl-c') {
    const isTyping = key === 'escape' && panel.typed !== ''
    return { panel: { ...panel, typed: '' }, changes: [], quit: !isTyping }
  }
  if (key === 'up' || key === 'k') return { panel: select(panel, -1), changes: [] }
  if (key === 'down' || key === 'j' || key === 'tab') return { panel: select(panel, 1), changes: [] }
  if (/^[-0-9.]$/.test(key)) return { panel: { ...panel, typed: panel.typed + key }, changes: [] }
  if (key === 'backspace') return { panel: { ...panel, typed: panel.typed.slice(0, -1) }, changes: [] }
  const row = panel.rows[panel.selected]
  if (row?.kind !== 'control') return { panel, changes: [] }
  const { control } = row
  const value = valueFor(key, control, panel)
  if (value === undefined) return { panel, changes: [] }
  const values = { ...panel.values, [control.address]: value }
  return { panel: { ...panel, values, typed: '' }, changes: [{ address: control.address, value }] }
}

function valueFor(key: string, control: Control, { values, typed }: Panel): number | undefined {
  const value = values[control.address] ?? control.init
  switch (key) {
    case 'left':
    case 'h':
      return isSwitch(control) ? 0 : nudge(control, value, -SMALL)
    case 'right':
    case 'l':
      return isSwitch(control) ? 1 : nudge(control, value, SMALL)
    case 'pagedown':
      return nudge(control, value, -LARGE)
    case 'pageup':
      return nudge(control, value, LARGE)
    case 'home':
      return control.min
    case 'end':
      return control.max
    case 'r':
      return control.init
    case 'space':
      return isSwitch(control) ? 1 - value : undefined
    case 'return': {
      const number = Number(typed)
      if (typed !== '' && Number.isFinite(number)) return Math.min(control.max, Math.max(control.min, number))
      return isSwitch(control) ? 1 - value : undefined
    }
    default:
      return undefined
  }
}

/** To the next control that can be moved, around the ends. */
function select(panel: Panel, direction: 1 | -1): Panel {
  const { rows } = panel
  for (let i = 1; i <= rows.length; i++) {
    const at = (((panel.selected + direction * i) % rows.length) + rows.length) % rows.length
    if (isSettable(rows[at]!)) return { ...panel, selected: at, typed: '' }
  }
  return panel
}
