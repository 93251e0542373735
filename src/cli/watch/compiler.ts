/**
 * The compiler of a session in which somebody saves again and again.
 *
 * Comes in: jobs. Goes out: drafts. A worker compiles, once it has warmed up; until then this thread does, which has
 * compiled the first program. Its nursery holds all that one draft leaves behind: with the usual one garbage was collected
 * four times a draft, a quarter of the time, for next to nothing.
 */
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { unpackProgram } from '../../runtime/packed-program.ts'
import type { Job } from '../compile-program.ts'
import { type Drafted, draftJob } from '../drafts.ts'
import type { Reading } from '../load.ts'
import type { CompileFlags } from '../options-compile.ts'
import { packageRoot } from '../package.ts'
import { noteOrigin } from '../session-log.ts'
import type { Answer, DraftAnswer, Numbered, Order } from './compile-worker.ts'

export interface LiveCompiler {
  /** Compiles, and prints nothing. The loader of the job knows afterwards what was read. */
  draft(job: Job): Promise<Drafted>
  /** Resolves when the worker compiles. */
  readonly warm: Promise<void>
  close(): void
}

/** Playing begins first. */
const FIRST_MS = 500
/** Of new objects, in three parts of which one is filled; where there is little memory, what the engine takes. */
const NURSERY_MB = 192
const MUCH_MEMORY = 4 * 2 ** 30

interface Waiting {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

export function startCompiler(first: Job, flags: CompileFlags): LiveCompiler {
  let worker: Worker | undefined
  let isWarm = false
  let tellWarm: () => void = () => {}
  const warm = new Promise<void>(resolve => {
    tellWarm = resolve
  })
  let nextId = 1
  const waiting = new Map<number, Waiting>()
  /** Of the last draft of the worker. */
  let reading: Reading | undefined

  const ask = (message: Order, id = nextId++) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker!.postMessage({ id, message } satisfies Numbered<Order>)
    })
  const receive = ({ id, message }: Numbered<Answer>) => {
    const { resolve, reject } = waiting.get(id)!
    waiting.delete(id)
    if (message.kind === 'fault') reject(message.error)
    else resolve(message)
  }
  const start = () => {
    worker = startWorker()
    worker.on('message', receive)
    worker.on('error', error => {
      isWarm = false
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    })
    const ready = () => {
      isWarm = true
      tellWarm()
    }
    // Without it this thread goes on compiling.
    ask({ kind: 'warmUp', source: first.source, flags }).then(ready, () => {})
  }
  const timer = setTimeout(start, FIRST_MS)
  timer.unref()

  const finish = async (draft: number, signal?: AbortSignal) => {
    // Without a worker there is nothing to give up.
    const giveUp = () => void ask({ kind: 'giveUp', draft }).catch(() => {})
    signal?.addEventListener('abort', giveUp, { once: true })
    const answer = await ask({ kind: 'finish', draft }).finally(() =>
      signal?.removeEventListener('abort', giveUp),
    )
    return unpackProgram((answer as Answer & { kind: 'finished' }).program)
  }
  const draft = async (job: Job): Promise<Drafted> => {
    if (!isWarm) return draftJob(job)
    const id = nextId++
    const answer = (await ask({ kind: 'draft', source: job.source, flags }, id)) as DraftAnswer
    const { drafted, origin, canBeFinished } = answer
    reading = answer.reading ?? reading!
    job.loader.adopt(reading)
    const program = answer.program && unpackProgram(answer.program)
    if (program && origin) noteOrigin(program, origin)
    return { ...drafted, program, finish: canBeFinished ? signal => finish(id, signal) : undefined }
  }
  const close = () => {
    clearTimeout(timer)
    void worker?.terminate()
  }
  return { draft, warm, close }
}

function startWorker(): Worker {
  const resourceLimits = totalmem() >= MUCH_MEMORY ? { maxYoungGenerationSizeMb: NURSERY_MB } : {}
  const worker = new Worker(join(packageRoot(), 'dist', 'compile-worker.cjs'), { resourceLimits })
  worker.unref()
  return worker
}
