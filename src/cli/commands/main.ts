/**
 * `dspc FILE …`: decides from the flags whether to summarise, print a stage, render or play.
 */
import { type Job, prepare } from '../compile-program.ts'
import type { ExitCode } from '../exit-codes.ts'
import { failUsage } from '../failure.ts'
import type { Emit, MainFlags } from '../options.ts'

/** Options that mean nothing unless sound is made. */
const RENDER_ONLY = ['duration', 'rate', 'bits', 'in', 'set', 'block'] as const

/** Options that mean nothing unless sound is heard. */
const PLAY_ONLY = ['backend', 'device', 'latency', 'record', 'log', 'panel'] as const
/** Options that do not go with `--play`. */
const NOT_LIVE = ['output', 'emit', 'bits'] as const

export async function mainCommand(file: string | undefined, flags: MainFlags): Promise<ExitCode> {
  checkCost(flags)
  if (flags.watch) checkWatchable(file, flags)
  if (flags.play) return play(file, flags)
  const onlyLive = PLAY_ONLY.find(name => flags[name] !== undefined)
  if (onlyLive) failUsage('optionNeedsPlay', { option: `--${onlyLive}` })
  const emit = flags.emit ?? emitFromName(flags.output)
  const renders = flags.output !== undefined && emit === undefined
  const useless = RENDER_ONLY.find(name => flags[name] !== undefined)
  if (useless && emit) failUsage('optionConflict', { first: `--${useless}`, second: `--emit=${emit}` })
  if (useless && !renders) failUsage('optionNeedsOutput', { option: `--${useless}` })
  if (file === '-' && flags.in === '-') failUsage('optionConflict', { first: '-', second: '--in -' })
  if (renders) checkEnding(flags.output!)

  const job = await prepare(file, flags)
  const act = (job: Job) => once(job, flags, emit)
  return flags.watch ? (await import('../watch/rerun.ts')).rerun(file!, job, flags, act) : act(job)
}

async function once(job: Job, flags: MainFlags, emit: Emit | undefined): Promise<ExitCode> {
  if (flags.explainCost)
    return (await import('./explain-cost.ts')).explainCostCommand(job, Boolean(flags.json))
  if (emit) return (await import('./emit.ts')).emitCommand(job, emit, flags.output)
  if (flags.output !== undefined) {
    return (await import('./render.ts')).renderCommand(job, flags.output, flags)
  }
  return (await import('./summary.ts')).summaryCommand(job)
}

/** It stands in place of whatever else there is to do. */
function checkCost({ explainCost, json, output, emit, play }: MainFlags): void {
  const refuse = (second: string) => failUsage('optionConflict', { first: '--explain-cost', second })
  if (!explainCost) {
    if (json) failUsage('optionNeedsCost', { option: '--json' })
    return
  }
  if (output !== undefined) refuse('-o')
  if (emit) refuse(`--emit=${emit}`)
  if (play) refuse('--play')
}

/** Only files change, and only files can be written anew. */
function checkWatchable(file: string | undefined, flags: MainFlags): void {
  const refuse = (second: string) => failUsage('optionConflict', { first: '--watch', second })
  if (flags.eval !== undefined) refuse('-e')
  if (file === '-') refuse('-')
  if (flags.output === '-') refuse('-o -')
  if (flags.in === '-') refuse('--in -')
}

async function play(file: string | undefined, flags: MainFlags): Promise<ExitCode> {
  const other = NOT_LIVE.find(name => flags[name] !== undefined)
  if (other === 'output') {
    failUsage('optionConflict', { first: '--play', second: '-o' }, '`--record FILE.wav` writes what is heard')
  }
  if (other) failUsage('optionConflict', { first: '--play', second: `--${other}` })
  if (flags.in === '-') failUsage('optionConflict', { first: '--play', second: '--in -' })
  const job = await prepare(file, flags)
  return (await import('./play.ts')).playCommand(file, job, flags)
}

/** `-o synth.wasm` needs no `--emit`. */
function emitFromName(output: string | undefined): Emit | undefined {
  const ending = /\.(wasm|wat|json|svg)$/i.exec(output ?? '')?.[1]
  return ending?.toLowerCase() as Emit | undefined
}

/** A WAV file under the name of another format would be taken for broken. */
function checkEnding(output: string): void {
  const ending = /\.(mp3|ogg|opus|flac|aiff?|m4a|aac|raw|dsp|lib)$/i.exec(output)?.[0]
  if (!ending) return
  const expected = 'a name that ends in .wav, .wasm, .wat, .json or .svg'
  failUsage(
    'badOptionValue',
    { option: '-o', value: output, expected },
    'only WAV is written; convert it afterwards',
  )
}
