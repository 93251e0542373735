/** What evaluation does once however often it is asked for, and where its work ends. */
import { describe, expect, it } from 'vitest'
import { lowerSource } from '../../src/compile.ts'
import { attempt } from '../../src/diagnostics.ts'

const sines = (count: number, inner: string) => 'sin('.repeat(count) + inner + ')'.repeat(count)

function lowered(source: string) {
  const { value, diagnostics } = attempt(log => lowerSource(source, {}, log))
  return { value, codes: diagnostics.map(d => d.code), text: diagnostics.map(d => d.message).join() }
}

describe('work of evaluation', () => {
  it('evaluates what no parameter reaches once, not once a call', () => {
    // At each of 40,000 calls the sines would be 186 evaluations: seven times as many as are allowed.
    const { codes } = lowered(`f(n) = f(n - ${sines(186, '1')}) + f(n - 2); process = f(10);`)
    expect(codes).toEqual(['DSP0317'])
  })

  it('ends with a message where a program asks for ever new evaluations', () => {
    const rules = Array.from({ length: 1000 }, (_, i) => `t(${i}) = ${i};`).join(' ')
    const { codes, text } = lowered(`${rules} t(n) = t(n - 1); process = t(20000);`)
    expect(codes).toEqual(['DSP0322'])
    expect(text).toMatch('steps of evaluation')
  })

  it('finds names around a function that no parameter of it is', () => {
    // What the inner function gives holds the layer of n, though it does not mention n.
    const { value } = lowered('g(n) = (\\(x).(x)).n; process = g(7);')
    expect(value?.box).toMatchObject({ kind: 'int', value: 7 })
  })

  it('keeps labels apart that name a parameter', () => {
    const { value } = lowered('f(i) = hslider("gain %i", 0, 0, 1, 0.1); process = f(1), f(2);')
    expect(value?.ui.controls.map(c => c.label)).toEqual(['gain 1', 'gain 2'])
  })
})
