/**
 * The worker of the audio host: a thread that prepares programs while the other makes sound.
 *
 * Comes in: jobs, one at a time. Goes out: their results, under the same number.
 */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { createGarbage } from './garbage.ts'
import { type PrepareJob, prepare } from './prepare.ts'
import { heldBytes } from './snapshots.ts'

export interface NumberedJob {
  readonly id: number
  readonly job: PrepareJob
}

/**
 * The thread that makes sound goes first, where the system tells threads apart. But not far behind: what holds it up
 * while it holds a lock holds the sound up.
 */
function stepBack(): void {
  try {
    setPriority(getPriority() / 2)
  } catch {}
}

stepBack()
const garbage = createGarbage()
parentPort!.on('message', async ({ id, job }: NumberedJob) => {
  const result = await prepare(job)
  parentPort!.postMessage({ id, result }, result.ok ? [result.image] : [])
  garbage.add(job.program.layout.end + heldBytes(job.program))
})
