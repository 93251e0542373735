/**
 * Programs as they travel are the programs that they were.
 */
import { expect, test } from 'vitest'
import { compile } from '../../src/index.ts'
import { packProgram, unpackProgram } from '../../src/runtime/packed-program.ts'

const SOURCE = `declare author "somebody";
process = hgroup("g", _ * hslider("gain [unit:dB]", -6, -60, 0, 0.1)) @ 100 : + ~ *(0.5);`

async function programOf() {
  const result = await compile(SOURCE, { filename: 'a.dsp' })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program
}

test('what was packed, sent and unpacked is the same program', async () => {
  const { name, precision, wasm, inputs, outputs, controls, ui, metadata, layout } = await programOf()
  const expected = { name, precision, wasm, inputs, outputs, controls, ui, metadata, layout }
  expect(controls).toHaveLength(1)
  expect(layout.cells.length).toBeGreaterThan(1)
  const sent = structuredClone(packProgram(await programOf()))
  expect({ ...unpackProgram(sent) }).toEqual(expected)
})

test('is handed on as it came, and read once', async () => {
  const sent = packProgram(await programOf())
  const program = unpackProgram(sent)
  expect(packProgram(program)).toBe(sent)
  // What finds state again is remembered with the layout.
  expect(program.layout).toBe(program.layout)
})
