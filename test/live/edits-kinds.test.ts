/**
 * Kinds of state, one by one, across a swap: tables, waveforms, first values, gates, glides, controls, voices, other
 * sample rates and precisions; and values that would lead the new program astray.
 */
import { describe, expect, it } from 'vitest'
import { planMigration } from '../../src/runtime/migrate.ts'
import { compileLive, countsOf, expectSame, freshRun, namesOf, PRELUDE, swapRun } from './swap-run.ts'

describe('controls', () => {
  const gain = (range: string, more = '') =>
    `${PRELUDE} process = ${more} osc(440) * hslider("gain", ${range}, 0.01);`

  it('keep their values by address, moved into the new range', async () => {
    const options = { controls: { '/process/gain': 0.8 } }
    const wider = await swapRun(gain('0.1, 0, 1'), gain('0.2, 0, 2', '1 -'), options)
    expect(wider.instance.get('/process/gain')).toBe(0.8)
    const narrower = await swapRun(gain('0.1, 0, 1'), gain('0.2, 0, 0.5'), options)
    expect(narrower.instance.get('/process/gain')).toBe(0.5)
    const renamed = await swapRun(gain('0.1, 0, 1'), gain('0.2, 0, 1').replace('gain', 'level'), options)
    expect(renamed.instance.get('/process/level')).toBe(0.2)
  })

  it('may be in a program of another name', async () => {
    const named = (name: string) => `declare name "${name}"; ${gain('0.1, 0, 1')}`
    const run = await swapRun(named('old'), named('new'), { controls: { '/old/gain': 0.7 } })
    expect(run.instance.get('/new/gain')).toBe(0.7)
    expect(namesOf(run.migration.report.dropped)).toEqual([])
  })

  it('what glides after one never follows another', async () => {
    const smooth = (...labels: string[]) =>
      `import("stdfaust.lib"); process = ${labels.map(l => `(hslider("${l}", 0, 0, 1000, 1) : si.smoo)`).join(', ')};`
    const options = { controls: { '/process/freq': 900 } }
    const run = await swapRun(smooth('freq', 'gain'), smooth('gain', 'q'), options)
    // From its own start, and not from 900 down.
    expectSame(run.after[0]!, run.uninterrupted[1]!)
    expect(Math.max(...run.after[1]!)).toBe(0)
    const swapped = await swapRun(smooth('freq', 'gain'), smooth('gain', 'freq'), options)
    expectSame(swapped.after[1]!, swapped.uninterrupted[0]!)
  })
})

describe('tables', () => {
  /** Records the input into a table, and plays back what lies 100 samples ahead. */
  const looper = (size: number, gain: number) => `
    position = (+(1) : %(${size})) ~ _;
    process(x) = rwtable(${size}, 0.0, position, x, (position + 100) % ${size}) * ${gain};`
  const ramp = (_: number, frame: number) => (frame + 1) / 8192

  it('what was recorded stays', async () => {
    const run = await swapRun(looper(1000, 1), looper(1000, 0.5), { input: ramp })
    expectSame(
      run.after[0]!,
      run.uninterrupted[0]!.map(x => 0.5 * x),
    )
  })

  it('as much of a recording as fits stays', async () => {
    const source = (size: number) => `
      process(x) = rwtable(${size}, 0.0, 0, x, 0), rwtable(${size}, 0.0, int(x * 100), x, min(int(x * 0), ${size}));`
    const run = await swapRun(source(400), source(200), { input: ramp })
    expect(countsOf(run.migration)).toMatch(/dropped 0$/)
    const cell = run.migration.copies.find(copy => copy.to.kind === 'table')!
    expect(cell.to.bytes).toBeLessThan(cell.from.bytes)
  })

  it('tables of the program itself are those of the new program', async () => {
    const source = (k: number) => `process = rdtable(8, ${k} * ((+(1) ~ _) - 1), ((+(1) : %(8)) ~ _));`
    const run = await swapRun(source(1), source(10))
    const position = run.before[0]!.at(-1)!
    expect(run.after[0]!.slice(0, 3)).toEqual([1, 2, 3].map(i => 10 * ((position + i) % 8)))
  })

  it('a waveform goes on where it was', async () => {
    const source = (k: number) => `process = waveform { 1, 2, 3, 4, 5, ${k} } : !, _;`
    const run = await swapRun(source(6), source(60))
    const [now] = run.before[0]!.slice(-1) as [number]
    expect(run.after[0]!.slice(0, 6)).toEqual(
      [1, 2, 3, 4, 5, 6].map(i => [1, 2, 3, 4, 5, 60][(now + i - 1) % 6]),
    )
  })

  it('a shorter waveform is not read past its end', async () => {
    const source = (list: string) => `process = waveform { ${list} } : !, _;`
    const long = Array.from({ length: 5000 }, (_, i) => i).join(', ')
    const run = await swapRun(source(long), source('7, 8, 9'))
    expect(new Set(run.after[0])).toEqual(new Set([7, 8, 9]))
  })

  it.each([
    ['a counter', '(+(1) : %(SIZE)) ~ _', 50],
    ['a real phase', '((+(0.001) : \\(x).(x - floor(x))) ~ _) * SIZE : int', 50],
    ['the past of a counter', '((+(1) : %(SIZE)) ~ _) : mem', 50],
    ['an old past of a counter', '((+(1) : %(SIZE)) ~ _) : @(900)', 50],
  ])('%s as an index never leads outside', async (_, index, size) => {
    const source = (n: number) => `process = rdtable(${n}, 5, ${index.replaceAll('SIZE', String(n))});`
    const run = await swapRun(source(100_000), source(size))
    expect(new Set(run.after[0])).toEqual(new Set([5]))
  })
})

describe('other memory', () => {
  it('a first value is for the start only', async () => {
    const source = (gain: string) => `process = prefix(100, 1 : + ~ _) * ${gain};`
    const run = await swapRun(source('1'), source('2'))
    expect(run.after[0]![0]).toBe(2 * run.uninterrupted[0]![0]!)
  })

  it('what rests behind a gate goes on resting', async () => {
    const source = (gain: string) => `process = control((1 : + ~ _), checkbox("on") == 0) * ${gain};`
    const run = await swapRun(source('1'), source('3'))
    expect(run.after[0]![10]).toBe(3 * run.uninterrupted[0]![10]!)
  })

  it('what is not a number is left behind', async () => {
    const broken = `${PRELUDE} process = _ : + ~ *(hslider("g", 1, 0, 1e300, 1));`
    const fixed = `${PRELUDE} process = _ : + ~ *(min(0.5, hslider("g", 1, 0, 1e300, 1)));`
    const options = { input: () => 1, controls: { '/process/g': 1e300 } }
    const run = await swapRun(broken, fixed, options)
    expect(run.before[0]!.at(-1)).toBe(Infinity)
    expect(run.after[0]!.at(-1)).toBeCloseTo(2, 12)
  })

  it('voices go on, one by one', async () => {
    const source = `${PRELUDE} process = osc(hslider("freq", 110, 20, 2000, 1)) * button("gate");`
    const [four, six] = [
      await compileLive(source, {}, { voices: 4 }),
      await compileLive(source, {}, { voices: 6 }),
    ]
    const { report, copies } = planMigration(four.layout, six.layout)
    const states = (list: readonly { kind: string }[]) => list.filter(e => e.kind !== 'control').length
    expect([states(report.kept), states(report.fresh), states(report.dropped)]).toEqual([4, 2, 0])
    for (const { from, to } of copies) expect(to.id).toBe(from.id)
  })
})

describe('nodes of the library', () => {
  const hp = 'node("hp2", _, 300, 1)'
  const lp = 'node("lp2", _, 300, 1)'

  it('keep all that they remember when one more of them comes before', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) <: ${lp}, ${hp};`,
      `${PRELUDE} process = osc(440) <: (osc(110) : ${lp}), ${lp}, ${hp};`,
    )
    expectSame(run.after[1]!, run.uninterrupted[0]!)
    expectSame(run.after[2]!, run.uninterrupted[1]!)
    const [fresh] = await freshRun(`${PRELUDE} process = osc(110) : ${lp};`, 4096)
    expectSame(run.after[0]!, fresh!)
  })

  it('never take the state of another node', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) : ${hp};`,
      `${PRELUDE} process = osc(440) : ${lp};`,
    )
    expect(run.migration.report.kept.map(e => e.form)).toEqual(['phase'])
    const ownInput = await swapRun(`${PRELUDE} process = osc(440);`, `${PRELUDE} process = osc(440);`)
    const [fresh] = await freshRun(`process = ${lp};`, 4096, [ownInput.after[0]!])
    expectSame(run.after[0]!, fresh!)
  })

  it('go on with another number', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) : ${lp};`,
      `${PRELUDE} process = osc(440) : ${lp} : *(2);`,
    )
    expectSame(
      run.after[0]!,
      run.uninterrupted[0]!.map(x => 2 * x),
    )
    const tuned = await swapRun(
      `${PRELUDE} process = osc(440) : ${lp};`,
      `${PRELUDE} process = osc(440) : ${lp.replace('300', '400')};`,
    )
    expect(countsOf(tuned.migration)).toBe('kept 2 moved 0 resized 0 new 0 dropped 0')
  })
})

describe('another machine', () => {
  it('another sample rate: phases go on, echoes keep their time', async () => {
    const source = `import("stdfaust.lib");
      phase = (+(100 / ma.SR) : \\(x).(x - floor(x))) ~ _;
      process = phase <: _, (sin(2 * ma.PI * _) : @(int(ma.SR / 10)));`
    const run = await swapRun(source, source, { newRate: 44_100, at: 9600 })
    const last = run.before[0]!.at(-1)!
    const next = last + 100 / 44_100
    expect(run.after[0]![0]).toBeCloseTo(next - Math.floor(next), 12)
    // 0.1 s are ten periods: the delayed sine is the sine of the phase itself, before and after.
    for (let i = 0; i < 4000; i++) {
      const expected = Math.sin(2 * Math.PI * run.after[0]![i]!)
      expect(Math.abs(run.after[1]![i]! - expected)).toBeLessThan(2e-2)
    }
  })

  it('another precision: the same values, rounded', async () => {
    const source = `${PRELUDE} process = osc(440) <: lp(0.9), @(1000), phasor(3);`
    const run = await swapRun(source, source, { newPrecision: 'single' })
    expect(run.migration.report.fresh).toEqual([])
    run.after[1]!.slice(0, 1000).forEach((value, i) => {
      expect(value).toBe(Math.fround(run.uninterrupted[1]![i]!))
    })
    run.after[0]!.slice(0, 100).forEach((value, i) => {
      expect(value).toBeCloseTo(run.uninterrupted[0]![i]!, 3)
    })
  })

  it('nothing is left of a program that has nothing in common', async () => {
    const run = await swapRun(
      `${PRELUDE} process = noise : lp(0.9) : @(100);`,
      `${PRELUDE} process = phasor(3);`,
    )
    const [fresh] = await freshRun(`${PRELUDE} process = phasor(3);`, 4096)
    expectSame(run.after[0]!, fresh!)
  })
})
