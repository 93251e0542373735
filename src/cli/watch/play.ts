/**
 * `--play --watch`: what is saved is heard, with the state that both programs have.
 *
 * Comes in: a player that plays, or waits for its first program, and what was compiled so far. Goes out: swaps, and a
 * line about each. A program with errors changes nothing but what is printed.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { formatMigration } from '../../runtime/migrate.ts'
import type { Player, SwapOptions, SwapOutcome } from '../../runtime/player-types.ts'
import { type Job, report, tryJob } from '../compile-program.ts'
import type { CompileFlags } from '../options.ts'
import { say } from '../terminal.ts'
import { type Following, follow, isStale } from './follow.ts'
import { startWarmUp } from './warm-up.ts'

export interface WatchPlayingOptions {
  readonly file: string
  readonly flags: CompileFlags
  readonly job: Job
  readonly player: Player
  /** What plays; undefined when there was an error. */
  readonly sounding: CompiledProgram | undefined
  /** Of the first program, and of those after it. */
  readonly swapOptions: (program: CompiledProgram, isFirst: boolean) => SwapOptions
  /** Makes room for a message. */
  readonly clear: () => void
  readonly broken: (error: unknown) => void
}

export function watchPlaying(options: WatchPlayingOptions): Following {
  const { file, flags, job, player, clear } = options
  let sounding = options.sounding
  let isFirst = sounding === undefined
  let failed = isFirst
  let warned: ReadonlySet<string> = new Set()
  // What was muted is not heard any more, whatever plays in its place.
  player.on('muted', () => {
    sounding = undefined
  })

  const tell = (diagnostics: readonly Diagnostic[], loader: Job['loader']) => {
    clear()
    report(diagnostics, loader)
  }
  const edited = async (job: Job, changed: readonly string[]) => {
    warm.cancel()
    const { program, diagnostics: all, milliseconds } = await tryJob(job)
    const silent = program?.outputs === 0 ? [makeDiagnostic('noOutputs', undefined, {})] : []
    const diagnostics = [...all, ...silent]
    if (!program || silent.length > 0) {
      // What is seen while an editor writes is not worth a message.
      if (isStale(job)) return
      tell(diagnostics, job.loader)
      say(isFirst ? 'waiting for a program without errors' : 'what played before plays on')
      failed = true
      return
    }
    tell(
      diagnostics.filter(d => !warned.has(d.message)),
      job.loader,
    )
    warned = new Set(diagnostics.map(d => d.message))
    const same = sounding !== undefined && isSameProgram(sounding, program)
    const outcome = same ? undefined : await player.swap(program, options.swapOptions(program, isFirst))
    clear()
    if (outcome && !outcome.ok) {
      if (outcome.code === 'ended') return
      failed = true
      tell([makeDiagnostic('swapRefused', undefined, { reason: outcome.reason })], job.loader)
      return say(isFirst ? 'waiting for another program' : 'what played before plays on')
    }
    say(describe(changed, outcome, { milliseconds, failed, isFirst, sampleRate: player.sampleRate }))
    sounding = program
    isFirst = false
    failed = false
  }
  const unreadable = ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => {
    failed = true
    tell(diagnostics, job.loader)
    say(isFirst ? 'waiting for the file' : 'what played before plays on')
  }
  const warm = startWarmUp(job)
  const following = follow({ file, flags, first: job, edited, unreadable, broken: options.broken })
  return {
    close: () => {
      warm.cancel()
      return following.close()
    },
  }
}

interface Facts {
  readonly milliseconds: number
  readonly failed: boolean
  readonly isFirst: boolean
  readonly sampleRate: number
}

/** `synth.dsp: kept 14, new 2 (chorus), dropped 0; compiled in 41 ms, heard from 12.345 s (frame 592560)`. */
function describe(
  changed: readonly string[],
  outcome: (SwapOutcome & { readonly ok: true }) | undefined,
  { milliseconds, failed, isFirst, sampleRate }: Facts,
): string {
  const what = isFirst ? 'plays' : outcome ? formatMigration(outcome.report) : 'sounds the same, plays on'
  const good = failed && !isFirst ? 'fine again: ' : ''
  const seconds =
    outcome && `heard from ${(outcome.frame / sampleRate).toFixed(3)} s (frame ${outcome.frame})`
  const times = [`compiled in ${Math.round(milliseconds)} ms`, ...(seconds && !isFirst ? [seconds] : [])]
  return `${changed.join(', ')}: ${good}${what}; ${times.join(', ')}`
}

function isSameProgram(a: CompiledProgram, b: CompiledProgram): boolean {
  return Buffer.compare(a.wasm, b.wasm) === 0 && descriptionOf(a) === descriptionOf(b)
}

const descriptionOf = ({ controls, ui, layout, inputs, outputs }: CompiledProgram) =>
  JSON.stringify([controls, ui, layout, inputs, outputs])
