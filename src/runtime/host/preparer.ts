/**
 * The host's end of its worker.
 *
 * Comes in: jobs. Goes out: promises of their results. Should the worker fail, the work is done here: sound may stutter
 * then, but goes on.
 */
import { Worker } from 'node:worker_threads'
import { type Prepared, type PrepareJob, prepare } from './prepare.ts'

export interface Preparer {
  /** The memory in the job is given away. */
  prepare(job: PrepareJob): Promise<Prepared>
  close(): Promise<void>
}

interface Waiting {
  readonly job: PrepareJob
  readonly resolve: (result: Prepared | Promise<Prepared>) => void
}

export function createPreparer(file: URL): Preparer {
  const waiting = new Map<number, Waiting>()
  let next = 1
  let broken = false
  const worker = new Worker(file)
  worker.unref()
  worker.on('message', ({ id, result }: { id: number; result: Prepared }) => {
    waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })
  worker.on('error', () => {
    broken = true
    for (const { job, resolve } of waiting.values()) resolve(prepareHere(job))
    waiting.clear()
  })
  return {
    prepare: job =>
      broken
        ? prepareHere(job)
        : new Promise(resolve => {
            const id = next++
            waiting.set(id, { job, resolve })
            worker.postMessage({ id, job }, job.former ? [job.former.memory] : [])
          }),
    close: async () => {
      await worker.terminate()
    },
  }
}

/** Without a rehearsal, which takes too long beside sound; and the memory is given away already. */
function prepareHere(job: PrepareJob): Promise<Prepared> {
  return prepare({ ...job, options: { ...job.options, audition: false } })
}
