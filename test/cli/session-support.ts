/**
 * Sessions without terminal, player and compiler: types lines, answers effects.
 */
import { createSession, respond, step } from '../../src/cli/session/session.ts'
import type { Effect, Response, Session, Step } from '../../src/cli/session/types.ts'
import type { Control } from '../../src/core/program.ts'
import type { SwapOutcome } from '../../src/runtime/player-types.ts'

export const control = (address: string, more: Partial<Control> = {}): Control => ({
  kind: 'hslider',
  address,
  label: address.replace(/^.*\//, ''),
  init: 440,
  min: 50,
  max: 2000,
  step: 1,
  metadata: [],
  offset: 0,
  ...more,
})

/** Types lines one after another; answers nothing. */
export function type(lines: readonly string[], start: Session = createSession()): Step {
  return lines.reduce<Step>((before, line) => step(before.session, line), { session: start, effects: [] })
}

export const answer = (session: Session, response: Response) => respond(session, response).session

export const facts = (controls: readonly Control[] = []) => ({ inputs: 0, outputs: 1, controls })

export function outcome(snapshot: number | undefined): SwapOutcome {
  const report = { kept: [], moved: [], resized: [], fresh: [], dropped: [] }
  return { ok: true, report, serial: 1, snapshot, frame: 0, fadeFrames: 0 }
}

/** A session whose program runs. */
export function running(lines: readonly string[], controls: readonly Control[] = []): Session {
  const { session, effects } = type(lines)
  const run = effects.find(effect => effect.kind === 'run')!
  const playing = answer(session, { kind: 'playing', playing: true })
  return answer(playing, {
    kind: 'ran',
    version: run.version,
    program: facts(controls),
    outcome: outcome(undefined),
  })
}

export function programOf(session: Session): string {
  const [save] = step(session, ':save x').effects
  return save?.kind === 'save' ? save.text : ''
}

export const kinds = (effects: readonly Effect[]) => effects.map(effect => effect.kind)
export const codes = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.kind === 'diagnose' ? effect.diagnostics.map(d => d.code) : []))
export const printed = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.kind === 'print' ? [effect.text] : [])).join('\n')
