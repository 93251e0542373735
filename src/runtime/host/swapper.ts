/**
 * Putting one program in the place of another while sound goes on.
 *
 * Comes in: a compiled program. Goes out: it runs, with the state that both have, or a reason why not. Everything that
 * takes time happens in the worker; what happens here, between two blocks, is starting an instance and copying.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { FADE_SECONDS, planCrossfade } from '../crossfade.ts'
import type { Migration } from '../migration-types.ts'
import type { PlayerOptions, SwapOptions, SwapOutcome } from '../player-types.ts'
import { type Deck, startDeck, valuesOf } from './deck.ts'
import { createGarbage } from './garbage.ts'
import { hearMixer } from './hear.ts'
import type { LoopedInput } from './input.ts'
import { createMemoryPool } from './memory-pool.ts'
import type { Mixer } from './mixer.ts'
import { type Former, type Prepared, plan, takeOver } from './prepare.ts'
import type { Playing, Preparer } from './preparer.ts'
import { REHEARSAL_SECONDS } from './rehearsal.ts'
import { codeBytes, createSnapshots, type Snapshot } from './snapshots.ts'

export interface Stage {
  readonly mixer: Mixer
  /** Lets the first frames out. */
  start(): void
}

export interface SwapperOptions {
  readonly player: PlayerOptions
  readonly preparer: Preparer
  readonly input: LoopedInput | undefined
  /** For states that can come back. */
  readonly snapshotBytes?: number
  /** What plays, once the output is open. */
  readonly playing: () => Mixer | undefined
  /** Opens the output for as many channels; the same stage every time. */
  readonly stage: (outputs: number) => Promise<Stage>
}

export interface Swapper {
  swap(program: CompiledProgram, options: SwapOptions): Promise<SwapOutcome>
  /** One comes soon that goes on from what plays. */
  expect(): void
  /** Brings back what played before this program; whether there was something. */
  recover(mixer: Mixer, bad: Deck): boolean
}

/** How often to look whether a cross-fade is over. */
const POLL_MS = 5

export function createSwapper(options: SwapperOptions): Swapper {
  const { sampleRate, blockSize } = options.player
  const garbage = createGarbage()
  const memories = createMemoryPool(garbage.add)
  const snapshots = createSnapshots(memories, options.snapshotBytes)
  /** What was fading out last. */
  let leaving: Deck | undefined
  let count = 0
  let last: Promise<unknown> = Promise.resolve()

  const swapNow = async (program: CompiledProgram, given: SwapOptions): Promise<SwapOutcome> => {
    const stored = snapshots.get(given.restore)
    if (given.restore !== undefined && !stored) return { ok: false, code: 'invalid', reason: GONE }
    const played = options.playing()?.current
    if (given.finishes !== undefined && given.finishes !== played?.serial) return OVERTAKEN
    const asked = performance.now()
    const rehearsed = rehearse(options, program, given, stored)
    // Is read while the worker has it.
    void program.layout
    const prepared = await rehearsed
    if (!prepared.ok) return prepared
    const beside = performance.now() - asked
    const { outputs } = program
    const { mixer, start } = await options.stage(Math.min(outputs, given.audibleOutputs ?? outputs))
    const ready = performance.now()
    const deck = startPrepared(program, prepared, given)
    if (!deck) return { ok: false, code: 'invalid', reason: 'there is not enough memory for it' }
    const starting = performance.now() - ready
    await touchPages(deck, prepared.migration)
    while (mixer.fading) await sleep(POLL_MS)
    const began = performance.now()
    if (given.finishes !== undefined && played !== mixer.current) return OVERTAKEN
    const isPlanned = stored !== undefined || given.reset === true || played === mixer.current
    const put = putIn(mixer, deck, isPlanned ? prepared.migration : undefined, given, stored)
    start()
    garbage.add(codeBytes(program))
    return { ...put, anew: prepared.anew, cost: { beside, between: starting + performance.now() - began } }
  }

  /** Beside the sound as well, but on its thread; nobody else can. */
  const startPrepared = (
    program: CompiledProgram,
    { module, image }: Prepared & { ok: true },
    { audibleOutputs }: SwapOptions,
  ) => tryDeck(program, module, { sampleRate, blockSize, audibleOutputs }, memories, image)

  /** Without waiting: between two blocks. */
  const putIn = (
    mixer: Mixer,
    started: Deck,
    planned: Migration | undefined,
    given: SwapOptions,
    stored: Snapshot | undefined,
  ): SwapOutcome & { readonly ok: true } => {
    const { current, frame } = mixer
    const { layout } = started.program
    const former = given.reset ? undefined : stored ? formerOf(stored) : current && formerOfDeck(current)
    const migration = planned ?? plan(former?.layout, layout, sampleRate)
    const { report } = migration
    // An earlier state is another place in the sound, however much of it is kept.
    const restored = { frames: Math.round(FADE_SECONDS * sampleRate), shape: 'equalPower' } as const
    const fade = current && (stored ? restored : planCrossfade(report, sampleRate))
    takeOver(started, former, migration, given)
    const finishes = given.finishes !== undefined && !fade
    const before = finishes ? current?.before : current && snapshots.take(current, fade !== undefined)
    const serial = ++count
    mixer.replace({ ...started, before, serial }, fade)
    // Only now nobody computes with it any more, whatever happened meanwhile.
    if (leaving) memories.give(leaving.instance.memory)
    if (finishes && current) memories.give(current.instance.memory)
    leaving = fade && current
    return { ok: true, report, serial, snapshot: before, frame, fadeFrames: fade?.frames ?? 0 }
  }

  const recover = (mixer: Mixer, bad: Deck): boolean => {
    const snapshot = snapshots.get(bad.before)
    if (!snapshot) return false
    const { program, module, heard, before } = snapshot
    const deck = tryDeck(program, module, { sampleRate, blockSize, audibleOutputs: heard, before }, memories)
    if (!deck) return false
    takeOver(deck, formerOf(snapshot), plan(program.layout, program.layout, sampleRate), {})
    mixer.replace(deck, { frames: Math.round(FADE_SECONDS * sampleRate), shape: 'linear' })
    return true
  }

  return {
    swap: (program, given) => {
      const result = last.then(() => swapNow(program, given))
      last = result.catch(() => {})
      return result
    },
    expect: () => {
      const deck = () => options.playing()?.current
      options.preparer.expect(() => playingOf(deck()))
    },
    recover,
  }
}

const OVERTAKEN = { ok: false, code: 'invalid', reason: 'another program plays by now' } as const
const GONE = 'the state to go back to is not kept any more'
const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Pages touched at a time: less than a millisecond of work. */
const PAGES_AT_ONCE = 256
const PAGE_BYTES = 4096

/**
 * The system gives memory page by page, when it is written for the first time, which takes longer than to copy state
 * there. So that is done before, a little at a time; sound that is due is computed in between.
 */
async function touchPages({ instance }: Deck, { copies }: Migration): Promise<void> {
  const bytes = new Uint8Array(instance.memory.buffer)
  let touched = 0
  for (const { to } of copies) {
    for (let at = to.offset; at < to.offset + to.bytes; at += PAGE_BYTES) {
      bytes[at] = bytes[at]!
      if (++touched % PAGES_AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve))
    }
  }
}

/** Undefined when the engine has no room for it. */
function tryDeck(...args: Parameters<typeof startDeck>): Deck | undefined {
  try {
    return startDeck(...args)
  } catch {
    return undefined
  }
}

function formerOf({ program, memory, values }: Snapshot): Former {
  return { layout: program.layout, controls: program.controls, memory: memory.buffer, values }
}

function formerOfDeck(deck: Deck): Former {
  const { layout, controls } = deck.program
  return { layout, controls, memory: deck.instance.memory.buffer, values: valuesOf(deck) }
}

const playingOf = (deck: Deck | undefined): Playing | undefined =>
  deck && { ...formerOfDeck(deck), serial: deck.serial }

/** In the worker, on a copy of the state. */
function rehearse(
  { player, preparer, input, playing }: SwapperOptions,
  program: CompiledProgram,
  options: SwapOptions,
  stored: Snapshot | undefined,
): Promise<Prepared> {
  const { sampleRate, blockSize } = player
  const mixer = playing()
  const current = mixer?.current
  const source = options.reset ? undefined : stored ? formerOf(stored) : current && formerOfDeck(current)
  // What is not heard in advance needs no state.
  const isHeard = options.audition !== false
  const former = source && (isHeard ? source : { ...source, memory: new ArrayBuffer(0) })
  const heard = mixer && isHeard ? hearMixer(mixer, sampleRate) : undefined
  const frames = Math.ceil(REHEARSAL_SECONDS * sampleRate)
  const job = {
    program,
    options,
    sampleRate,
    blockSize,
    former,
    heard,
    input: program.inputs > 0 ? input?.peek(frames) : undefined,
  }
  return preparer.prepare(job, source && isHeard && !stored ? current?.serial : undefined)
}
