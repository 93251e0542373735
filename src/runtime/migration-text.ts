/**
 * The report of a migration as one line for people.
 *
 * Comes in: a report. Goes out: `kept 14, resized 1 (echo: 0.5 s → 0.7 s), new 2 (chorus), dropped 0`. Apart from
 * planning because it is about words: short names, seconds, counts.
 */
import type { MigrationEntry, MigrationReport } from './migration-types.ts'

const MOST_NAMES = 6

export function formatMigration(report: MigrationReport): string {
  const isState = (entry: MigrationEntry) => entry.kind !== 'control'
  const list = (entries: readonly MigrationEntry[]) => entries.filter(isState)
  const part = (word: string, entries: readonly MigrationEntry[], describe: (e: MigrationEntry) => string) =>
    `${word} ${entries.length}${names(entries.map(describe))}`
  const [moved, resized] = [list(report.moved), list(report.resized)]
  const parts = [`kept ${list(report.kept).length}`]
  if (moved.length > 0) parts.push(part('moved', moved, describeMove))
  if (resized.length > 0) parts.push(part('resized', resized, entry => describeSize(entry, report)))
  parts.push(part('new', list(report.fresh), shortName), part('dropped', list(report.dropped), shortName))
  return parts.join(', ')
}

/** Every piece of state and every control, in columns; those that look alike in one line. */
export function explainMigration(report: MigrationReport): string {
  const counts = new Map<string, number>()
  const add = (word: string, entries: readonly MigrationEntry[]) => {
    for (const entry of entries) {
      const row = [word, fullName(entry), describeKind(entry), sizeOf(entry, report)].join('\n')
      counts.set(row, (counts.get(row) ?? 0) + 1)
    }
  }
  add('kept', report.kept)
  add('moved', report.moved)
  add('resized', report.resized)
  add('new', report.fresh)
  add('dropped', report.dropped)
  const rows = [...counts].map(([row, count]) => {
    const [word, name, kind, size] = row.split('\n') as [string, string, string, string]
    return [word, name, count > 1 ? `${count} × ${kind}` : kind, size]
  })
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]!.length)))
  const pad = (row: readonly string[]) => row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ')
  return rows.map(row => `  ${pad(row).trimEnd()}`).join('\n')
}

function fullName({ name, formerName }: MigrationEntry): string {
  return formerName === undefined || formerName === name ? name : `${formerName} → ${name}`
}

function describeKind({ kind, form }: MigrationEntry): string {
  return kind === 'delay' ? 'delay line' : (form ?? kind)
}

/** Each once, the first few. */
function names(all: readonly string[]): string {
  const unique = [...new Set(all)]
  if (unique.length === 0) return ''
  const more = unique.length > MOST_NAMES ? ', …' : ''
  return ` (${unique.slice(0, MOST_NAMES).join(', ')}${more})`
}

/** `echo` of `process/echo`. */
function shortName({ name }: MigrationEntry): string {
  return lastPart(name)
}

const lastPart = (name: string) => name.replace(/^.*\//, '')

function describeMove(entry: MigrationEntry): string {
  const [before, after] = [lastPart(entry.formerName ?? entry.name), shortName(entry)]
  return before === after ? after : `${before} → ${after}`
}

function describeSize(entry: MigrationEntry, report: MigrationReport): string {
  return `${describeMove(entry)}: ${sizeOf(entry, report)}`
}

/** How long a line is, and was; empty for variables. */
function sizeOf({ kind, length, formerLength }: MigrationEntry, report: MigrationReport): string {
  if (kind !== 'delay' && kind !== 'table' && length === formerLength) return ''
  const size = (count: number, rate: number | undefined) =>
    rate === undefined || kind !== 'delay' ? `${count}` : `${seconds(count / rate)} s`
  const now = length === undefined ? '' : size(length, report.sampleRate)
  if (formerLength === undefined || formerLength === length)
    return kind === 'delay' || kind === 'table' ? now : ''
  return `${size(formerLength, report.formerSampleRate)} → ${now}`
}

const seconds = (value: number) => String(Number(value.toPrecision(3)))
