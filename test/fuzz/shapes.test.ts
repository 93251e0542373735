/**
 * Shapes that make compilers explode: accepted and run, in a process that is killed where they do explode.
 *
 * No times are asserted: at these sizes what is quadratic takes minutes, or more than the gigabyte there is.
 */
import { describe, expect, it } from 'vitest'
import { SHAPES } from './shapes.ts'
import { judgeSource } from './source-child.ts'

describe('programs of explosive shape', () => {
  it.each(Object.keys(SHAPES))('%s', async name => {
    const { fault, accepted, diagnostics } = await judgeSource(SHAPES[name]!)
    expect(fault).toBeUndefined()
    expect(accepted, diagnostics[0]?.message).toBe(true)
  })
})
