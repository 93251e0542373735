/**
 * Results as text: kinds of expressions, tables of controls, meters.
 *
 * Comes in: facts. Goes out: lines for the terminal, without colours. Apart from the session because it decides
 * nothing.
 */
import type { Control } from '../../core/program.ts'
import { isBargraph } from '../../runtime/controls.ts'
import type { PlayerStatus } from '../../runtime/player-types.ts'
import { assertNever } from '../../source.ts'
import type { Evaluated, ProgramFacts, Signature } from './types.ts'

export function describeArity({
  inputs,
  outputs,
}: {
  readonly inputs: number
  readonly outputs: number
}): string {
  return `${inputs} → ${outputs}`
}

export function describeEvaluated(value: Evaluated, detailed: boolean): string {
  switch (value.kind) {
    case 'numbers': {
      const numbers = value.values.map(formatNumber).join(', ')
      return detailed
        ? `${describeArity({ inputs: 0, outputs: value.values.length })}  constant ${numbers}`
        : numbers
    }
    case 'block': {
      const lines = detailed ? value.text.map((text, i) => `  output ${i + 1}: ${text}`) : []
      return [describeArity(value), ...lines].join('\n')
    }
    case 'function': {
      const { parameters, signature } = value
      // What is called with some of its arguments has lost their names.
      const known = signature?.names.length === parameters ? signature : undefined
      return describeFunction(parameters, known, `; as a block ${describeArity(value)}`)
    }
    case 'rules':
      return describeFunction(value.signature.names.length, value.signature, '')
    default:
      return assertNever(value)
  }
}

function describeFunction(count: number, signature: Signature | undefined, more: string): string {
  const names = signature ? `: ${signature.names.join(', ')}` : ''
  const usage = signature?.usage === undefined ? '' : `\n  usage: ${signature.usage}`
  return `function of ${count} argument${count === 1 ? '' : 's'}${names}${more}${usage}`
}

/** As short as it can be read back. */
export function formatNumber(value: number): string {
  return String(Object.is(value, -0) ? 0 : value)
}

export function metadataOf(control: Control, key: string): string | undefined {
  return control.metadata.find(([name]) => name === key)?.[1]
}

/** Columns of equal width, two blanks between. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  return rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function listControls(program: ProgramFacts, status: PlayerStatus | undefined): string {
  const controls = program.controls.filter(control => control.kind !== 'soundfile')
  if (controls.length === 0) return 'the program has no controls'
  return table(
    controls.map(control => {
      const value = status?.values[control.address] ?? (isBargraph(control) ? 0 : control.init)
      const unit = metadataOf(control, 'unit')
      return [control.address, `${Number(value.toPrecision(6))}${unit ? ` ${unit}` : ''}`, rangeOf(control)]
    }),
  )
}

function rangeOf({ kind, min, max, step }: Control): string {
  if (kind === 'button' || kind === 'checkbox') return `${kind}, 0 or 1`
  return `${kind}, ${min} … ${max}${kind.endsWith('bargraph') ? '' : `, step ${step}`}`
}

const METER_COLUMNS = 40
const METER_FLOOR_DB = -60

export function listMeters(program: ProgramFacts, status: PlayerStatus): string {
  const peaks = status.peaks.map((peak, i) => [`output ${i + 1}`, levelBar(peak), decibels(peak)])
  const bargraphs = program.controls.filter(isBargraph).map(control => {
    const value = status.values[control.address] ?? 0
    const part = (value - control.min) / (control.max - control.min || 1)
    const unit = metadataOf(control, 'unit')
    return [control.address, bar(part), `${Number(value.toPrecision(4))}${unit ? ` ${unit}` : ''}`]
  })
  const load = `load ${(100 * status.load).toFixed(1)} %, underruns ${status.underruns}`
  return [table([...peaks, ...bargraphs]), load].filter(text => text !== '').join('\n')
}

export function decibels(amplitude: number): string {
  return amplitude > 0 ? `${(20 * Math.log10(amplitude)).toFixed(1)} dB` : '-∞ dB'
}

export function levelBar(amplitude: number, columns = METER_COLUMNS): string {
  return bar(1 - (20 * Math.log10(Math.max(amplitude, 1e-9))) / METER_FLOOR_DB, columns)
}

/** Filled from the left, in eighths of a character. */
export function bar(part: number, columns = METER_COLUMNS): string {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * columns * 8)
  const rest = eighths % 8
  const tip = rest === 0 ? '' : ' ▏▎▍▌▋▊▉'[rest]!
  return `${'█'.repeat((eighths - rest) / 8)}${tip}`.padEnd(columns, '·')
}
