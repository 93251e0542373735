/**
 * Carries out what a session asks for.
 *
 * Comes in: an effect. Goes out: what to tell the session. All IO of the REPL but the keyboard is here and in what
 * this file calls.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { assertNever } from '../../source.ts'
import { readText } from '../read-text.ts'
import type { Effect, Evaluated, Response, Session } from '../session/types.ts'
import { piecesOf } from '../session/versions.ts'
import { writeWholeFile } from '../write-file.ts'
import type { Compiler } from './compiler.ts'
import { documentName } from './document.ts'
import { showPlot, showTap } from './measuring.ts'
import { findSignature } from './signature.ts'
import { guardPlayer, type Playable, type Sound } from './sound.ts'

/** Where things are shown. */
export interface Screen {
  print(text: string): void
  note(text: string): void
  diagnose(diagnostics: readonly Diagnostic[]): void
  readonly columns: number
  readonly rows: number
  /** Draws the same place again and again until a key is pressed; once, where there are no keys. */
  animate(frame: () => Promise<readonly string[]>): Promise<void>
}

export interface Stage {
  readonly compiler: Compiler
  readonly sound: Sound
  readonly screen: Screen
  readonly sampleRate: number
  readonly session: () => Session
  quit(): void
  readonly ended: AbortSignal
  /** What was compiled last, for `:play`. */
  last: Playable | undefined
}

export function perform(effect: Effect, stage: Stage): Promise<Response[]> {
  return guardPlayer(() => performNow(effect, stage))
}

async function performNow(effect: Effect, stage: Stage): Promise<Response[]> {
  const { screen, sound } = stage
  switch (effect.kind) {
    case 'print':
      return nothing(screen.print(effect.text))
    case 'note':
      return nothing(screen.note(effect.text))
    case 'diagnose':
      return nothing(screen.diagnose(effect.diagnostics))
    case 'run':
      return run(effect, stage)
    case 'evaluate':
      return evaluate(effect, stage)
    case 'plot':
      return showPlot(effect, stage)
    case 'tap':
      return showTap(effect, stage)
    case 'draw':
    case 'listing':
      return write(effect, stage)
    case 'set':
      return setControl(effect, stage)
    case 'document':
      return documentName(effect, stage)
    case 'play':
      return play(stage)
    case 'stop':
      await sound.player?.pause()
      return []
    case 'record':
      return record(effect.file, stage)
    case 'save':
      writeWholeFile(effect.file, effect.text)
      return nothing(screen.note(`wrote ${effect.file}`))
    case 'load':
      return load(effect.file)
    case 'wait':
      // Broken off when the session ends meanwhile.
      await sleep(effect.seconds * 1000, undefined, { signal: stage.ended }).catch(() => {})
      return []
    case 'quit':
      return nothing(stage.quit())
    default:
      return assertNever(effect)
  }
}

/** For what has no answer. */
function nothing(_done: unknown): Response[] {
  return []
}

async function run(effect: Extract<Effect, { kind: 'run' }>, stage: Stage): Promise<Response[]> {
  const { source, version, restore } = effect
  stage.sound.player?.expect()
  const compiled = await stage.compiler.draft(source)
  const responses: Response[] = [{ kind: 'compiled', source, diagnostics: compiled.diagnostics }]
  if (!compiled.ok) return responses
  const { inputs, outputs, controls } = compiled.program
  const outcome = await stage.sound.swap(compiled, restore === undefined ? {} : { restore })
  if (!outcome || outcome.ok) stage.last = compiled
  const program = { inputs, outputs, controls }
  return [...responses, { kind: 'ran', version, program, ...(outcome ? { outcome } : {}) }]
}

/** No rule fits, a count is not known, recursion does not end, a delay may be negative: so it is without arguments. */
const FOR_LACK_OF_ARGUMENTS = new Set(['DSP0307', 'DSP0312', 'DSP0317', 'DSP0501'])

async function evaluate(
  { source, expression, purpose }: Extract<Effect, { kind: 'evaluate' }>,
  { compiler, session, sampleRate }: Stage,
): Promise<Response[]> {
  const { value, diagnostics } = await compiler.evaluate(source, sampleRate)
  const isAsked = purpose.kind === 'type' || purpose.kind === 'show'
  const isMeant =
    value !== undefined || diagnostics.every(d => d.severity !== 'error' || FOR_LACK_OF_ARGUMENTS.has(d.code))
  const own = piecesOf(session()).map(piece => piece.head + piece.text)
  const { load } = compiler.loader(source)
  const signature = isAsked && isMeant ? findSignature(expression, own, source.text, load) : undefined
  const found: Evaluated | undefined = value ?? (signature && { kind: 'rules', signature })
  if (!found) return [{ kind: 'compiled', source, diagnostics }]
  const described = found.kind === 'function' ? { ...found, signature } : found
  return [{ kind: 'evaluated', expression, purpose, value: described }]
}

async function play(stage: Stage): Promise<Response[]> {
  const { sound } = stage
  if (sound.player) {
    await sound.player.resume()
    return [{ kind: 'playing', playing: true }]
  }
  const responses = await sound.open()
  const outcome = stage.last && (await sound.swap(stage.last, {}))
  if (!outcome || outcome.ok) return responses
  const diagnostics = [makeDiagnostic('swapRefused', undefined, { reason: outcome.reason })]
  return [...responses, { kind: 'wrong', diagnostics }]
}

async function setControl(
  { address, value }: Extract<Effect, { kind: 'set' }>,
  { sound, screen }: Stage,
): Promise<Response[]> {
  if (!sound.player) return nothing(screen.note('nothing plays; controls keep their first values'))
  const taken = await sound.player.set(address, value)
  return nothing(screen.note(`${address} = ${taken}${taken === value ? '' : ` (the nearest to ${value})`}`))
}

async function record(file: string | undefined, { sound, screen, session }: Stage): Promise<Response[]> {
  const opened = file === undefined || sound.player ? [] : await sound.open()
  if (!sound.player) return opened
  const before = session().recording
  await sound.player.record(file)
  if (file === undefined) screen.note(before ? `wrote ${before}` : 'nothing was being recorded')
  return [...opened, { kind: 'recording', file }]
}

function load(file: string): Response[] {
  const result = readText(file)
  return result.ok
    ? [{ kind: 'loaded', file, text: result.text }]
    : [{ kind: 'wrong', diagnostics: [result.diagnostic] }]
}

async function write(
  effect: Extract<Effect, { kind: 'draw' | 'listing' }>,
  { compiler, screen }: Stage,
): Promise<Response[]> {
  const { source, file } = effect
  if (effect.kind === 'draw') {
    const { lowered, diagnostics } = compiler.lower(source)
    if (!lowered) return [{ kind: 'compiled', source, diagnostics }]
    const { drawTop } = await import('../../diagram/draw.ts')
    writeWholeFile(effect.file, drawTop(lowered.box, 'process', lowered.names))
    return nothing(screen.note(`wrote ${effect.file}`))
  }
  const { emitStage } = await import('../../emit-stage.ts')
  const result = await emitStage(source.text, compiler.options(compiler.loader(source), source), 'wat')
  if (!result.ok) return [{ kind: 'compiled', source, diagnostics: result.diagnostics }]
  if (file === undefined) return nothing(screen.print(result.text.trimEnd()))
  writeWholeFile(file, result.text)
  return nothing(screen.note(`wrote ${file}`))
}
