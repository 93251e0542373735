/**
 * The session and the world in a loop: lines go in, effects are carried out, their answers go in.
 *
 * Comes in: lines, one after another. Goes out: what the effects do. Knows no keyboard: `terminal.ts` and `script.ts`
 * feed it.
 */
import { cancel, createSession, finish, respond, step } from '../session/session.ts'
import type { Effect, Response, Session, Step } from '../session/types.ts'
import { perform, type Stage } from './perform.ts'

export interface Repl {
  readonly session: Session
  readonly ended: boolean
  /** Resolves when all that the line asked for is done. Lines wait for each other. */
  line(text: string): Promise<void>
  load(file: string, text: string): Promise<void>
  play(): Promise<void>
  /** What came by itself. */
  tell(response: Response): Promise<void>
  cancel(): void
  finish(): Promise<void>
}

export interface ReplOptions {
  readonly name: string | undefined
  readonly stage: (session: () => Session, quit: () => void) => Stage
}

export function createRepl({ name, stage: makeStage }: ReplOptions): Repl {
  let session = createSession(name)
  let ended = false
  let last: Promise<unknown> = Promise.resolve()
  const stage = makeStage(
    () => session,
    () => {
      ended = true
    },
  )

  const settle = async (step: (session: Session) => Step) => {
    const first = step(session)
    session = first.session
    const queue: Effect[] = [...first.effects]
    for (let effect = queue.shift(); effect; effect = queue.shift()) {
      for (const response of await perform(effect, stage)) {
        const next = respond(session, response)
        session = next.session
        queue.unshift(...next.effects)
      }
    }
  }
  const inTurn = (step: (session: Session) => Step): Promise<void> => {
    const result = last.then(() => (ended ? undefined : settle(step)))
    last = result.catch(() => {})
    return result
  }
  return {
    get session() {
      return session
    },
    get ended() {
      return ended
    },
    line: text => inTurn(current => step(current, text)),
    load: (file, text) => inTurn(current => respond(current, { kind: 'loaded', file, text })),
    play: () => inTurn(current => ({ session: current, effects: [{ kind: 'play' }] })),
    tell: async response => {
      const { session: next, effects } = respond(session, response)
      session = next
      for (const effect of effects) await perform(effect, stage)
    },
    cancel: () => {
      session = cancel(session)
    },
    finish: () => inTurn(finish),
  }
}
