/**
 * The worker of the audio host: a thread that prepares programs while the other makes sound.
 *
 * Comes in: jobs, one at a time. Goes out: their results, under the same number. It has the priority of the host: were it
 * less, it would be held up by others while it holds a lock of the engine that the sound waits for.
 */
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

/** Programs that are prepared once more for nothing, so that the code for it has run before the first edit. */
const REPETITIONS = 3
/** The first sound comes first. */
const REPETITION_MS = 150

const garbage = createGarbage()
/** One program is prepared at a time. */
const MEMORY_BYTES = 4 * 2 ** 20
const memories = createMemoryPool(garbage.add, MEMORY_BYTES)
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
