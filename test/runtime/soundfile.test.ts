/**
 * `soundfile`: recordings read as the language says: length, rate, channels; clamped indices; several parts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compile, encodeWav, render } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'dspc-sounds-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, sampleRate: number, channels: number[][]): void {
  const samples = channels.map(c => Float64Array.from(c))
  writeFileSync(join(folder, name), encodeWav(samples, { sampleRate, samples: '64f' }))
}
write('a.wav', 22_050, [
  [0.1, 0.2, 0.3],
  [-0.1, -0.2, -0.3],
])
write('b.wav', 48_000, [[0.5, 0.6, 0.7, 0.8, 0.9]])

async function frames(process: string, count: number) {
  const result = await compile(process, { importPaths: [folder] })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const channels = await render(result.program, { sampleRate: 44_100, frames: count })
  return { channels: channels.map(c => [...c]), result }
}

test('length, rate and channels, the index clamped to the file', async () => {
  const { channels } = await frames(`process = 0, (+(1) ~ _) - 2 : soundfile("s[url:{'a.wav'}]", 3);`, 6)
  expect(channels[0]).toEqual([3, 3, 3, 3, 3, 3])
  expect(channels[1]).toEqual(Array(6).fill(22_050))
  expect(channels[2]).toEqual([0.1, 0.1, 0.2, 0.3, 0.3, 0.3])
  expect(channels[3]).toEqual([-0.1, -0.1, -0.2, -0.3, -0.3, -0.3])
  // The file has two channels: the third output is the first again.
  expect(channels[4]).toEqual(channels[2])
})

test('parts are chosen while running', async () => {
  const source = `part = (+(1) ~ _) > 3; process = part, 10 : soundfile("s[url:{'a.wav';'b.wav'}]", 1);`
  const { channels, result } = await frames(source, 5)
  expect(channels[0]).toEqual([3, 3, 3, 5, 5])
  expect(channels[1]).toEqual([22_050, 22_050, 22_050, 48_000, 48_000])
  expect(channels[2]).toEqual([0.3, 0.3, 0.3, 0.9, 0.9])
  expect(result.program.controls.map(c => c.kind)).toEqual(['soundfile'])
})

test('a file that is not there is silence, with a warning that names it', async () => {
  const { channels, result } = await frames(`process = 0, 0 : soundfile("s[url:{'none.wav'}]", 1);`, 1)
  expect(channels.flat()).toEqual([4096, 44_100, 0])
  expect(result.diagnostics.map(d => `${d.severity} ${d.code}`)).toEqual(['warning DSP0326'])
})
