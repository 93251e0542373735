/**
 * An instance that starts from the image of another's memory is like one that ran `init`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compile } from '../../src/index.ts'
import { type Instance, instantiateModule } from '../../src/runtime/instance.ts'
import { takeImage } from '../../src/runtime/memory-image.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const OPTIONS = { sampleRate: 48_000, blockSize: 256 }

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))

test.each(examples)('%s', async name => {
  const result = await compile(readFileSync(EXAMPLES + name, 'utf8'), { filename: EXAMPLES + name })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const { program } = result
  const module = await WebAssembly.compile(program.wasm as BufferSource)
  const known = ({ memory }: Instance) => Buffer.from(memory.buffer, 0, program.layout.end)
  const first = instantiateModule(program, OPTIONS, { module })
  const image = takeImage(first.memory.buffer, program.layout)
  const second = instantiateModule(program, OPTIONS, { module }, image)
  expect(known(second).equals(known(first))).toBe(true)
  const long = program.layout.cells.filter(c => c.kind === 'delay' && c.bytes >= 4096)
  const held = image.content.byteLength + long.reduce((sum, cell) => sum + cell.bytes, 0)
  expect(held).toBe(program.layout.literals ?? program.layout.end)
  for (let block = 0; block < 8; block++) for (const instance of [first, second]) instance.compute()
  expect(known(second).equals(known(first))).toBe(true)
})
