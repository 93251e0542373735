/**
 * Compiles what may be wrong, and checks what any answer must satisfy.
 *
 * Comes in: text that a user could type. Goes out: the program or the first error. An exception, an error
 * without a code, or a place outside the text fails the test that asked.
 */
import { expect } from 'vitest'
import { summary } from './compare.ts'
import { compileIsolated, type IsolatedOptions } from './isolated.ts'

/** Compiles and checks that a refusal is one a user can act on. */
export async function attempt(source: string, options: IsolatedOptions = {}) {
  const answer = await compileIsolated(source, { filename: 'process.dsp', ...options })
  if ('fault' in answer) throw new Error(`${answer.fault}\non: ${source.slice(0, 300)}`)
  const { result } = answer
  const errors = result.diagnostics.filter(d => d.severity === 'error')
  expect(errors.length > 0).toBe(!result.ok)
  for (const diagnostic of result.diagnostics) {
    expect(diagnostic.code).toMatch(/^DSP\d{4}$/)
    expect(diagnostic.message).not.toMatch(/internal error|undefined is not|not a function|NaN/i)
    expect(diagnostic.message.length).toBeLessThan(2000)
    if (diagnostic.span) expectInside(source, diagnostic.span)
  }
  return result
}

function expectInside(source: string, { file, start, end }: { file: string; start: Place; end: Place }) {
  expect(start.offset).toBeLessThanOrEqual(end.offset)
  if (file === 'process.dsp') expect(end.offset).toBeLessThanOrEqual(source.length)
  expect(start.line).toBeGreaterThan(0)
  expect(start.column).toBeGreaterThan(0)
}

type Place = { readonly offset: number; readonly line: number; readonly column: number }

export async function expectRefused(source: string, options: IsolatedOptions = {}) {
  const result = await attempt(source, options)
  expect(result.ok, `accepted: ${source.slice(0, 200)}`).toBe(false)
  return result.diagnostics.find(d => d.severity === 'error')!
}

export async function expectAccepted(source: string, options: IsolatedOptions = {}) {
  const result = await attempt(source, options)
  expect(result.ok, summary(result.diagnostics).slice(0, 500)).toBe(true)
}
