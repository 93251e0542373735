/** The back end as a whole: what it refuses, and what its options change. */
import { describe, expect, it } from 'vitest'
import { checkProgram } from '../../src/codegen/check.ts'
import { generate } from '../../src/codegen/generate.ts'
import type { CoreProgram } from '../../src/core/ast.ts'
import { attempt } from '../../src/diagnostics.ts'
import { append, delayLine, int, op, program, read, set, table } from '../support/core.ts'

const refusals = (parts: Partial<CoreProgram>) =>
  attempt(log => checkProgram(program(parts), 'double', log)).diagnostics

describe('checkProgram', () => {
  it('accepts what can be generated', () => {
    expect(refusals({ sample: set('out', 1) })).toEqual([])
  })
  it('refuses a program that is not well-formed, fault by fault', () => {
    const found = refusals({ sample: set('out', op('add', 'x', 'y')) })
    expect(found.map(d => d.code)).toEqual(['DSP0602', 'DSP0602'])
    expect(found[0]!.message).toContain('x: read before it is assigned')
  })
  it('refuses more memory than it may take', () => {
    const long = delayLine('d', 2 ** 26)
    expect(refusals({ buffers: [long], sample: append('d', 1) }).map(d => d.code)).toEqual([])
    const longer = delayLine('d', 2 ** 27 + 1)
    const [found] = refusals({ buffers: [longer], sample: append('d', 1) })
    expect(found).toMatchObject({ code: 'DSP0601', severity: 'error' })
    expect(found!.message).toContain('2049 MiB')
  })
})

describe('generate', () => {
  const parts = program({
    inputs: ['x'],
    buffers: [table('t', 4, { kind: 'values', values: [1, 2, 3, 4] })],
    sample: set('out', op('mul', op('sin', 'x'), read('t', op('and', op('int', 'x'), int(3))))),
  })

  it('gives the same module for the same program', async () => {
    const first = await generate(parts, { precision: 'double' })
    const second = await generate(parts, { precision: 'double' })
    expect(first.wasm).toEqual(second.wasm)
    expect(first.layout).toEqual(second.layout)
  })

  it('makes modules that need nothing, and memory up to the end of the layout', async () => {
    for (const optimize of [false, true]) {
      const { wasm, layout } = await generate(parts, { precision: 'single', optimize })
      const module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>)
      expect(WebAssembly.Module.imports(module)).toEqual([])
      expect(WebAssembly.Module.exports(module).map(e => e.name)).toEqual(['memory', 'init', 'compute'])
      const { memory } = (await WebAssembly.instantiate(module)).exports as { memory: WebAssembly.Memory }
      expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(layout.end)
    }
  })

  it('shows the kernel after each pass', async () => {
    const stages: string[] = []
    await generate(parts, { precision: 'double', inspect: (_, stage) => stages.push(stage) })
    expect(stages[0]).toBe('translation')
    expect(stages).toContain('inlining')
  })
})
