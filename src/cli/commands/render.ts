/**
 * `dspc FILE -o FILE.wav`: renders to a file in constant memory.
 *
 * Comes in: a program and flags. Goes out: a WAV file, complete or absent, and what is worth knowing about it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CompiledProgram } from '../../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { DEFAULT_BLOCK_SIZE } from '../../runtime/render.ts'
import { isFloat, type Levels } from '../../runtime/wav.ts'
import { fitSettings } from '../apply-settings.ts'
import { accept, type Job, report } from '../compile-program.ts'
import { draftJob } from '../drafts.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { fail } from '../failure.ts'
import { catchInterrupt } from '../interrupt.ts'
import { DEFAULT_BITS, DEFAULT_RATE, DEFAULT_SECONDS, type MainFlags } from '../options.ts'
import { showProgress } from '../progress.ts'
import { say } from '../terminal.ts'
import { framesOf } from '../values.ts'
import { type WavSink, wavSink } from '../wav-sink.ts'
import { openWav, type WavSource } from '../wav-source.ts'
import { soundDraft } from './render-draft.ts'
import type { RenderPlan, Sounding } from './sounding.ts'

/** How long the loop runs before it looks whether Ctrl-C was pressed. */
const TURN_MS = 25

export async function renderCommand(job: Job, output: string, flags: MainFlags): Promise<ExitCode> {
  const source = flags.in === undefined ? undefined : await openWav(flags.in)
  try {
    const drafted = accept(await draftJob(job), job)
    const { program } = drafted
    if (program.outputs === 0) fail(EXIT.program, 'noOutputs', {})
    const plan = makePlan(program, output, flags, source)
    report(adviseInput(program, source, plan.format.sampleRate), job.loader)
    const { settings, remarks } = fitSettings(program, flags.set ?? [])
    const sounding = await soundDraft({ drafted, plan, settings, fill: source?.fill })
    report(remarks, job.loader)
    return await renderToFile(job, sounding, plan)
  } finally {
    source?.close()
  }
}

/** `flags` as for rendering; the program with the most outputs decides. */
export function makePlan(
  program: Pick<CompiledProgram, 'outputs'>,
  output: string,
  flags: Pick<MainFlags, 'rate' | 'bits' | 'duration' | 'block'>,
  source?: WavSource,
): RenderPlan {
  const sampleRate = flags.rate ?? source?.info.sampleRate ?? DEFAULT_RATE
  const format = { samples: flags.bits ?? DEFAULT_BITS, channels: program.outputs, sampleRate }
  const inputFrames = source && source.info.frames > 0 ? { frames: source.info.frames } : undefined
  const duration = flags.duration ?? inputFrames ?? { seconds: DEFAULT_SECONDS }
  return {
    output,
    format,
    frames: framesOf(duration, sampleRate),
    blockSize: flags.block ?? DEFAULT_BLOCK_SIZE,
    defaultLength: flags.duration === undefined && inputFrames === undefined,
  }
}

/** What is odd about the input, if anything. */
export function adviseInput(
  program: Pick<CompiledProgram, 'inputs'>,
  source: WavSource | undefined,
  rate: number,
): Diagnostic[] {
  const { inputs } = program
  if (!source) return inputs > 0 ? [makeDiagnostic('inputMissing', undefined, { inputs })] : []
  const { channels, sampleRate: file } = source.info
  const advice = [...source.diagnostics]
  if (channels !== inputs && !(channels === 1 && inputs > 0)) {
    advice.push(makeDiagnostic('inputUnused', undefined, { channels, inputs }))
  }
  if (file !== rate) advice.push(makeDiagnostic('inputRate', undefined, { file, rate }))
  return advice
}

export async function renderToFile(
  { loader }: Pick<Job, 'loader'>,
  sounding: Sounding,
  plan: RenderPlan,
): Promise<ExitCode> {
  const { output, format, frames, blockSize } = plan
  const sink = wavSink(output, format, frames, blockSize)
  const interrupt = catchInterrupt(sink.discard)
  const started = performance.now()
  try {
    await renderAll(sounding, plan, sink, interrupt)
    if (interrupt.requested && sink.levels.frames === 0) sink.discard()
    else await sink.finish()
  } catch (error) {
    sink.discard()
    throw error
  } finally {
    interrupt.release()
  }
  const { levels } = sink
  const seconds = (performance.now() - started) / 1000
  say(describeResult(plan, levels, seconds, interrupt.requested))
  report(adviseLevels(levels, plan), loader)
  if (interrupt.requested) return EXIT.interrupted
  return levels.notFinite > 0 ? EXIT.fault : EXIT.ok
}

async function renderAll(
  sounding: Sounding,
  { frames, format }: RenderPlan,
  sink: WavSink,
  interrupt: { readonly requested: boolean },
): Promise<void> {
  const progress = showProgress(frames, format.sampleRate, process.stderr)
  let turn = performance.now()
  for (;;) {
    const block = step(sounding.blocks, sink.levels, format.sampleRate)
    if (block.done || interrupt.requested) break
    const written = sink.write(sounding.outputs, block.value)
    if (written) await written
    if (performance.now() - turn < TURN_MS) continue
    progress.update(sink.levels.frames)
    await nextTurn()
    await sounding.turn?.(sink.levels.frames)
    turn = performance.now()
  }
  progress.clear()
}

/** The next block; a trap of the compiled program becomes a diagnostic. */
function step(
  blocks: Generator<number, void>,
  levels: Levels,
  sampleRate: number,
): IteratorResult<number, void> {
  try {
    return blocks.next()
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error
    return fail(EXIT.fault, 'programTrapped', { reason: error.message, seconds: levels.frames / sampleRate })
  }
}

function decibels(amplitude: number): string {
  return amplitude === 0 ? '-∞' : (20 * Math.log10(amplitude)).toFixed(1)
}

function describeResult(plan: RenderPlan, levels: Levels, elapsed: number, interrupted: boolean): string {
  const { output, format, defaultLength } = plan
  const seconds = levels.frames / format.sampleRate
  const { samples, channels, sampleRate } = format
  const parts = [
    `${channels} channel${channels === 1 ? '' : 's'}`,
    `${sampleRate} Hz`,
    `${Number.parseInt(samples, 10)} bit${isFloat(samples) ? ' float' : ''}`,
    `${seconds.toFixed(3)} s${defaultLength ? ' (the default; choose with --duration)' : ''}`,
    `peak ${decibels(levels.peak)} dBFS`,
    `${(seconds / Math.max(elapsed, 0.001)).toFixed(0)}× real time`,
  ]
  const verb = interrupted ? 'interrupted; wrote' : 'wrote'
  return `${verb} ${output === '-' ? 'WAV to stdout' : output}: ${parts.join(', ')}`
}

function adviseLevels(levels: Levels, plan: RenderPlan): Diagnostic[] {
  const advice: Diagnostic[] = []
  const { notFinite: samples, firstNotFinite: first, clipped, peak } = levels
  if (first) {
    const args = { samples, channel: first.channel + 1, seconds: first.frame / plan.format.sampleRate }
    advice.push(makeDiagnostic('outputNotFinite', undefined, args))
  }
  if (clipped > 0) {
    const args = { samples: clipped, peak: 20 * Math.log10(peak) }
    advice.push(makeDiagnostic('outputClipped', undefined, args))
  }
  return advice
}
