/**
 * Small steps that most commands end with.
 *
 * Comes in: a session and what to say. Goes out: a step. Apart from the commands because both the table and what
 * stands behind it use them.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import type { Effect, Session, Step } from './types.ts'

export const done = (session: Session, ...effects: Effect[]): Step => ({ session, effects })

export const print = (session: Session, text: string): Step => done(session, { kind: 'print', text })

export function wrong(session: Session, diagnostic: Diagnostic): Step {
  return { session: { ...session, failed: true }, effects: [{ kind: 'diagnose', diagnostics: [diagnostic] }] }
}

/** The command is not written like that. */
export function misused(session: Session, command: string, expected: string): Step {
  return wrong(session, makeDiagnostic('commandArguments', undefined, { command, expected }))
}
