/**
 * Programs whose memory comes from outside, and has been used by others, give the samples that they give alone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/index.ts'
import { startDeck } from '../../src/runtime/host/deck.ts'
import { createMemoryPool } from '../../src/runtime/host/memory-pool.ts'
import { compileModule, importMemory } from '../../src/runtime/import-memory.ts'
import { instantiate } from '../../src/runtime/instance.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const OPTIONS = { sampleRate: 48_000, blockSize: 256 }
const BLOCKS = 20
const memories = createMemoryPool(() => {})

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))

async function programOf(source: string) {
  const result = await compile(source, { filename: `${EXAMPLES}a.dsp` })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program
}

test.each(examples)('%s', async name => {
  const program = await programOf(readFileSync(EXAMPLES + name, 'utf8'))
  const alone = await instantiate(program, OPTIONS)
  const compiled = compileModule(program.wasm)
  expect(compiled.pages).toBeGreaterThan(0)
  const { instance } = startDeck(program, compiled, OPTIONS, memories)
  expect(instance.memory.buffer.byteLength).toBeGreaterThanOrEqual(alone.memory.buffer.byteLength)
  const run = () => {
    for (let block = 0; block < BLOCKS; block++) {
      for (const input of [...alone.inputs, ...instance.inputs]) input.fill(Math.sin(block))
      alone.compute()
      instance.compute()
      expect(instance.outputs).toEqual(alone.outputs)
    }
  }
  run()
  for (const each of [alone, instance]) each.reset()
  run()
  // Full of what this program leaves, it is for the next.
  new Uint8Array(instance.memory.buffer).fill(0xa5)
  memories.give(instance.memory)
})

describe('a module', () => {
  test('of another shape is left alone', () => {
    const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    expect(importMemory(Uint8Array.from(magic))).toBeUndefined()
    // A memory section that is shared, and one behind an import section.
    expect(importMemory(Uint8Array.from([...magic, 5, 4, 1, 3, 1, 1]))).toBeUndefined()
    expect(importMemory(Uint8Array.from([...magic, 2, 1, 0, 5, 3, 1, 0, 1]))).toBeUndefined()
  })

  test('with custom sections, and without a type section', () => {
    const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    const custom = [0, 3, 1, 0x78, 7]
    const wasm = Uint8Array.from([...magic, ...custom, 5, 4, 1, 1, 2, 9, ...custom])
    const { wasm: changed, pages } = importMemory(wasm)!
    expect(pages).toBe(2)
    const [memory] = WebAssembly.Module.imports(new WebAssembly.Module(changed as BufferSource))
    expect(memory).toEqual({ module: 'm', name: 'm', kind: 'memory' })
  })
})

describe('memories', () => {
  test('are used again where they fit, silent unless that does not matter', () => {
    const pool = createMemoryPool(() => {})
    const used = new WebAssembly.Memory({ initial: 4 })
    new Uint8Array(used.buffer)[9] = 7
    pool.give(used)
    pool.give(used)
    expect(pool.take(5)).not.toBe(used)
    expect(pool.take(2)).toBe(used)
    expect(new Uint8Array(used.buffer)[9]).toBe(0)
    expect(pool.take(2)).not.toBe(used)
    new Uint8Array(used.buffer)[9] = 7
    pool.give(used)
    expect(new Uint8Array(pool.take(4, false).buffer)[9]).toBe(7)
  })

  test('are silenced ahead, and again once they were used', () => {
    const pool = createMemoryPool(() => {})
    const memory = new WebAssembly.Memory({ initial: 1 })
    const bytes = new Uint8Array(memory.buffer)
    for (let use = 0; use < 3; use++) {
      bytes[9] = 7
      pool.give(memory)
      if (use === 1) pool.refresh()
      expect(pool.take(1)).toBe(memory)
      expect(bytes[9]).toBe(0)
    }
  })

  test('that are too many are let go, the oldest first', () => {
    let bytes = 0
    const pool = createMemoryPool(more => {
      bytes += more
    }, 3 * 65536)
    const [first, second] = [2, 2].map(initial => new WebAssembly.Memory({ initial }))
    pool.give(first!)
    pool.give(second!)
    expect(bytes).toBe(2 * 65536)
    expect(pool.take(2)).toBe(second)
  })

  test('one that is larger than all may be together waits alone', () => {
    const pool = createMemoryPool(() => {}, 65536)
    const [small, large] = [1, 3].map(initial => new WebAssembly.Memory({ initial }))
    pool.give(small!)
    pool.give(large!)
    expect(pool.take(1)).not.toBe(small)
    expect(pool.take(3)).toBe(large)
  })
})
