/**
 * The host's end of its worker.
 *
 * Comes in: jobs, and word that one will come soon. Goes out: promises of their results. State is copied for the worker;
 * a job that was expected finds its copy there. Should the worker fail, the work is done here: sound may stutter then, but
 * goes on.
 */
import { Worker } from 'node:worker_threads'
import { type PackedProgram, packProgram } from '../packed-program.ts'
import { createMemoryPool } from './memory-pool.ts'
import { type PackedMigration, unpackMigration } from './packed-migration.ts'
import { EMPTY_LAYOUT, type Former, type Prepared, type PrepareJob, prepare } from './prepare.ts'

/** State of a program that plays, where it lies. */
export interface Playing extends Former {
  /** Number of the program. */
  readonly serial: number
}

export interface Preparer {
  /** Something that goes on from what plays will be prepared soon. */
  expect(playing: () => Playing | undefined): void
  /** `former` holds memory that is in use; `playing`: the number of its program, when that plays. */
  prepare(job: PrepareJob, playing?: number): Promise<Prepared>
  close(): Promise<void>
}

/** A job on its way. */
export interface SentJob extends Omit<PrepareJob, 'program'> {
  readonly program: PackedProgram
}

/** Goes on from what was expected, but for the values of controls. */
export interface ExpectedJob extends Omit<SentJob, 'former'> {
  readonly values: Former['values']
}

/** What the worker is told. */
export type WorkerOrder =
  | { readonly kind: 'expect'; readonly former: Former }
  /** It did not come. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'prepare'; readonly id: number; readonly job: SentJob | ExpectedJob }

export type PackedResult =
  | (Omit<Prepared & { ok: true }, 'migration'> & { readonly migration: PackedMigration })
  | (Prepared & { ok: false })

/** What the worker says. */
export interface Done {
  /** Of the job; undefined: there was none. */
  readonly id: number | undefined
  readonly result: PackedResult | undefined
  /** The memory of the job, back. */
  readonly spare: ArrayBuffer | undefined
}

interface Waiting {
  readonly job: PrepareJob
  readonly resolve: (result: Prepared | Promise<Prepared>) => void
}

/** State that is older is not what a program would go on from. */
const FORGET_MS = 1000

export function createPreparer(file: URL): Preparer {
  const waiting = new Map<number, Waiting>()
  const copies = createCopies()
  let next = 1
  let broken = false
  const worker = new Worker(file)
  worker.unref()
  const post = (order: WorkerOrder, given: ArrayBuffer[] = []) => worker.postMessage(order, given)
  const expected = createExpectation(copies, post)
  worker.on('message', ({ id, result, spare }: Done) => {
    copies.give(spare)
    if (id === undefined) expected.returned()
    else if (result) finish(waiting, id, result)
  })
  worker.on('error', () => {
    broken = true
    for (const { job, resolve } of waiting.values()) resolve(prepareHere(job))
    waiting.clear()
  })
  const give = (id: number, job: PrepareJob, playing: number | undefined) => {
    const { former, ...others } = job
    const rest = { ...others, program: packProgram(job.program) }
    if (former && expected.take(playing)) {
      post({ kind: 'prepare', id, job: { ...rest, values: former.values } })
      return
    }
    const copied = former && copies.of(former)
    post({ kind: 'prepare', id, job: { ...rest, former: copied } }, copied ? [copied.memory] : [])
  }
  return {
    expect: playing => {
      if (!broken && waiting.size === 0) expected.send(playing)
    },
    prepare: (job, playing) =>
      broken
        ? prepareHere(job)
        : new Promise(resolve => {
            const id = next++
            waiting.set(id, { job, resolve })
            give(id, job, playing)
          }),
    close: async () => {
      await worker.terminate()
    },
  }
}

function finish(waiting: Map<number, Waiting>, id: number, result: PackedResult): void {
  const { job, resolve } = waiting.get(id)!
  waiting.delete(id)
  if (!result.ok) {
    resolve(result)
    return
  }
  const from = job.former?.layout ?? EMPTY_LAYOUT
  resolve({ ...result, migration: unpackMigration(result.migration, from, job.program.layout) })
}

/** Without a rehearsal, which takes too long beside sound. */
function prepareHere({ former, ...job }: PrepareJob): Promise<Prepared> {
  const memories = createMemoryPool(() => {})
  const silent = former && { ...former, memory: new ArrayBuffer(0) }
  return prepare({ ...job, former: silent, options: { ...job.options, audition: false } }, memories)
}

type Copies = ReturnType<typeof createCopies>

/** State that the worker has before the job that it is for. There is one copy at most. */
function createExpectation(copies: Copies, post: (order: WorkerOrder, given?: ArrayBuffer[]) => void) {
  /** Number of its program. */
  let sent: number | undefined
  /** What to send when the last copy is back. */
  let wanted: (() => Playing | undefined) | undefined
  let timer: NodeJS.Timeout | undefined
  const forget = () => {
    clearTimeout(timer)
    if (sent !== undefined) post({ kind: 'forget' })
    sent = undefined
  }
  const sendNow = (playing: (() => Playing | undefined) | undefined) => {
    const state = playing?.()
    if (!state) return
    const { serial, ...former } = copies.of(state)
    post({ kind: 'expect', former }, [former.memory])
    sent = serial
    timer = setTimeout(forget, FORGET_MS)
    timer.unref()
  }
  return {
    send: (playing: () => Playing | undefined) => {
      if (sent === undefined) return sendNow(playing)
      wanted = playing
      forget()
    },
    returned: () => {
      const playing = wanted
      wanted = undefined
      if (sent === undefined) sendNow(playing)
    },
    /** Whether the worker has what the job goes on from; it is used up. */
    take: (serial: number | undefined): boolean => {
      wanted = undefined
      if (sent === undefined) return false
      if (serial !== sent) {
        forget()
        return false
      }
      clearTimeout(timer)
      sent = undefined
      return true
    },
  }
}

/** More than so many times what is wanted is not kept for it. */
const MOST_ROOM = 4

/** One buffer that is used again and again: to touch new memory for the first time takes longer than to copy. */
function createCopies() {
  let spare: ArrayBuffer | undefined
  /** What is not wanted is empty already. */
  const of = <T extends Former>(former: T): T => {
    const bytes = former.memory.byteLength && former.layout.end
    const fits = spare && bytes > 0 && spare.byteLength >= bytes && spare.byteLength <= MOST_ROOM * bytes
    const memory = fits ? spare! : new ArrayBuffer(bytes)
    if (bytes > 0) spare = undefined
    new Uint8Array(memory).set(new Uint8Array(former.memory, 0, bytes))
    return { ...former, memory }
  }
  const give = (buffer: ArrayBuffer | undefined) => {
    if (buffer && buffer.byteLength > 0) spare = buffer
  }
  return { of, give }
}
