/**
 * Undo and redo: the chain of versions of the program.
 *
 * Comes in: a session and new pieces, or a direction. Goes out: the session at that version, and what to run. A
 * version keeps the number of the player's snapshot from when it was left, so that state comes back with it.
 */
import { makeDiagnostic } from '../../diagnostics.ts'
import { hasProcess } from './measure.ts'
import { compose, processPiece } from './program.ts'
import type { Effect, Piece, Session, Step, Version } from './types.ts'

/** Snapshots are memory of the player; nobody goes back further. */
const MOST_VERSIONS = 100

export function currentVersion(session: Session): Version {
  return session.versions[session.current]!
}

export function piecesOf(session: Session): readonly Piece[] {
  return currentVersion(session).pieces
}

/** The next version; what was undone before is gone. */
export function edit(session: Session, pieces: readonly Piece[]): Step {
  const versions = session.versions.slice(
    Math.max(0, session.current + 2 - MOST_VERSIONS),
    session.current + 1,
  )
  versions.push({ id: session.nextId, pieces })
  const next = { ...session, versions, current: versions.length - 1, nextId: session.nextId + 1 }
  return { session: next, effects: hasProcess(pieces) ? [runCurrent(next)] : [] }
}

/** Compiles the current version and lets it sound; a program without `process` is silent. */
export function runCurrent(session: Session, restore?: number): Effect {
  const { id, pieces } = currentVersion(session)
  const silence = processPiece({ origin: 'silence', offset: 0, text: '0' })
  const source = compose(session.name, hasProcess(pieces) ? pieces : [...pieces, silence])
  return { kind: 'run', version: id, source, ...(restore === undefined ? {} : { restore }) }
}

export function travel(session: Session, what: 'undo' | 'redo'): Step {
  const target = session.versions[session.current + (what === 'undo' ? -1 : 1)]
  if (!target) {
    const diagnostics = [makeDiagnostic('nothingToUndo', undefined, { what })]
    return { session: { ...session, failed: true }, effects: [{ kind: 'diagnose', diagnostics }] }
  }
  const next = { ...session, current: session.versions.indexOf(target) }
  const changed = describeDifference(piecesOf(session), target.pieces)
  const note: Effect = { kind: 'note', text: `${what}: ${changed}` }
  // Where the last change did not compile, its predecessor still sounds, and nothing has to be brought back.
  if (target.id === session.running && session.tap === undefined) return { session: next, effects: [note] }
  const isSilent = session.running === undefined && !hasProcess(target.pieces)
  return { session: next, effects: isSilent ? [note] : [note, runCurrent(next, target.snapshot)] }
}

/** Names of what is different. */
function describeDifference(from: readonly Piece[], to: readonly Piece[]): string {
  const names = (a: readonly Piece[], b: readonly Piece[]) => a.filter(p => !b.includes(p)).map(nameOf)
  const changed = [...new Set([...names(from, to), ...names(to, from)])]
  return changed.length === 0 ? 'nothing changes' : changed.join(', ')
}

function nameOf({ kind, key }: Piece): string {
  return kind === 'import' ? `import("${key}")` : key.trim()
}

/** The version that ran is left: with it goes the state that it had. */
export function leave(session: Session, snapshot: number | undefined): readonly Version[] {
  if (snapshot === undefined || session.running === undefined) return session.versions
  return session.versions.map(v => (v.id === session.running ? { ...v, snapshot } : v))
}
