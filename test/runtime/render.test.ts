import { describe, expect, test } from 'vitest'
import { instantiate } from '../../src/runtime/instance.ts'
import { createProgram } from '../../src/runtime/program.ts'
import { render, renderBlocks } from '../../src/runtime/render.ts'
import fc from '../support/property.ts'
import { counter, gain } from './programs.ts'

describe('render', () => {
  test('gives every frame once, whatever the block size', async () => {
    const program = createProgram(counter())
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 64 }),
        async (frames, blockSize) => {
          const [channel] = await program.render({ sampleRate: 48_000, frames, blockSize })
          expect([...channel!]).toEqual(Array.from({ length: frames }, (_, n) => n + 3))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('reads input, then silence', async () => {
    const options = { sampleRate: 48_000, frames: 5, blockSize: 2, controls: { '/amp/gain': 2 } }
    const [channel] = await render(gain(), { ...options, input: [[1, 2, 3]] })
    expect([...channel!]).toEqual([2, 4, 6, 0, 0])
  })

  test('refuses a length that is no number of frames', async () => {
    await expect(render(counter(), { sampleRate: 48_000, frames: 1.5 })).rejects.toThrow(RangeError)
  })

  test('refuses unknown controls', async () => {
    const options = { sampleRate: 48_000, frames: 5, controls: { '/nope': 1 } }
    await expect(render(gain(), options)).rejects.toThrow(/no control/)
  })
})

test('renderBlocks fills before every block and yields its length', async () => {
  const instance = await instantiate(gain(), { sampleRate: 48_000, blockSize: 4 })
  const filled: number[] = []
  const blocks = [...renderBlocks(instance, 10, (_, frames) => filled.push(frames))]
  expect(blocks).toEqual([4, 4, 2])
  expect(filled).toEqual(blocks)
})

test('a program renders and starts instances of one module', async () => {
  const program = createProgram(counter())
  const [a, b] = await Promise.all([1, 2].map(() => program.render({ sampleRate: 48_000, frames: 4 })))
  expect(a).toEqual(b)
  const instance = await program.instantiate({ sampleRate: 48_000, blockSize: 4 })
  instance.compute()
  expect([...instance.outputs[0]!]).toEqual([...a![0]!])
})
