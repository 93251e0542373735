/** Wrong programs: refused by both compilers, by ours with a place and a hint. */
import { describe, expect, it } from 'vitest'
import { compileOfficially } from '../support/faust.ts'
import { compileOurs } from '../support/ours.ts'
import { splitProgram } from '../support/program-file.ts'
import { REJECTED } from './rejected.ts'

describe('refused programs', () => {
  it('are refused by the official compiler', async () => {
    const accepted: string[] = []
    for (const [name, text] of Object.entries(REJECTED)) {
      const { source, files } = splitProgram(text)
      const answer = await compileOfficially(source, { files })
      if (answer.ok) accepted.push(name)
    }
    expect(accepted).toEqual([])
  })

  it.each(Object.keys(REJECTED))('%s', async name => {
    const { source, files } = splitProgram(REJECTED[name]!)
    const answer = await compileOurs(source, { files })
    expect(answer.ok).toBe(false)
    const error = answer.diagnostics.find(d => d.severity === 'error')
    expect(error).toBeDefined()
    expect(error!.code).toMatch(/^DSP\d{4}$/)
    expect(error!.help).toBeTruthy()
    // Only a program that has nothing to point at may lack a place.
    if (name !== 'no process') expect(error!.span, error!.message).toBeDefined()
  })
})
