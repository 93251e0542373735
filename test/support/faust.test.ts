import { describe, expect, it } from 'vitest'
import { compileOfficially, runFaust } from './faust.ts'

describe('the official compiler as a reference', () => {
  it('runs a program', async () => {
    const run = await runFaust('process = + ~ *(0.5);', { frames: 4 })
    expect(run.ok && Array.from(run.outputs[0]!)).toEqual([1, 0.5, 0.25, 0.125])
  })

  it('sees files, controls and buttons', async () => {
    const source = 'import("a/b.lib"); process = k * hslider("s", 1, 0, 9, 1), button("b");'
    const run = await runFaust(source, {
      frames: 1,
      files: { 'a/b.lib': 'k = 7;' },
      controls: { '/process/s': 3 },
      buttons: 1,
    })
    expect(run.ok && run.outputs.map(channel => channel[0])).toEqual([21, 1])
  })

  it('gives messages, and works on after an error, a stack overflow and a hang', async () => {
    expect(await compileOfficially('process = x;')).toMatchObject({
      ok: false,
      message: expect.stringContaining('undefined symbol'),
    })
    expect(await compileOfficially('f(x) = f(x+1); process = f(1);')).toMatchObject({ ok: false })
    expect(await compileOfficially('process = par(i, 100000, sin(i));', { timeoutMs: 5 })).toMatchObject({
      ok: false,
    })
    expect(await compileOfficially('process = _;')).toMatchObject({ ok: true })
  })
})
