/**
 * Definitions from outside replace those of the program, and are seen wherever the program uses the name.
 */
import { expect, test } from 'vitest'
import { compile, render } from '../../src/index.ts'

const source = 'N = 2; gain = 0.5; process = par(i, N, gain * (i + 1));'

async function outputs(definitions: Record<string, string>) {
  const result = await compile(source, { definitions })
  if (!result.ok) return result.diagnostics.map(d => d.code)
  const channels = await render(result.program, { sampleRate: 44_100, frames: 1 })
  return channels.map(c => c[0])
}

test('numbers and expressions', async () => {
  expect(await outputs({})).toEqual([0.5, 1])
  expect(await outputs({ N: '3' })).toEqual([0.5, 1, 1.5])
  expect(await outputs({ gain: '2 : *(N)', N: '1' })).toEqual([2])
  expect(await outputs({ process: '7' })).toEqual([7])
})

test('a mistake in one is a diagnostic', async () => {
  expect((await outputs({ N: '3 +' }))[0]).toMatch(/^DSP02/)
  expect(await outputs({ N: 'M' })).toEqual(['DSP0301'])
})
