/**
 * What evaluation notes of boxes: what they are called, what they are values of.
 *
 * Comes in: notes. Goes out: tables of a compilation, filled in the order of the notes, in which the first counts as a rule.
 * Apart from the places that take notes because those of an earlier version of the program come here too (`journal.ts`).
 */
import { assertNever } from '../source.ts'
import type { Box } from './box.ts'
import type { Evaluator } from './evaluate.ts'
import type { Note } from './journal.ts'

export function carryOut(evaluator: Evaluator, note: Note): void {
  const { boxes, scopes } = evaluator
  switch (note.kind) {
    case 'name':
      if (boxes.names.has(note.box)) return
      boxes.names.set(note.box, note.name)
      boxes.callees.files.set(note.box, note.file)
      return
    case 'callee':
      noteCallee(evaluator, note)
      return
    case 'outputs':
      boxes.callees.outputs.set(note.box, note.names)
      return
    case 'closed':
      noteClosed(evaluator, note.box, note.closed)
      return
    case 'declared':
      evaluator.declared.add(note.metadata)
      return
    case 'file':
      scopes.fileEnvironment(note.file, note.at)
      return
    case 'contents':
      scopes.ownEnvironment(note.of, note.environment)
      return
    default:
      assertNever(note)
  }
}

/** A value remembers what function it is a value of. */
function noteCallee({ boxes }: Evaluator, { box, of, name }: Extract<Note, { kind: 'callee' }>): void {
  const { names, callees } = boxes
  const known = callees.of(of)[0]
  const called = name ?? names.get(of) ?? known?.name
  if (called !== undefined) callees.add(box, called, callees.files.get(of) ?? known?.file)
}

/** What is known of a box holds for it without functions inside. */
function noteClosed({ boxes }: Evaluator, box: Box, closed: Box): void {
  const { names, callees } = boxes
  const name = names.get(box)
  if (name !== undefined && !names.has(closed)) names.set(closed, name)
  callees.inherit(box, closed)
}
