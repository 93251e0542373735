/**
 * The worker of the audio host: a thread that prepares programs while the other makes sound.
 *
 * Comes in: jobs, one at a time, and state for a job that will come. Goes out: their results, under the same number. It
 * has the priority of the host: were it less, it would be held up by others while it holds a lock of the engine that the
 * sound waits for.
 */
import { parentPort } from 'node:worker_threads'
import type { Layout } from '../../core/program.ts'
import type { HostModule } from '../host-module.ts'
import { unpackProgram } from '../packed-program.ts'
import { createGarbage } from './garbage.ts'
import { createInitImages } from './init-images.ts'
import { createMemoryPool } from './memory-pool.ts'
import { packMigration } from './packed-migration.ts'
import { EMPTY_LAYOUT, type Former, type Prepared, type PrepareJob, plan, prepare } from './prepare.ts'
import type { Done, ExpectedJob, PackedResult, SentJob, WorkerOrder } from './preparer.ts'
import { codeBytes } from './snapshots.ts'

/** Programs that are prepared once more for nothing, so that the code for it has run before the first edit. */
const REPETITIONS = 3
/** The first sound comes first. */
const REPETITION_MS = 150

const garbage = createGarbage()
/** Of what plays and its draft, and of those before. */
const KEPT_MODULES = 4
/** One program is prepared at a time. */
const MEMORY_BYTES = 4 * 2 ** 20
const memories = createMemoryPool(garbage.add, MEMORY_BYTES)
const images = createInitImages()
/** The newest first: as long as they are here, the engine takes their translations for other programs of the same code. */
let modules: readonly HostModule[] = []
let expected: Former | undefined
let repetitions = 0

/** As an edit that changes nothing would be prepared. */
function repeat(job: PrepareJob): void {
  repetitions++
  setTimeout(() => {
    const { program } = job
    const former = { ...program, memory: new ArrayBuffer(program.layout.end), values: {} }
    void prepare({ ...job, options: { draft: true }, former }, memories)
    garbage.add(program.layout.end)
    if (repetitions < REPETITIONS) repeat(job)
  }, REPETITION_MS)
}

/** While the program is compiled elsewhere: what does not depend on it. */
function expect(former: Former): void {
  expected = former
  memories.refresh()
  // For nothing but that its code and the layout are at hand when somebody waits for a plan.
  plan(former.layout, former.layout, 1)
}

const say = (done: Done, given: ArrayBuffer[]) => parentPort!.postMessage(done, given)

function forget(): void {
  const spare = expected?.memory
  expected = undefined
  say({ id: undefined, result: undefined, spare }, spare ? [spare] : [])
}

function pack(prepared: Prepared, from: Layout, to: Layout): PackedResult {
  return prepared.ok ? { ...prepared, migration: packMigration(prepared.migration, from, to) } : prepared
}

async function work(id: number, asked: SentJob | ExpectedJob): Promise<void> {
  const program = unpackProgram(asked.program)
  const former = 'values' in asked ? { ...expected!, values: asked.values } : asked.former
  const job = { ...asked, program, former }
  const prepared = await prepare(job, memories, images)
  if (prepared.ok) modules = [prepared.module, ...modules].slice(0, KEPT_MODULES)
  const result = pack(prepared, former?.layout ?? EMPTY_LAYOUT, program.layout)
  const given = [...(prepared.ok ? [prepared.image.content] : []), ...(former ? [former.memory] : [])]
  say({ id, result, spare: former?.memory }, given)
  garbage.add(codeBytes(program))
  if (repetitions === 0 && prepared.ok) repeat(job)
}

parentPort!.on('message', (order: WorkerOrder) => {
  switch (order.kind) {
    case 'expect':
      return expect(order.former)
    case 'forget':
      return forget()
    case 'prepare':
      void work(order.id, order.job)
  }
})
