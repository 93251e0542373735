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
import { type Job, report } from '../compile-program.ts'
import type { DraftPlayer } from '../drafts.ts'
import type { Failure } from '../failure.ts'
import type { CompileFlags } from '../options-compile.ts'
import { say } from '../terminal.ts'
import { type LiveCompiler, startCompiler } from './compiler.ts'
import { type Following, follow, isStale } from './follow.ts'

export interface WatchPlayingOptions {
  readonly file: string
  readonly flags: CompileFlags
  readonly job: Job
  readonly player: Player
  readonly drafts: DraftPlayer
  /** What plays; undefined when there was an error. */
  readonly sounding: CompiledProgram | undefined
  /** Of the first program, shown already. */
  readonly warnings: readonly Diagnostic[]
  /** Of the first program, and of those after it. */
  readonly swapOptions: (program: CompiledProgram, isFirst: boolean) => SwapOptions
  /** Makes room for a message. */
  readonly clear: () => void
  readonly broken: (error: unknown) => void
}

/** What is known from one save to the next. */
interface State {
  readonly options: WatchPlayingOptions
  readonly compiler: LiveCompiler
  sounding: CompiledProgram | undefined
  /** Nothing was heard so far. */
  isFirst: boolean
  /** The last save was no good. */
  failed: boolean
  /** Warnings that were shown. */
  warned: ReadonlySet<string>
}

export function watchPlaying(options: WatchPlayingOptions): Following {
  const { file, flags, job, player, sounding } = options
  const isFirst = sounding === undefined
  const warned = new Set(options.warnings.map(d => d.message))
  const compiler = startCompiler(job, flags)
  const state: State = { options, compiler, sounding, isFirst, failed: isFirst, warned }
  // What was muted is not heard any more, whatever plays in its place.
  player.on('muted', () => {
    state.sounding = undefined
  })
  const edited = (job: Job, changed: readonly string[]) => hear(state, job, changed)
  const unreadable = ({ diagnostics }: Failure) => complain(state, diagnostics, job)
  const following = follow({ file, flags, first: job, edited, unreadable, broken: options.broken })
  return {
    close: () => {
      compiler.close()
      return following.close()
    },
  }
}

/** Compiles what was saved and swaps it in. */
async function hear(state: State, job: Job, changed: readonly string[]): Promise<void> {
  const { player, drafts, swapOptions, clear } = state.options
  player.expect()
  const drafted = await state.compiler.draft(job)
  const { program, diagnostics: found, milliseconds } = drafted
  const silent = program?.outputs === 0 ? [makeDiagnostic('noOutputs', undefined, {})] : []
  const diagnostics = [...found, ...silent]
  if (!program || silent.length > 0) {
    // What is seen while an editor writes is not worth a message.
    if (!isStale(job)) complain(state, diagnostics, job)
    return
  }
  const fresh = diagnostics.filter(d => !state.warned.has(d.message))
  state.warned = new Set(diagnostics.map(d => d.message))
  clear()
  report(fresh, job.loader)
  const same = state.sounding !== undefined && isSameProgram(state.sounding, program)
  const outcome = same ? undefined : await drafts.swap(program, drafted, swapOptions(program, state.isFirst))
  if (outcome && !outcome.ok) {
    if (outcome.code === 'ended') return
    return complain(state, [makeDiagnostic('swapRefused', undefined, { reason: outcome.reason })], job)
  }
  clear()
  say(describe(changed, outcome, { ...state, milliseconds, sampleRate: player.sampleRate }))
  Object.assign(state, { sounding: program, isFirst: false, failed: false })
}

function complain(state: State, diagnostics: readonly Diagnostic[], { loader }: Job): void {
  state.options.clear()
  report(diagnostics, loader)
  say(state.isFirst ? WAITING : PLAYS_ON)
  state.failed = true
}

const WAITING = 'waiting for the next save'
const PLAYS_ON = 'what played before plays on'

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
  const anew = outcome?.anew === undefined ? '' : `; all state starts anew, because with it ${outcome.anew}`
  const swapped = outcome ? `${formatMigration(outcome.report)}${anew}` : 'sounds the same, plays on'
  const what = isFirst ? 'plays' : swapped
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
