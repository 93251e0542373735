/**
 * Everything about a swap that takes time: compiling, filling tables, planning, hearing the program in advance.
 *
 * Comes in: a program, and a copy of the state that it would take over. Goes out: a compiled module that has been run
 * and so is fast, memory as the module's `init` leaves it, and the plan; or a refusal. Runs in the worker, beside the
 * sound. Plain data in and out.
 */
import type { CompiledProgram, Control, Layout } from '../../core/program.ts'
import { compileModule, type HostModule } from '../host-module.ts'
import { type MemoryImage, takeImage } from '../memory-image.ts'
import { applyMigration, planMigration } from '../migrate.ts'
import type { Migration } from '../migration-types.ts'
import type { SwapOptions, SwapRefusal } from '../player-types.ts'
import { type Deck, keepControls, moveControls, startDeck } from './deck.ts'
import type { InitImages } from './init-images.ts'
import type { MemoryPool } from './memory-pool.ts'
import { type Heard, type Refusal, rehearse } from './rehearsal.ts'
import { translate } from './tiering.ts'

/** State to start from. */
export interface Former {
  readonly layout: Layout
  readonly controls: readonly Control[]
  /** At least as long as the layout says; empty where it is not wanted. */
  readonly memory: ArrayBuffer
  readonly values: Readonly<Record<string, number>>
}

export interface PrepareJob {
  readonly program: CompiledProgram
  readonly options: SwapOptions
  readonly sampleRate: number
  readonly blockSize: number
  readonly former: Former | undefined
  readonly heard: Heard | undefined
  readonly input: readonly Float32Array[] | undefined
}

export type Prepared =
  | {
      readonly ok: true
      readonly module: HostModule
      readonly image: MemoryImage
      readonly migration: Migration
      /** Why it starts without the state that it could have had. */
      readonly anew?: string
    }
  | ({ readonly ok: false } & Refusal)

/** So long the code of a program runs until the engine has made it fast (`node bench/live.js`, first block). */
const WARM_UP_MS = 45
/** In the place of a draft, where the next save may come any moment. */
const FINISHING_WARM_UP_MS = 10

const NO_IMAGES: InitImages = { find: () => undefined, keep: () => {} }

export const EMPTY_LAYOUT: Layout = { cells: [], inputPointers: 0, outputPointers: 0, end: 0 }

/** `memories` get back what was taken from them. */
export async function prepare(
  job: PrepareJob,
  memories: MemoryPool,
  images: InitImages = NO_IMAGES,
): Promise<Prepared> {
  const { program, options, sampleRate, blockSize, former } = job
  const { audibleOutputs, audition = true } = options
  let deck: Deck
  let module: HostModule
  const known = images.find(program)
  try {
    // Not asynchronously: that takes turns with other threads, which on a busy machine come late.
    module = compileModule(program.wasm, code => translate(code, options.draft ?? false))
    deck = startDeck(program, module, { sampleRate, blockSize, audibleOutputs }, memories, known)
  } catch (error) {
    return { ok: false, code: 'invalid', reason: `it cannot be started: ${(error as Error).message}` }
  }
  const image = known ?? takeImage(deck.instance.memory.buffer, program.layout)
  if (!known) images.keep(program, image)
  const good = { ok: true, module, image } as const
  const migration = plan(former?.layout, program.layout, sampleRate, options.fresh)
  takeOver(deck, former, migration, options)
  const refusal = audition ? tryOut(deck, job) : undefined
  // Before the first sound, and before that of a draft, somebody waits.
  const isFinishing = options.finishes !== undefined
  if (!refusal && !options.draft && former) warmUp(deck, isFinishing ? FINISHING_WARM_UP_MS : WARM_UP_MS)
  memories.give(deck.instance.memory)
  if (!refusal) return { ...good, migration }
  const anew =
    former && OF_STATE.has(refusal.code) ? plan(former.layout, program.layout, sampleRate, true) : undefined
  if (!anew || migration.copies.length === 0) return { ok: false, ...refusal }
  // A program that went astray must not spoil all that come after it.
  const clean = startDeck(program, module, { sampleRate, blockSize, audibleOutputs }, memories, image)
  takeOver(clean, former, anew, options)
  const isBad = tryOut(clean, job) !== undefined
  memories.give(clean.instance.memory)
  return isBad ? { ok: false, ...refusal } : { ...good, migration: anew, anew: refusal.reason }
}

/** Reasons that may lie in the state that was taken over. */
const OF_STATE: ReadonlySet<SwapRefusal> = new Set(['notANumber', 'levelJump', 'directCurrent'])

const tryOut = (deck: Deck, job: PrepareJob) => rehearse(deck, { ...job, draft: job.options.draft ?? false })

/** `reset`: nothing is taken over. */
export function plan(
  former: Layout | undefined,
  layout: Layout,
  sampleRate: number,
  reset = false,
): Migration {
  return planMigration(former ?? EMPTY_LAYOUT, layout, { formerSampleRate: sampleRate, sampleRate, reset })
}

/** Gives the program what it can keep. */
export function takeOver(
  deck: Deck,
  former: Former | undefined,
  migration: Migration,
  options: SwapOptions,
): void {
  if (former) {
    if (former.memory.byteLength > 0) applyMigration(migration, former.memory, deck.instance.memory.buffer)
    keepControls(deck, former.controls, former.values)
  }
  moveControls(deck, options.settings ?? [])
}

function warmUp({ instance }: Deck, milliseconds: number): void {
  const end = performance.now() + milliseconds
  try {
    while (performance.now() < end) instance.compute()
  } catch {
    // Not rehearsed means: heard as it is. The host looks at every block.
  }
}
