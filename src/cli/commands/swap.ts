/**
 * `dspc swap OLD NEW`: what happens to the state of a running program when another takes its place.
 *
 * Comes in: two programs and flags. Goes out: the report, as a line, a list or JSON; with `--render` the sound
 * across the swap. The same planning, copying and fading as in the audio host, without sound.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { FADE_SECONDS } from '../../runtime/crossfade.ts'
import { explainMigration, formatMigration } from '../../runtime/migrate.ts'
import { renderSwap } from '../../runtime/render-swap.ts'
import { prepareSwap, type Successor } from '../../runtime/swap.ts'
import { fitSettings } from '../apply-settings.ts'
import { compileJob, type Job, prepare, report } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { fail, failUsage } from '../failure.ts'
import { DEFAULT_SWAP_SECONDS, type SwapFlags } from '../options.ts'
import { say, writeData } from '../terminal.ts'
import { framesOf } from '../values.ts'
import { openWav, type WavSource } from '../wav-source.ts'
import { adviseInput, makePlan, renderToFile } from './render.ts'
import { type RenderPlan, startInstance } from './sounding.ts'

interface Pair {
  readonly job: Job
  readonly old: CompiledProgram
  readonly edited: CompiledProgram
}

export async function swapCommand(
  old: string | undefined,
  edited: string | undefined,
  flags: SwapFlags,
): Promise<ExitCode> {
  if (old === undefined || edited === undefined) return failUsage('swapNeedsTwo', {})
  if (flags.json && flags.render === '-')
    failUsage('optionConflict', { first: '--json', second: '--render=-' })
  const first = await compileJob(await prepare(old, flags))
  const job = await prepare(edited, flags)
  const second = await compileJob(job)
  const pair = { job, old: first.program, edited: second.program }
  const source = flags.in === undefined ? undefined : await openWav(flags.in)
  try {
    return await swapPrograms(pair, flags, source)
  } finally {
    source?.close()
  }
}

async function swapPrograms(pair: Pair, flags: SwapFlags, source: WavSource | undefined): Promise<ExitCode> {
  const { old, edited, job } = pair
  const widest = (key: 'inputs' | 'outputs') => Math.max(old[key], edited[key])
  const { render = '' } = flags
  if (render !== '' && widest('outputs') === 0) fail(EXIT.program, 'noOutputs', {})
  const plan = makePlan({ outputs: widest('outputs') }, render, flags, source)
  const { sampleRate } = plan.format
  const at = framesOf(flags.at ?? { seconds: DEFAULT_SWAP_SECONDS }, sampleRate)
  if (render !== '' && at >= plan.frames)
    failUsage('swapAfterEnd', { option: '--at', at: at / sampleRate, length: plan.frames / sampleRate })
  const instance = await startInstance(old, plan)
  const { settings, remarks } = fitSettings(old, flags.set ?? [])
  for (const { address, value } of settings) instance.set(address, value)
  report(remarks, job.loader)
  const successor = await prepareSuccessor({ program: old, instance }, edited, flags, plan)
  await show(successor, flags, sampleRate)
  if (render === '') return EXIT.ok
  report(adviseInput({ inputs: widest('inputs') }, source, sampleRate), job.loader)
  const sounding = renderSwap({ program: old, instance }, successor, at, plan.frames, source?.fill)
  return await renderToFile(job, sounding, plan)
}

async function prepareSuccessor(
  running: Parameters<typeof prepareSwap>[0],
  program: CompiledProgram,
  flags: SwapFlags,
  plan: RenderPlan,
): Promise<Successor> {
  const { sampleRate } = plan.format
  const fade = flags.fade ?? { seconds: FADE_SECONDS }
  const fadeSeconds = 'seconds' in fade ? fade.seconds : fade.frames / sampleRate
  try {
    const module = await WebAssembly.compile(program.wasm as BufferSource)
    return prepareSwap(running, program, module, { fadeSeconds })
  } catch (error) {
    return fail(EXIT.fault, 'cannotStart', { reason: error instanceof Error ? error.message : String(error) })
  }
}

async function show({ migration, fade }: Successor, flags: SwapFlags, sampleRate: number): Promise<void> {
  const { report: found } = migration
  if (flags.json) {
    const length = fade && { ...fade, seconds: fade.frames / sampleRate }
    await writeData(
      `${JSON.stringify({ summary: formatMigration(found), ...found, fade: length ?? null }, null, 2)}\n`,
    )
    return
  }
  const fading = fade
    ? `cross-fade ${Math.round((1000 * fade.frames) / sampleRate)} ms, ${FADES[fade.shape]}`
    : 'no fade'
  const lines = flags.explain ? [explainMigration(found), fading] : []
  const text = [formatMigration(found), ...lines].filter(line => line !== '').join('\n')
  if (flags.render === '-') say(text)
  else await writeData(`${text}\n`)
}

const FADES = { linear: 'linear', equalPower: 'equal power' }
