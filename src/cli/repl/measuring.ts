/**
 * Pictures of signals: while they play, from taps of the running program, or computed from the start.
 *
 * Comes in: an effect that asks for a picture. Goes out: lines on the screen.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDiagnostic } from '../../diagnostics.ts'
import { render } from '../../runtime/render.ts'
import { framesWanted, showView } from '../plot/view.ts'
import { drawWave } from '../plot/wave.ts'
import type { Effect, Response } from '../session/types.ts'
import type { Stage } from './perform.ts'

/** More outputs than that do not fit on a screen. */
const MOST_PICTURES = 4
const ROWS = 12
const MOST_COLUMNS = 100

function sizeFor({ screen }: Stage, pictures: number) {
  const rows = Math.max(4, Math.floor(Math.min(ROWS, screen.rows - 4) / (pictures > 1 ? 2 : 1)))
  return { columns: Math.min(MOST_COLUMNS, screen.columns - 1), rows }
}

export async function showPlot(effect: Extract<Effect, { kind: 'plot' }>, stage: Stage): Promise<Response[]> {
  const { source, seconds } = effect
  const { compiler, screen, sampleRate } = stage
  const compiled = await compiler.compile(source)
  if (!compiled.ok) return [{ kind: 'compiled', source, diagnostics: compiled.diagnostics }]
  const frames = Math.max(2, Math.round(seconds * sampleRate))
  const channels = await render(compiled.program, { sampleRate, frames })
  const shown = channels.slice(0, MOST_PICTURES)
  for (const channel of shown) {
    screen.print(drawWave(channel, { ...sizeFor(stage, shown.length), sampleRate }).join('\n'))
  }
  return []
}

export async function showTap(effect: Extract<Effect, { kind: 'tap' }>, stage: Stage): Promise<Response[]> {
  const { source, audible, view, expression } = effect
  const { compiler, sound, screen } = stage
  const responses: Response[] = []
  if (source) {
    const compiled = await compiler.compile(source)
    if (!compiled.ok) return [{ kind: 'compiled', source, diagnostics: compiled.diagnostics }]
    const outcome = await sound.swap(compiled, { audibleOutputs: audible, audition: false })
    if (outcome && !outcome.ok) return [refused(outcome.reason)]
    responses.push({ kind: 'tapped', expression })
  }
  // What was there before this line was typed must have passed, and what another tap left in this output.
  await sleep((1000 * framesWanted(view, stage.sampleRate)) / stage.sampleRate + POLL_MS)
  if (view.live) await screen.animate(() => takePictures(effect, stage))
  else screen.print((await takePictures(effect, stage)).join('\n'))
  return responses
}

async function takePictures(
  { first, count, view }: Extract<Effect, { kind: 'tap' }>,
  stage: Stage,
): Promise<string[]> {
  const pictures = Math.min(count, MOST_PICTURES)
  const lines: string[] = []
  const { sampleRate } = stage.sound.player ?? stage
  for (let i = 0; i < pictures; i++) {
    const samples = await capture(stage, first + i, framesWanted(view, sampleRate))
    lines.push(...showView(samples, view, sampleRate, sizeFor(stage, pictures)))
  }
  return lines
}

function refused(reason: string): Response {
  return { kind: 'wrong', diagnostics: [makeDiagnostic('swapRefused', undefined, { reason })] }
}

const POLL_MS = 20
const PATIENCE_MS = 3000

/** Waits until the output has run for as long as is wanted; what is paused gives what it has. */
async function capture({ sound }: Stage, output: number, frames: number): Promise<Float32Array> {
  for (let waited = 0; ; waited += POLL_MS) {
    const samples = (await sound.player?.capture(output, frames)) ?? new Float32Array(0)
    if (samples.length >= frames || waited >= PATIENCE_MS) return samples
    await sleep(POLL_MS)
  }
}
