/**
 * A program swapped for another while it runs, for tests: what sounds before and after, and what would have
 * sounded had nothing been swapped.
 */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { type CompileOptions, compileSource } from '../../src/compile.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import { type Instance, instantiate, type Samples } from '../../src/runtime/instance.ts'
import { formatMigration } from '../../src/runtime/migrate.ts'
import type { Migration, MigrationEntry } from '../../src/runtime/migration-types.ts'
import { prepareSwap } from '../../src/runtime/swap.ts'

export const RATE = 48_000
const BLOCK = 64

/** Building blocks of the programs in these tests; small, so that every state in them is known. */
export const PRELUDE = `
SR = 48000;
phasor(f) = (+(f/SR) : frac) ~ _ with { frac(x) = x - floor(x); };
osc(f) = sin(6.283185307179586 * phasor(f));
lp(a) = *(1 - a) : + ~ *(a);
hp(a) = (_ <: _, mem : -) : + ~ *(a);
noise = (+(12345) ~ *(1103515245)) / 2147483648.0;
`

export interface SwapRunOptions {
  /** Frames before the swap; a multiple of the block. Default 4096. */
  readonly at?: number
  /** Frames after it. Default 4096. */
  readonly frames?: number
  /** What flows in, by channel and frame since the start. */
  readonly input?: (channel: number, frame: number) => number
  readonly controls?: Readonly<Record<string, number>>
  readonly files?: Readonly<Record<string, string>>
  /** Files of the new program, where they differ. */
  readonly newFiles?: Readonly<Record<string, string>>
  readonly newRate?: number
  readonly newPrecision?: 'single' | 'double'
}

export interface SwapRun {
  readonly before: readonly number[][]
  readonly after: readonly number[][]
  readonly uninterrupted: readonly number[][]
  readonly migration: Migration
  readonly text: string
  readonly instance: Instance
}

const standard = (file: string) => {
  try {
    return readFileSync(new URL(`../../stdlib/${file}`, import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}

export async function compileLive(
  source: string,
  files: Readonly<Record<string, string>> = {},
  options: CompileOptions = {},
): Promise<CompiledProgram> {
  const load = (file: string) => {
    const text = Object.hasOwn(files, file) ? files[file] : standard(file)
    return text === undefined ? undefined : { name: file, text }
  }
  const result = await compileSource(source, { load, ...options })
  if (!result.ok) throw new Error(result.diagnostics.map(d => d.message).join('\n'))
  return result.program
}

export async function swapRun(old: string, edited: string, options: SwapRunOptions = {}): Promise<SwapRun> {
  const { at = 4096, frames = 4096, input = () => 0, newRate = RATE, files = {} } = options
  const precision = options.newPrecision ?? 'double'
  const from = await compileLive(old, files)
  const to = await compileLive(edited, options.newFiles ?? files, { precision })
  const instance = await instantiate(from, { sampleRate: RATE, blockSize: BLOCK })
  for (const [address, value] of Object.entries(options.controls ?? {})) instance.set(address, value)
  const before = runInstance(instance, 0, at, input)
  const module = await WebAssembly.compile(to.wasm as BufferSource)
  const next = prepareSwap({ program: from, instance }, to, module, { sampleRate: newRate })
  next.takeOver()
  const after = runInstance(next.instance, at, frames, input)
  const uninterrupted = runInstance(instance, at, frames, input)
  const { migration } = next
  const text = formatMigration(migration.report)
  return { before, after, uninterrupted, migration, text, instance: next.instance }
}

export function runInstance(
  instance: Instance,
  start: number,
  frames: number,
  input: (channel: number, frame: number) => number,
): number[][] {
  const outputs: number[][] = instance.outputs.map(() => [])
  for (let done = 0; done < frames; done += BLOCK) {
    const count = Math.min(BLOCK, frames - done)
    instance.inputs.forEach((channel, c) => {
      for (let i = 0; i < count; i++) channel[i] = input(c, start + done + i)
    })
    instance.compute(count)
    instance.outputs.forEach((channel: Samples, c) => {
      for (let i = 0; i < count; i++) outputs[c]!.push(channel[i]!)
    })
  }
  return outputs
}

/** A program started from nothing, fed with `inputs`. */
export async function freshRun(
  source: string,
  frames: number,
  inputs: readonly (readonly number[])[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<number[][]> {
  const program = await compileLive(source, files)
  const instance = await instantiate(program, { sampleRate: RATE, blockSize: BLOCK })
  return runInstance(instance, 0, frames, (channel, frame) => inputs[channel]![frame]!)
}

/** Bit for bit, over the first `frames`. */
export function expectSame(actual: readonly number[], expected: readonly number[], frames = expected.length) {
  const differs = actual.slice(0, frames).findIndex((value, i) => !Object.is(value, expected[i]))
  const at = `frame ${differs}: ${actual[differs]} instead of ${expected[differs]}`
  expect(differs, at).toBe(-1)
}

export const namesOf = (entries: readonly MigrationEntry[]) => entries.map(e => e.name)

/** How many pieces of state, controls left out, became what. */
export function countsOf({ report }: Migration): string {
  const count = (list: readonly MigrationEntry[]) => list.filter(e => e.kind !== 'control').length
  const { kept, moved, resized, fresh, dropped } = report
  return `kept ${count(kept)} moved ${count(moved)} resized ${count(resized)} new ${count(fresh)} dropped ${count(dropped)}`
}
