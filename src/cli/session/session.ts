/**
 * The REPL without a terminal: what a line does to a session, and what an answer does to it.
 *
 * Comes in: a session and a line, or a session and a response. Goes out: the next session, and effects for someone
 * else to perform. No IO and no clock, so that every behaviour of the REPL is tested as a table.
 */
import type { Diagnostic } from '../../diagnostics.ts'
import { assertNever } from '../../source.ts'
import { COMMANDS, runCommand } from './commands.ts'
import { readInput, type Stretch } from './input.ts'
import { aloneWith } from './measure.ts'
import { mapDiagnostics, parsePieces, replacePieces, TYPED } from './program.ts'
import { respondEvaluated, respondRan } from './responses.ts'
import type { Effect, Response, Session, Step } from './types.ts'
import { edit, piecesOf } from './versions.ts'

export function createSession(name = TYPED): Session {
  return {
    name,
    transcript: '',
    files: new Map(),
    pending: undefined,
    versions: [{ id: 0, pieces: [] }],
    current: 0,
    running: undefined,
    program: undefined,
    former: undefined,
    tap: undefined,
    playing: false,
    status: undefined,
    report: undefined,
    recording: undefined,
    failed: false,
    nextId: 1,
  }
}

/** One line was typed. */
export function step(session: Session, line: string): Step {
  const offset = session.pending?.offset ?? session.transcript.length
  const typed: Session = { ...session, transcript: `${session.transcript}${line}\n` }
  if (!session.pending && /^\s*:/.test(line)) return runCommand(typed, line)
  if (session.pending && namesCommand(line) && isForgivable(session.pending.text)) {
    const before = finish(session)
    const after = step(before.session, line)
    return { session: after.session, effects: [...before.effects, ...after.effects] }
  }
  const text = typed.transcript.slice(offset, -1)
  return take(typed, { text, offset, final: session.pending !== undefined && line.trim() === '' })
}

/** `:meters`, but not `: meters`: a program may go on with a composition. */
function namesCommand(line: string): boolean {
  const name = /^:([a-z-]+)/.exec(line)?.[1]
  return COMMANDS.some(command => command.name === name)
}

/** Only its `;` is missing. */
const isForgivable = (text: string) => readInput(`${text};`).kind === 'whole'

/** Nothing more will be typed. */
export function finish(session: Session): Step {
  if (!session.pending) return { session, effects: [] }
  return take(session, { ...session.pending, final: true })
}

/** Forgets the lines of an input that is not complete. */
export function cancel(session: Session): Session {
  return { ...session, pending: undefined }
}

interface Typed {
  readonly text: string
  readonly offset: number
  readonly final: boolean
}

function take(session: Session, { text, offset, final }: Typed): Step {
  const input = readInput(text, final)
  switch (input.kind) {
    case 'empty':
      return { session: cancel(session), effects: [] }
    case 'open':
      return { session: { ...session, pending: { text, offset } }, effects: [] }
    case 'whole': {
      const written = ({ start, end }: Stretch) => {
        return { origin: TYPED, offset: offset + start, text: text.slice(start, end) }
      }
      const first = input.statements
        ? define(cancel(session), written(input.statements))
        : { session: cancel(session), effects: [] }
      if (!input.expression) return first
      const second = ask(first.session, written(input.expression))
      return { session: second.session, effects: [...first.effects, ...second.effects] }
    }
    default:
      return assertNever(input)
  }
}

/** Statements: each takes the place of what it defines anew. */
function define(session: Session, written: Parameters<typeof parsePieces>[0]): Step {
  const parsed = parsePieces(written)
  if (!parsed.ok) return complain(session, mapDiagnostics(parsed.diagnostics, parsed.source, session))
  return edit(session, replacePieces(piecesOf(session), parsed.pieces))
}

/** An expression by itself: what it is decides what happens. */
function ask(session: Session, { offset, text }: { offset: number; text: string }): Step {
  const source = aloneWith(session, piecesOf(session), text)
  const effect: Effect = { kind: 'evaluate', source, expression: text, purpose: { kind: 'show', offset } }
  return { session, effects: [effect] }
}

function complain(session: Session, diagnostics: readonly Diagnostic[]): Step {
  const failed = session.failed || diagnostics.some(d => d.severity === 'error')
  const effects: Effect[] = diagnostics.length === 0 ? [] : [{ kind: 'diagnose', diagnostics }]
  return { session: { ...session, failed }, effects }
}

/** Something that an effect asked for happened, or something came by itself. */
export function respond(session: Session, response: Response): Step {
  const only = (changes: Partial<Session>): Step => ({ session: { ...session, ...changes }, effects: [] })
  switch (response.kind) {
    case 'ran':
      return respondRan(session, response)
    case 'evaluated':
      return respondEvaluated(session, response)
    case 'tapped':
      return only({ tap: response.expression })
    case 'compiled':
      return complain(session, mapDiagnostics(response.diagnostics, response.source, session))
    case 'wrong':
      return complain(session, response.diagnostics)
    case 'loaded':
      return load(session, response.file, response.text)
    case 'recovered':
      return only({ ...session.former, former: undefined, tap: undefined })
    case 'playing':
      return only(response.playing ? { playing: true } : silenced(session))
    case 'recording':
      return only({ recording: response.file })
    case 'status':
      return only({ status: response.status })
    default:
      return assertNever(response)
  }
}

/** States went with the player that kept them. */
function silenced({ versions }: Session): Partial<Session> {
  const bare = versions.map(({ id, pieces }) => ({ id, pieces }))
  return { playing: false, tap: undefined, recording: undefined, status: undefined, versions: bare }
}

/** The file is the program from now on. */
function load(session: Session, file: string, text: string): Step {
  const known: Session = { ...session, files: new Map([...session.files, [file, text]]) }
  const parsed = parsePieces({ origin: file, offset: 0, text })
  if (!parsed.ok) return complain(known, mapDiagnostics(parsed.diagnostics, parsed.source, known))
  return edit(known, parsed.pieces)
}
