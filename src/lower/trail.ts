/**
 * How evaluation got somewhere: the definitions on the way.
 *
 * Comes in: a chain of frames, innermost first. Goes out: labels for a diagnostic, or the names of a cycle. Apart
 * from evaluation because every error inside a library must lead back to the user's own line.
 */
import type { Label } from '../diagnostics.ts'
import type { Span } from '../source.ts'

/** A definition that was entered, and where it was used. */
export interface Frame {
  readonly name: string
  readonly span: Span
  readonly parent: Frame | undefined
}

const MOST_LABELS = 8

/** The chain of definitions that led here, each place once; the entry itself, which nothing uses, left out. */
export function trailLabels(frame: Frame | undefined): Label[] {
  const labels: Label[] = []
  const seen = new Set<string>()
  for (let f = frame; f?.parent && labels.length < MOST_LABELS; f = f.parent) {
    const place = `${f.span.file.name} ${f.span.start}`
    if (seen.has(place)) break
    seen.add(place)
    labels.push({ span: f.span, message: `in \`${f.name}\`, used here` })
  }
  return labels
}

/** The definitions that call each other, outermost first. */
export function cycleOf(frame: Frame | undefined): string[] {
  const names: string[] = []
  for (let f = frame; f && names.length < 12 && !names.includes(f.name); f = f.parent) names.unshift(f.name)
  return names
}
