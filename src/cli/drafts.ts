/**
 * A program that is heard as soon as it computes the right samples, and made fast while it sounds.
 *
 * Comes in: what to compile, then a player. Goes out: the outcome of a swap; a while later the same program takes its own
 * place in faster code, which nobody hears. A stage of its own because optimising takes half of the time between saving
 * a program and hearing it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Draft, LiveMemory } from '../compile.ts'
import type { CompiledProgram } from '../core/program.ts'
import type { Player, SwapOptions, SwapOutcome } from '../runtime/player-types.ts'
import { isBlockProgram, type Job, type Tried, tryJob } from './compile-program.ts'

/** Makes a draft fast, bit by bit, so that others have their turn; rejects when it is aborted. */
export type Finish = (signal?: AbortSignal) => Promise<CompiledProgram>

export interface Drafted extends Tried {
  /** Absent where it is fast. */
  readonly finish?: Finish | undefined
}

export function abortable(finish: Draft['finish']): Finish | undefined {
  if (!finish) return undefined
  return signal =>
    finish(async () => {
      await nextTurn()
      signal?.throwIfAborted()
    })
}

/** Compiles, and prints nothing. Drawn programs have no drafts, nor have those whose samples may change with each pass. */
export async function draftJob(job: Job, memory?: LiveMemory): Promise<Drafted> {
  if (isBlockProgram(job.source) || job.options.fastMath) return tryJob(job)
  const { draftSource } = await import('../compile.ts')
  let finish: Drafted['finish']
  const tried = await tryJob(job, async ({ source, options }) => {
    const draft = await draftSource(source.text, options, memory)
    finish = abortable(draft.finish)
    return draft
  })
  return { ...tried, finish }
}

/** What goes before it: the outcome is told, messages are sent. */
const LATER_MS = 20

export interface DraftPlayer {
  /** `program` is that of `drafted`. */
  swap(program: CompiledProgram, drafted: Pick<Drafted, 'finish'>, options: SwapOptions): Promise<SwapOutcome>
}

/** A draft that plays. */
interface Unfinished {
  readonly finish: Finish
  readonly serial: number
}

export function createDraftPlayer(player: Player): DraftPlayer {
  let timer: NodeJS.Timeout | undefined
  let abort = new AbortController()
  let unfinished: Unfinished | undefined
  let latest = 0

  const run = async ({ finish, serial }: Unfinished, signal: AbortSignal) => {
    const finished = await finish(signal)
    if (signal.aborted) return
    unfinished = undefined
    await player.swap(finished, { finishes: serial, audition: false })
  }
  const finishLater = () => {
    const [playing, { signal }] = [unfinished, abort]
    if (!playing) return
    // What plays is right already: a fault here is for the next compilation to tell.
    timer = setTimeout(() => void run(playing, signal).catch(() => {}), LATER_MS)
    timer.unref()
  }
  const interrupt = () => {
    clearTimeout(timer)
    abort.abort()
    abort = new AbortController()
    return ++latest
  }
  const attempt = async (program: CompiledProgram, finish: Finish | undefined, options: SwapOptions) => {
    const outcome = await player.swap(program, finish ? { ...options, draft: true } : options)
    if (outcome.ok) unfinished = finish && { finish, serial: outcome.serial }
    return outcome
  }
  const swap: DraftPlayer['swap'] = async (program, { finish }, options) => {
    // Nobody needs to finish what was saved before, unless this is refused.
    const own = interrupt()
    let outcome = await attempt(program, finish, options)
    const isTooSlow = !outcome.ok && outcome.code === 'tooExpensive'
    if (finish && isTooSlow) outcome = await attempt(await finish(), undefined, options)
    if (own === latest) finishLater()
    return outcome
  }
  player.on('ended', interrupt)
  return { swap }
}
