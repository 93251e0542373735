/**
 * What a session makes of the two answers that decide something: a program runs, an expression is known.
 *
 * Comes in: the session and the answer. Goes out: the session, and what to say or do next.
 */
import { makeDiagnostic } from '../../diagnostics.ts'
import { formatMigration } from '../../runtime/migrate.ts'
import type { SwapOutcome } from '../../runtime/player-types.ts'
import { assertNever } from '../../source.ts'
import { aloneWith, besides, hasProcess } from './measure.ts'
import { processPiece, replacePieces, TYPED } from './program.ts'
import { describeArity, describeEvaluated } from './show.ts'
import type { Effect, Evaluated, Purpose, Response, Session, Step } from './types.ts'
import { currentVersion, edit, leave, piecesOf } from './versions.ts'

type Ran = Extract<Response, { kind: 'ran' }>
type Answer = Extract<Response, { kind: 'evaluated' }>

export function respondRan(session: Session, { version, program, outcome }: Ran): Step {
  if (outcome && !outcome.ok) {
    const diagnostics = [makeDiagnostic('swapRefused', undefined, { reason: outcome.reason })]
    return { session: { ...session, failed: true }, effects: [{ kind: 'diagnose', diagnostics }] }
  }
  const known = session.program
  const versions = leave(session, outcome?.snapshot)
  const report = outcome?.report ?? session.report
  const former = { running: session.running, program: session.program }
  const next: Session = { ...session, versions, running: version, program, former, report, tap: undefined }
  const isSame = known && known.inputs === program.inputs && known.outputs === program.outputs
  const arity = isSame ? [] : [describeArity(program)]
  const migration = outcome && outcome.snapshot !== undefined ? [describeSwap(outcome)] : []
  const text = [...arity, ...migration].join('; ')
  return { session: next, effects: text === '' ? [] : [{ kind: 'note', text }] }
}

function describeSwap({ report, anew }: SwapOutcome & { ok: true }): string {
  const why = anew === undefined ? '' : `; all state starts anew, because with it ${anew}`
  return `${formatMigration(report)}${why}`
}

export function respondEvaluated(session: Session, answer: Answer): Step {
  const { purpose, value, expression } = answer
  const print = (text: string): Step => ({ session, effects: [{ kind: 'print', text }] })
  switch (purpose.kind) {
    case 'type':
      return print(describeEvaluated(value, true))
    case 'show':
      if (value.kind === 'block' && value.inputs === 0 && value.outputs > 0)
        return playExpression(session, answer)
      return print(describeEvaluated(value, false))
    case 'plot': {
      const source = aloneWith(session, piecesOf(session), expression)
      return { session, effects: [{ kind: 'plot', source, expression, seconds: purpose.seconds }] }
    }
    case 'tap':
      return tap(session, answer, purpose)
    default:
      return assertNever(purpose)
  }
}

/** What sounds by itself becomes the program. */
function playExpression(session: Session, { expression, purpose, value }: Answer): Step {
  const offset = purpose.kind === 'show' ? purpose.offset : 0
  const piece = processPiece({ origin: TYPED, offset, text: expression })
  const next = edit(session, replacePieces(piecesOf(session), [piece]))
  return {
    session: next.session,
    effects: [{ kind: 'print', text: describeEvaluated(value, false) }, ...next.effects],
  }
}

function arityOf(value: Evaluated): { readonly inputs: number; readonly outputs: number } {
  switch (value.kind) {
    case 'numbers':
      return { inputs: 0, outputs: value.values.length }
    case 'rules':
      return { inputs: 0, outputs: 0 }
    case 'block':
    case 'function':
      return value
  }
}

/** Puts the expression beside the program that runs, if it is not there yet. */
function tap(
  session: Session,
  { expression, value }: Answer,
  purpose: Extract<Purpose, { kind: 'tap' }>,
): Step {
  const wrong = (diagnostic: ReturnType<typeof makeDiagnostic>): Step => ({
    session: { ...session, failed: true },
    effects: [{ kind: 'diagnose', diagnostics: [diagnostic] }],
  })
  const { inputs, outputs } = arityOf(value)
  if (outputs === 0) return wrong(makeDiagnostic('nothingToMeasure', undefined, {}))
  const pieces = runningPieces(session)
  const audible = session.program?.outputs ?? 0
  if (!hasProcess(pieces) || session.running === undefined)
    return wrong(makeDiagnostic('noProgramYet', undefined, {}))
  if (inputs > audible) {
    return wrong(makeDiagnostic('measuredInputs', undefined, { inputs, outputs: audible }))
  }
  const isThere = session.tap === expression
  const source = isThere ? undefined : besides(session, pieces, expression, { inputs, outputs: audible })
  const effect: Effect = {
    kind: 'tap',
    source,
    expression,
    first: audible,
    count: outputs,
    audible,
    view: purpose.view,
  }
  return { session, effects: [effect] }
}

/** What sounds, which is not what was typed last when that has an error. */
function runningPieces(session: Session) {
  return (session.versions.find(v => v.id === session.running) ?? currentVersion(session)).pieces
}
