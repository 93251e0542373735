/**
 * What stands behind the longer commands: measuring, controls, MIDI by hand.
 *
 * Comes in: a session and the arguments of a command. Goes out: a step. Apart from the table of commands, which is to
 * be read as a table.
 */
import { makeDiagnostic } from '../../diagnostics.ts'
import { readNumber, readView, resolveControl } from './arguments.ts'
import { aloneWith, hasProcess } from './measure.ts'
import { listMidi, MIDI_KINDS, midiChanges } from './midi.ts'
import { compose } from './program.ts'
import { done, misused, print, wrong } from './results.ts'
import type { Purpose, Session, Step, View } from './types.ts'
import { piecesOf } from './versions.ts'

export function withProgram(session: Session, use: (program: NonNullable<Session['program']>) => Step): Step {
  return session.program
    ? use(session.program)
    : wrong(session, makeDiagnostic('noProgramYet', undefined, {}))
}

export function withProcess(session: Session, use: (source: ReturnType<typeof compose>) => Step): Step {
  const pieces = piecesOf(session)
  if (!hasProcess(pieces)) return wrong(session, makeDiagnostic('noProgramYet', undefined, {}))
  return use(compose(session.name, pieces))
}

export function evaluate(session: Session, expression: string, purpose: Purpose): Step {
  const source = aloneWith(session, piecesOf(session), expression)
  return done(session, { kind: 'evaluate', source, expression, purpose })
}

export function measure(session: Session, kind: View['kind'], argument: string): Step {
  const { expression, view } = readView(kind, argument)
  if (!session.playing) return wrong(session, makeDiagnostic('nothingPlays', undefined, {}))
  if (expression !== '' && expression !== 'process')
    return evaluate(session, expression, { kind: 'tap', view })
  return withProgram(session, ({ outputs }) => {
    if (outputs === 0) return wrong(session, makeDiagnostic('nothingToMeasure', undefined, {}))
    const whole = { expression: 'process', source: undefined, first: 0, count: outputs, audible: outputs }
    return done(session, { kind: 'tap', ...whole, view })
  })
}

export function setControl(session: Session, argument: string): Step {
  const match = /^(.*\S)\s*[\s=]\s*(\S+)$/.exec(argument)
  if (!match) return misused(session, 'set', 'CONTROL VALUE')
  const value = readNumber(match[2]!)
  if (value === undefined) {
    return wrong(
      session,
      makeDiagnostic('commandValue', undefined, { value: match[2]!, expected: 'a number' }),
    )
  }
  return withProgram(session, ({ controls }) => {
    const control = resolveControl(controls, match[1]!)
    if (!control.ok) return wrong(session, control.diagnostic)
    return done(session, { kind: 'set', address: control.value.address, value })
  })
}

export function midi(session: Session, argument: string): Step {
  return withProgram(session, ({ controls }) => {
    if (argument === '') return print(session, listMidi(controls))
    const [word, ...rest] = argument.split(/\s+/)
    const kind = MIDI_KINDS.find(k => k.name === word)
    const numbers = rest.map(text => readNumber(text) ?? Number.NaN)
    if (!kind || numbers.length < kind.numbers || numbers.some(Number.isNaN))
      return misused(session, 'midi', '[KIND NUMBERS…]')
    const changes = midiChanges(controls, kind, numbers)
    if (changes.length === 0) return print(session, 'no control listens to this message')
    return done(session, ...changes.map(change => ({ kind: 'set', ...change }) as const))
  })
}
