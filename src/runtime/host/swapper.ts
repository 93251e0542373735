/**
 * Putting one program in the place of another while sound goes on.
 *
 * Comes in: a compiled program. Goes out: it runs, with the state that both have, or a reason why not. Everything that
 * takes time happens before; what happens between two blocks is copying.
 */
import type { CompiledProgram, Layout } from '../../core/program.ts'
import { applyMigration, planMigration } from '../migrate.ts'
import type { MigrationReport } from '../migration-types.ts'
import type { PlayerOptions, SwapOptions, SwapOutcome } from '../player-types.ts'
import { type Deck, keepControls, moveControl, startDeck, valuesOf } from './deck.ts'
import { FADE_SECONDS, type Mixer } from './mixer.ts'
import type { Snapshots } from './snapshots.ts'

export interface Stage {
  readonly mixer: Mixer
  /** Lets the first frames out. */
  start(): void
}

export interface SwapperOptions {
  readonly player: PlayerOptions
  readonly snapshots: Snapshots
  /** Opens the output for as many channels; the same stage every time. */
  readonly stage: (outputs: number) => Promise<Stage>
}

export interface Swapper {
  swap(program: CompiledProgram, options: SwapOptions): Promise<SwapOutcome>
  /** Brings back what played before this program; whether there was something. */
  recover(mixer: Mixer, bad: Deck): boolean
  close(): void
}

const EMPTY: Layout = { cells: [], inputPointers: 0, outputPointers: 0, end: 0 }

/** State to start from. */
interface Former {
  readonly layout: Layout
  readonly memory: ArrayBufferLike
  readonly values: Readonly<Record<string, number>>
  readonly moved: Iterable<string>
}

export function createSwapper({ player, snapshots, stage }: SwapperOptions): Swapper {
  const { sampleRate, blockSize } = player
  const fadeFrames = Math.round(FADE_SECONDS * sampleRate)
  let last: Promise<unknown> = Promise.resolve()

  const formerOf = (mixer: Mixer, { restore, reset }: SwapOptions): Former | undefined => {
    if (reset) return undefined
    const snapshot = snapshots.get(restore)
    if (snapshot) return { ...snapshot, layout: snapshot.program.layout }
    const { current } = mixer
    if (!current) return undefined
    const { program, instance, moved } = current
    return { layout: program.layout, memory: instance.memory.buffer, values: valuesOf(current), moved }
  }

  const swapNow = async (program: CompiledProgram, options: SwapOptions): Promise<SwapOutcome> => {
    const module = await compileModule(program)
    if (typeof module === 'string') return { ok: false, code: 'invalid', reason: module }
    const { audibleOutputs } = options
    const { mixer, start } = await stage(Math.min(program.outputs, audibleOutputs ?? program.outputs))
    const { current } = mixer
    const before = current ? snapshots.take(current) : undefined
    const deck = startDeck(program, module, { sampleRate, blockSize, audibleOutputs, before })
    const former = formerOf(mixer, options)
    const report = takeOver(deck, former, sampleRate)
    moveControls(deck, options.settings ?? [])
    const length = current && needsFade(report) ? fadeFrames : 0
    mixer.replace(deck, length)
    start()
    return { ok: true, report, snapshot: before, frame: mixer.frame, fadeFrames: length }
  }

  const recover = (mixer: Mixer, bad: Deck): boolean => {
    const snapshot = snapshots.get(bad.before)
    if (!snapshot) return false
    const { program, module, heard, before, memory, values, moved } = snapshot
    const deck = startDeck(program, module, { sampleRate, blockSize, audibleOutputs: heard, before })
    takeOver(deck, { layout: program.layout, memory, values, moved }, sampleRate)
    mixer.replace(deck, fadeFrames)
    return true
  }

  return {
    swap: (program, options) => {
      const result = last.then(() => swapNow(program, options))
      last = result.catch(() => {})
      return result
    },
    recover,
    close: () => {},
  }
}

async function compileModule(program: CompiledProgram): Promise<WebAssembly.Module | string> {
  try {
    return await WebAssembly.compile(program.wasm as BufferSource)
  } catch (error) {
    return `the module is not valid: ${(error as Error).message}`
  }
}

/** Gives the new program what it can keep. */
function takeOver(deck: Deck, former: Former | undefined, sampleRate: number): MigrationReport {
  const { program, instance } = deck
  const rates = { formerSampleRate: sampleRate, sampleRate }
  const migration = planMigration(former?.layout ?? EMPTY, program.layout, rates)
  if (former) {
    applyMigration(migration, former.memory, instance.memory.buffer)
    keepControls(deck, former.values, former.moved)
  }
  return migration.report
}

function moveControls(deck: Deck, settings: NonNullable<SwapOptions['settings']>): void {
  const known = new Set(deck.program.controls.map(control => control.address))
  for (const { address, value } of settings) if (known.has(address)) moveControl(deck, address, value)
}

/** When nothing starts anew and nothing is cut off, the new program goes on where the old one was. */
function needsFade({ fresh, dropped, resized }: MigrationReport): boolean {
  return fresh.length + dropped.length + resized.length > 0
}
