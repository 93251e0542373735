/**
 * A rendering that begins with a draft: what is short is done before a fast program would be there.
 *
 * Comes in: a draft, controls that are set, input. Goes out: blocks. What is long goes on with the finished program, which
 * has the same samples and state, so that nobody can tell from them where that was.
 */
import { applyMigration, planMigration } from '../../runtime/migrate.ts'
import { type Fill, renderBlocks } from '../../runtime/render.ts'
import type { fitSettings } from '../apply-settings.ts'
import type { Compiled } from '../compile-program.ts'
import type { Drafted } from '../drafts.ts'
import { type RenderPlan, type Sounding, startInstance } from './sounding.ts'

/** Part of the time of a draft that a finished program takes, at most. */
const FINISHED_PART = 0.5
/** Before it has run for a while a draft seems slower than it is, since the engine still optimises it. */
const DOUBT = 4

export interface DraftRendering {
  readonly drafted: Compiled & Pick<Drafted, 'finish'>
  readonly plan: RenderPlan
  readonly settings: ReturnType<typeof fitSettings>['settings']
  readonly fill: Fill | undefined
}

export async function soundDraft({ drafted, plan, settings, fill }: DraftRendering): Promise<Sounding> {
  const { program, finish, milliseconds } = drafted
  let instance = await startInstance(program, plan)
  for (const { address, value } of settings) instance.set(address, value)
  let blocks = renderBlocks(instance, plan.frames, fill)
  let canBeFinished = finish !== undefined
  const started = performance.now()

  const goOnFinished = async (done: number) => {
    const finished = await finish!()
    const next = await startInstance(finished, plan)
    applyMigration(planMigration(program.layout, finished.layout), instance.memory.buffer, next.memory.buffer)
    for (const { address, value } of settings) next.set(address, value)
    instance = next
    blocks = renderBlocks(instance, plan.frames - done, fill)
  }
  return {
    get outputs() {
      return instance.outputs
    },
    get blocks() {
      return blocks
    },
    turn: async done => {
      const elapsed = performance.now() - started
      const saved = ((elapsed * (plan.frames - done)) / done) * (1 - FINISHED_PART)
      // Finishing takes about as long as the draft did.
      const cost = elapsed < milliseconds / 2 ? DOUBT * milliseconds : milliseconds
      if (!canBeFinished || saved < cost) return
      canBeFinished = false
      await goOnFinished(done)
    },
  }
}
