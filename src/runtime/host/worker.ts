/**
 * The worker of the audio host: a thread that prepares programs while the other makes sound.
 *
 * Comes in: jobs, one at a time. Goes out: their results, under the same number.
 */
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { createGarbage } from './garbage.ts'
import { createMemoryPool } from './memory-pool.ts'
import { type PrepareJob, prepare } from './prepare.ts'
import type { Done } from './preparer.ts'
import { codeBytes } from './snapshots.ts'

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

/** Programs that are prepared once more for nothing, so that the code for it has run before the first edit. */
const REPETITIONS = 3
/** The first sound comes first. */
const REPETITION_MS = 150

stepBack()
const garbage = createGarbage()
const memories = createMemoryPool(garbage.add)
let repetitions = 0

/** As an edit that changes nothing would be prepared. */
function repeat(job: PrepareJob): void {
  repetitions++
  setTimeout(() => {
    const { program } = job
    const former = { ...program, memory: new ArrayBuffer(program.layout.end), values: {} }
    void prepare({ ...job, options: {}, former }, memories)
    garbage.add(program.layout.end)
    if (repetitions < REPETITIONS) repeat(job)
  }, REPETITION_MS)
}

parentPort!.on('message', async ({ id, job }: NumberedJob) => {
  const result = await prepare(job, memories)
  const spare = job.former?.memory
  const given = [...(result.ok ? [result.image.content] : []), ...(spare ? [spare] : [])]
  parentPort!.postMessage({ id, result, spare } satisfies Done, given)
  garbage.add(codeBytes(job.program))
  if (repetitions === 0 && result.ok) repeat(job)
})
