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
  const size = (length: number | undefined, rate: number | undefined) => {
    if (length === undefined) return '?'
    return rate === undefined || entry.kind !== 'delay' ? `${length}` : `${seconds(length / rate)} s`
  }
  const before = size(entry.formerLength, report.formerSampleRate)
  return `${describeMove(entry)}: ${before} → ${size(entry.length, report.sampleRate)}`
}

const seconds = (value: number) => String(Number(value.toPrecision(3)))
