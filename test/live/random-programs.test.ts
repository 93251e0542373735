/**
 * Random programs, which remember in every way there is: one swapped for itself goes on bit for bit, and one swapped
 * for any other runs on without a fault.
 */
import { env } from 'node:process'
import { describe, expect, it } from 'vitest'
import { compileSource } from '../../src/compile.ts'
import { type Instance, instantiate } from '../../src/runtime/instance.ts'
import { prepareSwap, type Running } from '../../src/runtime/swap.ts'
import { programs } from '../fuzz/generate.ts'
import fc from '../support/property.ts'
import { RATE, runInstance } from './swap-run.ts'

const RUNS = Number(env.DSPC_FUZZ ?? 40)
const SEED = Number(env.DSPC_SEED ?? 51_120)
const input = (channel: number, frame: number) => Math.sin(frame * 0.7 * (channel + 1)) * 0.6

async function start(source: string): Promise<Running | undefined> {
  const result = await compileSource(source)
  if (!result.ok) return undefined
  const instance = await instantiate(result.program, { sampleRate: RATE, blockSize: 64 })
  return { program: result.program, instance }
}

async function swap(running: Running, into: Running): Promise<Instance> {
  const module = await WebAssembly.compile(into.program.wasm as BufferSource)
  const next = prepareSwap(running, into.program, module)
  next.takeOver()
  return next.instance
}

describe('random programs', () => {
  it(`${RUNS} of them are swapped for themselves and for the one before`, async () => {
    let before: Running | undefined
    const property = fc.asyncProperty(programs, async source => {
      const running = await start(source)
      if (!running) return
      runInstance(running.instance, 0, 200, input)
      const again = await swap(running, running)
      if (before) runInstance(await swap(before, running), 200, 200, input)
      const goesOn = runInstance(again, 200, 200, input)
      runInstance(running.instance, 200, 200, input).forEach((channel, i) => {
        // Where it is not a number, or infinite, the program that follows has left that behind.
        const sound = channel.findIndex(x => !Number.isFinite(x))
        const length = sound < 0 ? channel.length : 0
        expect(goesOn[i]!.slice(0, length), source).toEqual(channel.slice(0, length))
      })
      before = running
    })
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true })
  }, 300_000)
})
