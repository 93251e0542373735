/**
 * Programs whose memory comes from outside, and has been used by others, give the samples that they give alone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { draftSource } from '../../src/compile.ts'
import type { CompiledProgram, Precision } from '../../src/core/program.ts'
import { compile } from '../../src/index.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import { startDeck } from '../../src/runtime/host/deck.ts'
import { createMemoryPool } from '../../src/runtime/host/memory-pool.ts'
import { compileModule, takeApart } from '../../src/runtime/host-module.ts'
import { instantiate } from '../../src/runtime/instance.ts'
import { writeSegments } from '../../src/runtime/wasm-sections.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const OPTIONS = { sampleRate: 48_000, blockSize: 256 }
const BLOCKS = 20
const memories = createMemoryPool(() => {})

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))

const filename = `${EXAMPLES}a.dsp`

async function programOf(source: string, optimize = false) {
  const result = await compile(source, { filename, optimize })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program
}

async function draftOf(source: string, precision: Precision = 'double') {
  const draft = await draftSource(source, { filename, precision, ...(await nodeLoader(EXAMPLES, [])) })
  if (!draft.ok) throw new Error(draft.diagnostics[0]!.message)
  return draft.program
}

/** With memory that others have used and functions of a module of their own, if there are any, and alone. */
async function compare(program: CompiledProgram, areApart = false): Promise<void> {
  const alone = await instantiate(program, OPTIONS)
  const compiled = compileModule(program.wasm)
  expect(compiled.pages).toBeGreaterThan(0)
  expect(compiled.functions !== undefined).toBe(areApart)
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
}

test.each(examples)('%s', async name => {
  await compare(await programOf(readFileSync(EXAMPLES + name, 'utf8')))
})

describe.each(['double', 'single'] as const)('drafts in %s precision', precision => {
  test.each(examples)('%s', async name => {
    await compare(await draftOf(readFileSync(EXAMPLES + name, 'utf8'), precision), true)
  })
})

test('a program that binaryen has optimised', async () => {
  await compare(await programOf('import("stdfaust.lib"); process = os.osc(440), os.sawtooth(220.5);', true))
})

describe('a module', () => {
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const custom = [0, 3, 1, 0x78, 7]

  test('of another shape is left alone', () => {
    expect(takeApart(Uint8Array.from(magic))).toBeUndefined()
    // A memory section that is shared, and one behind an import section.
    expect(takeApart(Uint8Array.from([...magic, 5, 4, 1, 3, 1, 1]))).toBeUndefined()
    expect(takeApart(Uint8Array.from([...magic, 2, 1, 0, 5, 3, 1, 0, 1]))).toBeUndefined()
    // A segment that is written when the program says so.
    expect(takeApart(Uint8Array.from([...magic, 5, 3, 1, 0, 1, 11, 4, 1, 1, 1, 7]))).toBeUndefined()
  })

  test('with custom sections, and without a type section', () => {
    const wasm = Uint8Array.from([...magic, ...custom, 5, 4, 1, 1, 2, 9, ...custom])
    const { code, pages, data } = takeApart(wasm)!
    expect(pages).toBe(2)
    expect(data).toEqual([])
    const [memory] = WebAssembly.Module.imports(new WebAssembly.Module(code as BufferSource))
    expect(memory).toEqual({ module: 'm', name: 'm', kind: 'memory' })
  })

  test('loses its data, which are where it would have written them', () => {
    // At 3 and at 64 + 60000, two bytes and one.
    const data = [11, 16, 2, 0, 0x41, 3, 0x0b, 2, 5, 6, 0, 0x41, 0xa0, 0xd5, 0x03, 0x0b, 1, 7]
    const wasm = Uint8Array.from([...magic, 5, 3, 1, 0, 1, 7, 5, 1, 1, 0x6d, 2, 0, ...data])
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm))
    const { m: whole } = exports as { readonly m: WebAssembly.Memory }
    const parts = takeApart(wasm)!
    const memory = new WebAssembly.Memory({ initial: parts.pages })
    new WebAssembly.Instance(new WebAssembly.Module(parts.code as BufferSource), { m: { m: memory } })
    expect(new Uint8Array(memory.buffer).some(byte => byte !== 0)).toBe(false)
    writeSegments(parts.data, memory.buffer)
    expect(parts.data).toHaveLength(2)
    expect(Buffer.from(memory.buffer).equals(Buffer.from(whole.buffer))).toBe(true)
  })
})

describe('functions that need nothing but each other', () => {
  const apart = async (source: string) => takeApart((await draftOf(source)).wasm)!

  test('are the same bytes in programs that call the same ones', async () => {
    const first = await apart('process = sin(_) + exp(_) @ 10;')
    const second = await apart('process = exp(_) * 0.5 : max(0.25) <: sin, @(2000) : +;')
    const third = await apart('process = exp(_) * 0.5 : max(0.25) <: cos, @(2000) : +;')
    expect(Buffer.compare(first.functions!, second.functions!)).toBe(0)
    expect(Buffer.compare(first.code, second.code)).not.toBe(0)
    expect(Buffer.compare(first.functions!, third.functions!)).not.toBe(0)
  })

  test('import nothing, and the rest imports them by their numbers', async () => {
    const { functions, code } = await apart('process = tan(_), button("b") : pow;')
    const module = new WebAssembly.Module(functions as BufferSource)
    expect(WebAssembly.Module.imports(module)).toEqual([])
    const names = WebAssembly.Module.exports(module).map(each => each.name)
    expect(names.length).toBeGreaterThan(2)
    const rest = new WebAssembly.Module(code as BufferSource)
    const imported = WebAssembly.Module.imports(rest).filter(each => each.kind === 'function')
    expect(imported.map(each => each.name)).toEqual(names)
    expect(names).toEqual(names.map((_, number) => `${number}`))
  })
})

describe('programs that differ in numbers', () => {
  const patch = (cutoff: number, gain: number) =>
    `import("stdfaust.lib"); process = no.noise : fi.lowpass(3, ${cutoff}) : *(${gain}) <: _, @(100);`

  test('have the same code, and with the data of each other the same samples', async () => {
    const [one, other] = [await draftOf(patch(800, 0.5)), await draftOf(patch(1234.5, 0.25))]
    expect(other.layout.end).toBe(one.layout.end)
    const [first, second] = [compileModule(one.wasm), compileModule(other.wasm)]
    const codes = [one, other].map(({ wasm }) => Buffer.from(takeApart(wasm)!.code))
    expect(codes[0]!.equals(codes[1]!)).toBe(true)
    expect(first.data).not.toEqual(second.data)
    const mixed = startDeck(other, { ...first, data: second.data }, OPTIONS, memories).instance
    const alone = await instantiate(other, OPTIONS)
    for (let block = 0; block < BLOCKS; block++) {
      for (const each of [mixed, alone]) each.compute()
      expect(mixed.outputs).toEqual(alone.outputs)
    }
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
