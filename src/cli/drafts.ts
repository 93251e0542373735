/**
 * A program that is heard as soon as it computes the right samples, and made fast while it sounds.
 *
 * Comes in: what to compile, then a player. Goes out: the outcome of a swap; a while later the same program takes its own
 * place in faster code, which nobody hears. A stage of its own because optimising takes half of the time between saving
 * a program and hearing it.
 */
import type { CompiledProgram } from '../core/program.ts'
import type { Player, SwapOptions, SwapOutcome } from '../runtime/player-types.ts'
import { isBlockProgram, type Job, type Tried, tryJob } from './compile-program.ts'

export interface Drafted extends Tried {
  /** Makes it fast; absent where it is. */
  readonly finish?: (() => Promise<CompiledProgram>) | undefined
}

/** Compiles, and prints nothing. Drawn programs have no drafts. */
export async function draftJob(job: Job): Promise<Drafted> {
  if (isBlockProgram(job.source)) return tryJob(job)
  const { draftSource } = await import('../compile.ts')
  let finish: Drafted['finish']
  const tried = await tryJob(job, async ({ source, options }) => {
    const draft = await draftSource(source.text, options)
    finish = draft.finish
    return draft
  })
  return { ...tried, finish }
}

/** What goes before it: the outcome is told, messages are sent. */
const LATER_MS = 20

export interface DraftPlayer {
  /** `program` is that of `drafted`. */
  swap(program: CompiledProgram, drafted: Pick<Drafted, 'finish'>, options: SwapOptions): Promise<SwapOutcome>
  /** What is not finished yet stays as it is. */
  cancel(): void
}

export function createDraftPlayer(player: Player): DraftPlayer {
  let timer: NodeJS.Timeout | undefined
  let latest = 0
  const cancel = () => {
    clearTimeout(timer)
    latest++
  }
  const finishLater = (finish: () => Promise<CompiledProgram>, serial: number) => {
    const own = latest
    const run = async () => {
      const finished = await finish()
      if (own === latest) await player.swap(finished, { finishes: serial, audition: false })
    }
    // What plays is right already: a fault here is for the next compilation to tell.
    timer = setTimeout(() => void run().catch(() => {}), LATER_MS)
    timer.unref()
  }
  const swap: DraftPlayer['swap'] = async (program, { finish }, options) => {
    cancel()
    if (!finish) return player.swap(program, options)
    const outcome = await player.swap(program, { ...options, draft: true })
    if (outcome.ok) finishLater(finish, outcome.serial)
    else if (outcome.code === 'tooExpensive') return player.swap(await finish(), options)
    return outcome
  }
  player.on('ended', cancel)
  return { swap, cancel }
}
