/**
 * The picture of a panel.
 *
 * Comes in: a panel and the size of the terminal. Goes out: just as many lines as fit, none wider than the terminal.
 * Pure, so that every picture is tested.
 */
import type { Control } from '../../core/program.ts'
import { isBargraph } from '../../runtime/controls.ts'
import { bar, decibels, levelBar, metadataOf } from '../session/show.ts'
import { type Panel, partOf, type Row } from './model.ts'

export interface PanelSize {
  readonly columns: number
  readonly rows: number
  readonly color: boolean
}

const HELP = '↑↓ choose  ←→ PgUp PgDn move  digits Enter set  Space switch  r reset  q quit'
const MOST_LABEL = 24
const VALUE_COLUMNS = 16
const LEAST_BAR = 6

export function renderPanel(panel: Panel, size: PanelSize): string[] {
  const { rows, color } = size
  const columns = Math.max(20, size.columns)
  const paint = (code: string, text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text)
  const footer = [...meterLines(panel, columns), cut(panel.message, columns), cut(HELP, columns)]
  const kept = footer.slice(-Math.max(1, Math.min(footer.length, rows - 3)))
  const room = Math.max(1, rows - kept.length - 1)
  const label = labelColumns(panel.rows)
  const first = firstVisible(panel, room)
  const body = panel.rows.slice(first, first + room).map((row, i) => {
    const line = cut(
      drawRow(row, panel, { label, columns, isSelected: first + i === panel.selected }),
      columns,
    )
    if (first + i === panel.selected) return paint('7', line)
    return row.kind === 'group' ? paint('1', line) : line
  })
  while (body.length < room) body.push('')
  return [paint('1', cut(titleOf(panel), columns)), ...body, ...kept]
}

function titleOf({ name, seconds, load, underruns }: Panel): string {
  const time = `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`
  return `${name}  ${time}  load ${(100 * load).toFixed(1)} %  underruns ${underruns}`
}

function meterLines({ peaks }: Panel, columns: number): string[] {
  return peaks.slice(0, 8).map((peak, i) => {
    const width = Math.max(LEAST_BAR, Math.min(40, columns - 22))
    return cut(`out ${i + 1}  ${levelBar(peak, width)} ${decibels(peak)}${peak > 1 ? ' clips' : ''}`, columns)
  })
}

/** The selected row stays in sight. */
function firstVisible({ rows, selected }: Panel, room: number): number {
  const middle = Math.max(0, selected) - Math.floor(room / 2)
  return Math.max(0, Math.min(middle, rows.length - room))
}

function labelColumns(rows: readonly Row[]): number {
  const lengths = rows.map(row => (row.kind === 'control' ? 2 * row.depth + row.control.label.length : 0))
  return Math.min(MOST_LABEL, Math.max(4, ...lengths))
}

interface Place {
  readonly label: number
  readonly columns: number
  readonly isSelected: boolean
}

function drawRow(row: Row, panel: Panel, { label, columns, isSelected }: Place): string {
  const indent = '  '.repeat(row.depth)
  if (row.kind === 'group') return `${indent}${row.label}`
  const { control } = row
  const name = cut(`${indent}${control.label}`, label).padEnd(label)
  const value = panel.values[control.address] ?? control.init
  const text = isSelected && panel.typed !== '' ? `${panel.typed}▏` : describeValue(control, value)
  const width = Math.max(LEAST_BAR, Math.min(40, columns - label - VALUE_COLUMNS - 3))
  return `${name} ${drawValue(control, value, width)} ${text}`
}

/** A knob is a bar like any other: there is no room to turn. */
function drawValue(control: Control, value: number, width: number): string {
  if (control.kind === 'button') return (value > 0 ? '[ on ]' : '[    ]').padEnd(width)
  if (control.kind === 'checkbox') return (value > 0 ? '[x]' : '[ ]').padEnd(width)
  if (isBargraph(control)) return bar(partOf(control, value), width)
  const at = Math.round(partOf(control, value) * (width - 1))
  return `${'━'.repeat(at)}●${'─'.repeat(width - 1 - at)}`
}

function describeValue(control: Control, value: number): string {
  const name = menuName(control, value)
  if (name !== undefined) return name
  if (control.kind === 'button' || control.kind === 'checkbox') return ''
  const unit = metadataOf(control, 'unit')
  return `${Number(value.toPrecision(5))}${unit ? ` ${unit}` : ''}`
}

/** `[style:menu{'sine':0;'saw':1}]` and `[style:radio{…}]` name their values. */
function menuName(control: Control, value: number): string | undefined {
  const style = metadataOf(control, 'style') ?? ''
  const entries = /^(?:menu|radio)\s*\{(.*)\}$/.exec(style)?.[1]?.split(';') ?? []
  for (const entry of entries) {
    const match = /^\s*'(.*)'\s*:\s*([-\d.]+)\s*$/.exec(entry)
    if (match && Number(match[2]) === value) return match[1]
  }
  return undefined
}

function cut(text: string, columns: number): string {
  const characters = [...text]
  return characters.length <= columns ? text : `${characters.slice(0, columns - 1).join('')}…`
}
