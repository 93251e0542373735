/** `dspc FILE --explain-cost`, as text and as JSON. */
import { describe, expect, test } from 'vitest'
import { dspc, dspcHere, inFolder } from './support.ts'

const SYNTH = `shape(x) = sin(x) * exp(x) + cos(x * 3);
smooth = + ~ *(0.9);
process = smooth : shape;
`

describe('--explain-cost', () => {
  test('prints definitions, loops and reasons', async () => {
    await inFolder({ 'synth.dsp': SYNTH }, async cwd => {
      const { code, stdout, stderr } = await dspc(['synth.dsp', '--explain-cost', '--single'], { cwd })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^synth \(synth\.dsp\), single precision: about [\d.]+ ns a frame/)
      expect(stdout).toMatch(/^definition +ns +part +at once +what prevents more$/m)
      expect(stdout).toMatch(/^process\/shape +[\d.]+ +\d+ % +4$/m)
      expect(stdout).toMatch(/^process\/smooth +[\d.]+ +\d+ % +.*feedback/m)
      expect(stdout).toMatch(/^8 frames +[\d.]+ +\d+ +\d+ % +instructions +process\/shape/m)
    })
  })

  test('--json prints the same for machines', async () => {
    const { code, stdout } = await dspcHere(['--explain-cost', '--json', '-e', SYNTH])
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ precision: 'double', lanes: 2 })
    expect(report.definitions[0]).toMatchObject({ definition: 'process/shape' })
    expect(report.loops[0].nanoseconds).toBeGreaterThan(0)
  })

  test('errors of the program are diagnostics', async () => {
    const { code, stdout, stderr } = await dspcHere(['--explain-cost', '-e', 'process = nothing;'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('nothing')
  })

  test.each([
    [['x.dsp', '--json'], 'DSP0849', /--explain-cost/],
    [['x.dsp', '--explain-cost', '-o', 'a.wav'], 'DSP0825', /`--explain-cost` and `-o`/],
    [['x.dsp', '--explain-cost', '--emit=wat'], 'DSP0825', /`--explain-cost` and `--emit=wat`/],
    [['x.dsp', '--explain-cost', '--play'], 'DSP0825', /`--explain-cost` and `--play`/],
  ])('%j', async (args, code, text) => {
    const ran = await dspc(args)
    expect(ran.stderr).toContain(`error[${code}]`)
    expect(ran.stderr).toMatch(text)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
  })
})
