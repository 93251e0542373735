/**
 * Where the official compiler is wrong and dspc differs on purpose: docs/LANGUAGE.md lists these.
 */
import { expect, test } from 'vitest'
import { compile, render } from '../../src/index.ts'

async function first(source: string, frames = 1): Promise<number[]> {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics.map(d => d.message).join())
  const channels = await render(result.program, { sampleRate: 44_100, frames })
  return channels.map(c => c[frames - 1]!)
}

test('a literal is rounded as a signal is: halves away from zero', async () => {
  expect(await first('process = round(2.5), round(-2.5), (2.5 : mem : round);', 2)).toEqual([3, -3, 3])
})

test('the content of a table may use the sample rate', async () => {
  const source =
    'sr = fconstant(int fSamplingFreq, <math.h>); process = rdtable(4, sr / (+(1) ~ _), (+(1) ~ _) & 3);'
  expect(await first(source)).toEqual([22_050])
})

test('casts outside int32 saturate, and NaN is 0', async () => {
  const source =
    'x = (+(1) ~ _) * 1.0; process = int(x * 1e12), int(x * -1e12), int(log(0 - x)), int(x % 0.5);'
  expect(await first(source)).toEqual([2_147_483_647, -2_147_483_648, 0, 0])
})

test('int remainder by a zero signal is 0', async () => {
  expect(await first('z = (+(0) ~ _); process = 7 % z;')).toEqual([0])
})

test('prefix delayed once more', async () => {
  expect(await first("process = prefix(10, +(1) ~ _)';", 2)).toEqual([10])
})

test('an empty letrec is its expression', async () => {
  expect(await first('process = 3 letrec { };')).toEqual([3])
})
