/**
 * The host's end of its worker.
 *
 * Comes in: jobs. Goes out: promises of their results. Should the worker fail, the work is done here: sound may stutter
 * then, but goes on.
 */
import { Worker } from 'node:worker_threads'
import { createMemoryPool } from './memory-pool.ts'
import { type Prepared, type PrepareJob, prepare } from './prepare.ts'

export interface Preparer {
  /** A copy of state, for a job. */
  copyOf(memory: ArrayBuffer, bytes: number): ArrayBuffer
  /** The memory in the job is given away. */
  prepare(job: PrepareJob): Promise<Prepared>
  close(): Promise<void>
}

interface Waiting {
  readonly job: PrepareJob
  readonly resolve: (result: Prepared | Promise<Prepared>) => void
}

/** What the worker says. */
export interface Done {
  readonly id: number
  readonly result: Prepared
  /** The memory of the job, back. */
  readonly spare: ArrayBuffer | undefined
}

export function createPreparer(file: URL): Preparer {
  const waiting = new Map<number, Waiting>()
  const copies = createCopies()
  let next = 1
  let broken = false
  const worker = new Worker(file)
  worker.unref()
  worker.on('message', ({ id, result, spare }: Done) => {
    copies.give(spare)
    waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })
  worker.on('error', () => {
    broken = true
    for (const { job, resolve } of waiting.values()) resolve(prepareHere(job))
    waiting.clear()
  })
  return {
    copyOf: copies.copyOf,
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
  const memories = createMemoryPool(() => {})
  return prepare({ ...job, options: { ...job.options, audition: false } }, memories)
}

/** More than so many times what is wanted is not kept for it. */
const MOST_ROOM = 4

/** One buffer that is used again and again: to touch new memory for the first time takes longer than to copy. */
function createCopies() {
  let spare: ArrayBuffer | undefined
  const copyOf = (memory: ArrayBuffer, bytes: number): ArrayBuffer => {
    const fits = spare && spare.byteLength >= bytes && spare.byteLength <= MOST_ROOM * bytes
    const copy = fits ? spare! : new ArrayBuffer(bytes)
    spare = undefined
    new Uint8Array(copy).set(new Uint8Array(memory, 0, bytes))
    return copy
  }
  const give = (buffer: ArrayBuffer | undefined) => {
    if (buffer && buffer.byteLength > 0) spare = buffer
  }
  return { copyOf, give }
}
