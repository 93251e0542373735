/**
 * Block programs on the command line: wherever a program can stand.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { dspc, inFolder, readWav } from './support.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/blocks/plucked-scale.json', import.meta.url))

it('renders', () =>
  inFolder({}, async folder => {
    const file = join(folder, 'out.wav')
    const ran = await dspc([EXAMPLE, '-o', file, '--duration', '0.5s'])
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    const { channels } = readWav(file)
    expect(channels).toHaveLength(2)
    expect(channels[0]!.some(x => Math.abs(x) > 0.01)).toBe(true)
  }))

it('checks, describes and shows its stages', async () => {
  expect((await dspc(['check', EXAMPLE])).code).toBe(0)
  const described = JSON.parse((await dspc([EXAMPLE, '--emit=json'])).stdout)
  expect([described.name, described.inputs, described.outputs]).toEqual(['plucked-scale', 0, 2])
  expect((await dspc([EXAMPLE, '--emit=core'])).stdout).toMatch(/^program plucked-scale\n {2}output &sig1\n/)
  expect((await dspc([EXAMPLE, '--emit=kernel'])).stdout).toContain('compute')
  const svg = await dspc([EXAMPLE, '--emit=svg'])
  expect([svg.code, svg.stdout]).toEqual([2, ''])
  expect(svg.stderr).toContain('--emit=svg')
})

it.each([
  ['{', 'DSP0950', 'the file must be JSON'],
  ['{"VERSION":1,"areas":[]}', 'DSP0950', 'at least one area'],
  [
    '{"VERSION":1,"areas":[{"size":[4,4],"blocks":[{"x":2,"y":3,"block":{"id":1,"rows":1,"typ":"zither"}}]}]}',
    'DSP0951',
    'column 2, row 3 of area 0',
  ],
  [
    '{"VERSION":1,"areas":[{"size":[4,4],"blocks":[{"x":0,"y":0,"block":{"id":1,"rows":1,"typ":"get","lbl":"$volume","outputs":[""]}}]}]}',
    'DSP09',
    '$volume',
  ],
])('refuses %s', (text, code, reason) =>
  inFolder({ 'drawn.json': text }, async folder => {
    const ran = await dspc(['check', join(folder, 'drawn.json')])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(code)
    expect(ran.stderr).toContain(reason)
  }),
)
