/**
 * What holds for every node of the shelf: documented, tested by name, inside its declared ranges, and nearly the same
 * in single precision.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { NodeType } from '../../../src/core/node-type.ts'
import { NODES } from '../../../src/core/nodes/index.ts'
import { noiseSignal, run, type Signal } from './run-node.ts'

const FRAMES = 1500

/** Signals for all inputs that are not constant: slow random steps inside the range, triggers where it is 0 … 1. */
function stimulus(type: NodeType): Record<string, Signal> {
  const inputs: Record<string, Signal> = {}
  type.inputs.forEach(({ name, range, constant, unit }, i) => {
    if (constant) return
    const [low, high] = range ?? [-1, 1]
    const steps = noiseSignal(FRAMES, 11 + i)
    const hold = unit === '' && range === undefined ? 1 : 50
    inputs[name] = n => low + ((high - low) * (steps[Math.floor(n / hold)]! + 1)) / 2
  })
  return inputs
}

const expressions = NODES.filter(type => type.process.kind === 'expression')

describe('the shelf', () => {
  it('has at least 45 nodes, no two of one name', () => {
    expect(NODES.length).toBeGreaterThanOrEqual(45)
    expect(new Set(NODES.map(type => type.name)).size).toBe(NODES.length)
  })

  it.each(NODES.map(type => [type.name, type] as const))('%s is documented', (_, type) => {
    expect(type.documentation).toMatch(/^[A-Z].*\.$/s)
    for (const port of [...type.inputs, ...type.outputs]) {
      if (type.inputs.length + type.outputs.length > 2) expect(port.doc, port.name).not.toBe('')
    }
  })

  it('is tested, every node by its name', () => {
    const tests = readdirSync(new URL('.', import.meta.url)).filter(file => file.endsWith('.test.ts'))
    const library = readdirSync(new URL('..', import.meta.url)).filter(file => file.endsWith('.test.ts'))
    const text = [...tests.map(f => `./${f}`), ...library.map(f => `../${f}`)]
      .filter(file => !file.includes('shelf'))
      .map(file => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join('\n')
    const missing = NODES.filter(({ name }) => !text.includes(`'${name}'`)).map(({ name }) => name)
    expect(missing).toEqual([])
  })

  it.each(expressions.map(type => [type.name, type] as const))(
    '%s: finite, and inside the ranges it declares',
    async (name, type) => {
      const outputs = await run(name, stimulus(type), FRAMES)
      outputs.forEach((values, i) => {
        expect(values.every(Number.isFinite)).toBe(true)
        const { range } = type.outputs[i]!
        if (!range) return
        // A rounded corner may stand out by a little.
        const slack = 1e-3 * (range[1] - range[0])
        expect(Math.min(...values)).toBeGreaterThanOrEqual(range[0] - slack)
        expect(Math.max(...values)).toBeLessThanOrEqual(range[1] + slack)
      })
    },
  )
})
