/**
 * Memory after `init` is taken from another program only where running `init` would give the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { draftSource } from '../../src/compile.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import { createInitImages } from '../../src/runtime/host/init-images.ts'
import { compileModule } from '../../src/runtime/host-module.ts'
import { instantiateModule } from '../../src/runtime/instance.ts'
import { takeImage } from '../../src/runtime/memory-image.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const OPTIONS = { sampleRate: 48_000, blockSize: 64 }

/** A draft, which is what somebody waits for. */
async function programOf(source: string): Promise<CompiledProgram> {
  const result = await draftSource(source, { filename: `${EXAMPLES}a.dsp`, ...(await nodeLoader('', [])) })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program
}

function start(program: CompiledProgram, image?: ReturnType<typeof takeImage>) {
  const compiled = compileModule(program.wasm)
  const memory = new WebAssembly.Memory({ initial: compiled.pages! })
  return instantiateModule(program, OPTIONS, compiled, image, memory)
}

/** Keeps that of the first; what is found for the second is what its own `init` does. */
function checkPair(former: CompiledProgram, program: CompiledProgram): boolean {
  const images = createInitImages()
  images.keep(former, takeImage(start(former).memory.buffer, former.layout))
  const image = images.find(program)
  if (!image) return false
  const [own, lent] = [start(program), start(program, image)]
  expect(Buffer.from(lent.memory.buffer).equals(Buffer.from(own.memory.buffer))).toBe(true)
  return true
}

const numbersIn = (source: string) => [...source.matchAll(/(?<![\w.])\d+\.\d+(?![\w.])/g)]

/** Each of the last numbers becomes another one, in turn. */
function* editsOf(source: string): Generator<string> {
  for (const { 0: old, index } of numbersIn(source).slice(-2)) {
    yield `${source.slice(0, index)}${(Number(old) * 1.07).toFixed(5)}${source.slice(index + old.length)}`
  }
}

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))
const [WITH_TABLE, LOUDER, OTHER_TABLE, OTHER_CONSTANT] = [
  'import("stdfaust.lib"); process = os.osc(440) * 0.5;',
  'import("stdfaust.lib"); process = os.osc(440) * 0.25;',
  'import("stdfaust.lib"); process = rdtable(65536, cos(float(ba.time) * 0.1), int(os.phasor(65536, 440))) * 0.5;',
  'import("stdfaust.lib"); process = os.osc(441) * 0.5;',
] as const

describe('memory after `init`', () => {
  test.each(examples)('of %s is that of its edits, where it is lent', async name => {
    const source = readFileSync(EXAMPLES + name, 'utf8')
    const program = await programOf(source)
    expect(checkPair(program, program)).toBe(true)
    for (const edit of editsOf(source)) checkPair(program, await programOf(edit))
  })

  test('is lent where only what is computed differs', async () => {
    const program = await programOf(WITH_TABLE)
    expect(checkPair(program, await programOf(LOUDER))).toBe(true)
    expect(checkPair(program, await programOf(OTHER_TABLE))).toBe(false)
    expect(checkPair(program, await programOf(OTHER_CONSTANT))).toBe(false)
  })

  test('is kept of few programs, each copy for one', async () => {
    const programs = await Promise.all(
      [1, 2, 3, 4].map(n =>
        programOf(
          `process = ${n} : (+ ~ *(ma.SR));`.replace(
            'ma.SR',
            `fconstant(int fSamplingFreq, <math.h>)*${n}.5`,
          ),
        ),
      ),
    )
    const images = createInitImages()
    for (const program of programs)
      images.keep(program, takeImage(start(program).memory.buffer, program.layout))
    expect(images.find(programs[0]!)).toBeUndefined()
    const [one, two] = [images.find(programs[3]!)!, images.find(programs[3]!)!]
    expect(one).toEqual(two)
    expect(one.content).not.toBe(two.content)
    const importing = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, 1, 0)
    expect(images.find({ ...programs[3]!, wasm: importing })).toBeUndefined()
  })
})
